namespace Spindle.Protocols.Rtnetlink;

/// <summary>How the kernel makes IPv6 addresses of its own on a link (<c>IN6_ADDR_GEN_MODE_*</c>).</summary>
public enum AddressGenerationMode : byte
{
    /// <summary>From the hardware address (RFC 4291, appendix A).</summary>
    Eui64 = 0,

    /// <summary>None, not even a link-local one.</summary>
    None = 1,

    /// <summary>Stable and opaque, with the secret that was set (RFC 7217).</summary>
    StablePrivacy = 2,

    /// <summary>Stable and opaque, with a random secret.</summary>
    Random = 3,
}
