namespace Spindle.Simulation.Network.Packets;

/// <summary>Whom a frame is for (<c>sll_pkttype</c>, <c>man 7 packet</c>).</summary>
internal enum PacketKind : byte
{
    /// <summary>This station.</summary>
    Host = 0,

    /// <summary>All.</summary>
    Broadcast = 1,

    /// <summary>A group.</summary>
    Multicast = 2,

    /// <summary>Another station.</summary>
    OtherHost = 3,

    /// <summary>Sent by this machine.</summary>
    Outgoing = 4,
}
