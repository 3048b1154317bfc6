namespace Spindle.Simulation.Network;

/// <summary>What a link of a kind is born with.</summary>
internal static class LinkDefaults
{
    private const LinkFlags Ordinary = LinkFlags.Broadcast | LinkFlags.Multicast;

    public static LinkFlags Flags(LinkKind kind) => kind switch
    {
        LinkKind.Loopback => LinkFlags.Loopback,
        LinkKind.Dummy => LinkFlags.Broadcast | LinkFlags.NoArp,
        LinkKind.Tun => LinkFlags.NoArp | LinkFlags.Multicast | PointToPoint,
        LinkKind.Ethernet or LinkKind.Veth or LinkKind.Bridge or LinkKind.Vlan or LinkKind.Tap => Ordinary,
    };

    public static uint Mtu(LinkKind kind) => kind == LinkKind.Loopback ? 65536u : 1500u;

    public static uint MtuMax(LinkKind kind) => kind == LinkKind.Loopback ? uint.MaxValue : 65535u;

    /// <summary>The <c>IFLA_INFO_KIND</c>; empty for none.</summary>
    public static string Text(LinkKind kind) => kind switch
    {
        LinkKind.Loopback or LinkKind.Ethernet => "",
        LinkKind.Veth => "veth",
        LinkKind.Bridge => "bridge",
        LinkKind.Dummy => "dummy",
        LinkKind.Vlan => "vlan",
        LinkKind.Tap or LinkKind.Tun => "tun",
    };

    // IFF_POINTOPOINT
    private const LinkFlags PointToPoint = (LinkFlags)0x10;
}
