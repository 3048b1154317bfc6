using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Network.Packets.Checking;

namespace Spindle.Simulation.Network.Routers.Checking;

/// <summary>A router advertisement by hand (RFC 4861, section 4.2), right or wrong.</summary>
internal sealed record RouterAdvertisement(IpAddress Router, MacAddress Station)
{
    private const byte Type = 134;
    private const int FixedSize = 12; // behind type, code and checksum

    private static readonly IpAddress AllNodes = IpAddress.Parse("ff02::1");
    private static readonly MacAddress AllNodesMac = MacAddress.Read([0x33, 0x33, 0, 0, 0, 1]);

    /// <summary>The packet's hop limit: nobody believes another than 255.</summary>
    public byte Hops { get; init; } = 255;

    public byte Code { get; init; }

    /// <summary>Added to the checksum.</summary>
    public ushort ChecksumError { get; init; }

    /// <summary>The hop limit that hosts are to use; 0 says nothing.</summary>
    public byte HopLimit { get; init; }

    /// <summary>Managed, other, and two bits of preference (RFC 4191, section 2.2).</summary>
    public byte Flags { get; init; }

    public ushort LifetimeSeconds { get; init; }

    public uint ReachableMilliseconds { get; init; }

    public uint RetransMilliseconds { get; init; }

    public IReadOnlyList<AdvertisedOption> Options { get; init; } = [];

    /// <summary>How many octets are missing at its end.</summary>
    public int Missing { get; init; }

    /// <summary>The frame that brings it.</summary>
    public byte[] ToFrame()
    {
        Span<byte> start = stackalloc byte[FixedSize];
        start[0] = HopLimit;
        start[1] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(start[2..], LifetimeSeconds);
        BinaryPrimitives.WriteUInt32BigEndian(start[4..], ReachableMilliseconds);
        BinaryPrimitives.WriteUInt32BigEndian(start[8..], RetransMilliseconds);
        List<byte> body = [.. start];
        foreach (AdvertisedOption option in Options)
        {
            body.AddRange(option.Octets);
        }

        byte[] message = FrameForge.IcmpV6(Router, AllNodes, Type, Code, body.ToArray().AsSpan(..^Math.Min(Missing, body.Count)), ChecksumError);
        byte[] packet = FrameForge.Ip(Router, AllNodes, IpProtocol.IcmpV6, message, hops: Hops);
        return FrameForge.Ethernet(AllNodesMac, Station, LinkHeader.Ipv6, packet);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"advertisement {Router} lifetime {LifetimeSeconds} flags {Flags:x} hops {HopLimit} reachable {ReachableMilliseconds} retrans {RetransMilliseconds}")
        + (Hops == 255 ? "" : $" by {Hops}") + (Code == 0 ? "" : $" code {Code}") + (ChecksumError == 0 ? "" : " checksum")
        + (Missing == 0 ? "" : $" cut {Missing}") + (Options.Count == 0 ? "" : " [" + string.Join("; ", Options) + "]");
}
