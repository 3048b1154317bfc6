namespace Spindle.Simulation.Network;

/// <summary>How a link gets its IPv6 link-local address (<c>IN6_ADDR_GEN_MODE_*</c>).</summary>
internal static class GenerationModes
{
    public const byte Eui64 = 0;
    public const byte None = 1;
    public const byte StablePrivacy = 2;
    public const byte Random = 3;
}
