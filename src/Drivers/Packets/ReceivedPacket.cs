using System;
using Spindle.Basics;

namespace Spindle.Drivers.Packets;

/// <summary>A packet as a <see cref="PacketSocket"/> received it. Its octets are valid during the callback.</summary>
public readonly ref struct ReceivedPacket
{
    /// <summary>From the network header on.</summary>
    public ReadOnlySpan<byte> Octets { get; init; }

    /// <summary>Who sent the frame; zero if the link has other addresses than Ethernet's.</summary>
    public MacAddress Source { get; init; }

    /// <summary>The link it came by.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>The transport checksum is not there yet: the packet never left the machine
    /// (TP_STATUS_CSUMNOTREADY).</summary>
    public bool IsChecksumUnfilled { get; init; }
}

/// <summary>Called with each packet of a listener's link.</summary>
public delegate void PacketHandler(scoped in ReceivedPacket packet);
