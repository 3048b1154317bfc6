namespace Spindle.Simulation.Network;

/// <summary>What a link is.</summary>
internal enum LinkKind
{
    /// <summary>The machine's own.</summary>
    Loopback,

    /// <summary>An Ethernet adapter with a plug: netlink tells no kind of it.</summary>
    Ethernet,

    /// <summary>One end of a pair.</summary>
    Veth,

    /// <summary>A switch in software.</summary>
    Bridge,

    /// <summary>Takes every frame and loses it.</summary>
    Dummy,

    /// <summary>The tagged frames of another link.</summary>
    Vlan,

    /// <summary>A program is at the other end: frames.</summary>
    Tap,

    /// <summary>A program is at the other end: packets.</summary>
    Tun,
}
