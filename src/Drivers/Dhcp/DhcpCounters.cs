using System;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Dhcp;

/// <summary>What became of the messages of a <see cref="DhcpTransport"/> before any client saw them, and of those sent.</summary>
public sealed class DhcpCounters
{
    private readonly long[] datagramErrors = new long[Enum.GetValues<UdpDatagramError>().Length];
    private readonly long[] parseErrors = new long[Enum.GetValues<DhcpParseError>().Length];

    /// <summary>Answers that came in by another link of the same network.</summary>
    public long CameElsewhere { get; internal set; }

    /// <summary>Messages that a client was given.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Messages sent as frames.</summary>
    public long SentAsFrames { get; internal set; }

    /// <summary>Messages sent by way of the kernel's routes.</summary>
    public long SentAsDatagrams { get; internal set; }

    /// <summary>Messages that the kernel would not send.</summary>
    public long SendErrors { get; internal set; }

    /// <summary>Packets dropped for this reason.</summary>
    public long CountOf(UdpDatagramError error) => datagramErrors[(int)error];

    /// <summary>Payloads dropped for this reason.</summary>
    public long CountOf(DhcpParseError error) => parseErrors[(int)error];

    internal void Count(UdpDatagramError error) => datagramErrors[(int)error]++;

    internal void Count(DhcpParseError error) => parseErrors[(int)error]++;
}
