namespace Spindle.Protocols.Rtnetlink;

/// <summary>Who made a route (<c>RTPROT_*</c>, <c>/etc/iproute2/rt_protos</c>).</summary>
public static class RouteProtocols
{
    /// <summary>The kernel, for an address.</summary>
    public const byte Kernel = 2;

    /// <summary>Somebody with <c>ip route</c>.</summary>
    public const byte Boot = 3;

    /// <summary>An administrator.</summary>
    public const byte Static = 4;

    /// <summary>The kernel, from a router advertisement.</summary>
    public const byte RouterAdvertisement = 9;

    /// <summary>A DHCP client.</summary>
    public const byte Dhcp = 16;
}
