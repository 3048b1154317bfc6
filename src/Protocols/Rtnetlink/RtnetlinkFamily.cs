using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Address families as messages number them.</summary>
internal static class RtnetlinkFamily
{
    private const byte Inet = 2;
    private const byte Inet6 = 10;

    /// <summary>AF_INET or AF_INET6.</summary>
    public static byte Number(IpFamily family) => family == IpFamily.V4 ? Inet : Inet6;

    /// <summary>Bits of an address.</summary>
    public static int Bits(IpFamily family) => family == IpFamily.V4 ? 32 : 128;

    /// <summary>The family with this number; false for all others (bridge, MPLS, multicast routing).</summary>
    public static bool TryFrom(byte number, out IpFamily family)
    {
        family = number == Inet6 ? IpFamily.V6 : IpFamily.V4;
        return number is Inet or Inet6;
    }
}
