using System;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>An IPv4 or IPv6 packet as a value: whole, never a fragment.</summary>
/// <param name="Source">From whom.</param>
/// <param name="Destination">For whom.</param>
/// <param name="Protocol">What is in it; of IPv6 behind all extension headers.</param>
/// <param name="Payload">What is behind the header.</param>
internal sealed record IpPacket(IpAddress Source, IpAddress Destination, byte Protocol, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The hop limit of what has no reason for another (RFC 1700).</summary>
    public const byte HopLimitDefault = 64;

    /// <summary>The link that it came in by; the loopback for the machine's own.</summary>
    public SimulatedLink? Link { get; init; }

    /// <summary>It is the machine's own: whichever link has its address, the device was the loopback.</summary>
    public bool CameByLoopback { get; init; }

    /// <summary>Time to live.</summary>
    public byte HopLimit { get; init; } = HopLimitDefault;

    /// <summary>Type of service.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>IPv4: if it need not be cut here, routers may not cut it either.</summary>
    public bool PrefersWhole { get; init; }

    /// <summary>It may not be cut, here neither.</summary>
    public bool DontFragment { get; init; }

    /// <summary>One for a group or for all comes to the machine's own sockets too.</summary>
    public bool LoopsBack { get; init; } = true;

    /// <summary>Told once for each frame that has left the machine's memory; null: nobody minds.</summary>
    public Action? Freed { get; init; }

    /// <summary>The destination is more than one station.</summary>
    public bool IsForMany { get; init; }

    /// <summary>The frame was for more stations than this one, whomever the packet was for: no error is ever told about it.</summary>
    public bool CameToMany { get; init; }

    /// <summary>All of it as it came, for error messages to quote.</summary>
    public ReadOnlyMemory<byte> Original { get; init; }

    public bool IsV4 => Destination.IsV4;

    public ReadOnlySpan<byte> Octets => Payload.Span;
}
