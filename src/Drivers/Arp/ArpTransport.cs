using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>How the ARP machines of all links send and receive: one packet socket.</summary>
public sealed class ArpTransport : IDisposable
{
    private const ushort EtherType = 0x0806;

    private readonly PacketSocket packets;
    private readonly Dictionary<MacAddress, int> ours = [];
    private readonly long[] parseErrors = new long[Enum.GetValues<ArpParseError>().Length];

    /// <summary>A transport whose socket is not open yet.</summary>
    public ArpTransport(EventLoop loop)
    {
        Loop = loop;
        packets = new(loop, EtherType, BuildFilter);
    }

    /// <summary>What became of the packets.</summary>
    public PacketCounters PacketCounters => packets.Counters;

    /// <summary>Packets that came from another link of this machine; no conflict (RFC 5227, section 2.1.1).</summary>
    public long OwnPackets { get; private set; }

    internal EventLoop Loop { get; }

    /// <summary>Packets dropped for this reason.</summary>
    public long CountOf(ArpParseError error) => parseErrors[(int)error];

    /// <summary>Opens the socket if it is not.</summary>
    public Result Open() => packets.Open();

    /// <summary>Closes the socket; it takes about 15 ms. For the end of a program.</summary>
    public void Dispose() => packets.Dispose();

    internal PacketListener AddListener(int interfaceIndex, MacAddress hardwareAddress, PacketHandler handler)
    {
        ours[hardwareAddress] = ours.GetValueOrDefault(hardwareAddress) + 1;
        return packets.AddListener(interfaceIndex, handler);
    }

    internal void RemoveListener(PacketListener listener, MacAddress hardwareAddress)
    {
        listener.Remove();
        if (--ours[hardwareAddress] == 0)
        {
            ours.Remove(hardwareAddress);
        }
    }

    internal bool TryRead(scoped in ReceivedPacket received, out ArpPacket packet)
    {
        if (!ArpPacket.TryRead(received.Octets, out packet, out ArpParseError error))
        {
            parseErrors[(int)error]++;
            return false;
        }

        if (ours.ContainsKey(packet.SenderHardwareAddress))
        {
            OwnPackets++;
            return false;
        }

        return true;
    }

    internal static Result Send(PacketListener listener, in ArpPacket packet)
    {
        Span<byte> octets = stackalloc byte[ArpPacket.Size];
        packet.Write(octets);
        return listener.Send(MacAddress.Broadcast, octets);
    }

    private static IReadOnlyList<BpfInstruction> BuildFilter(IReadOnlyList<PacketListener> listening)
    {
        uint[] addresses = new uint[listening.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = listening[i].Subject.ToV4();
        }

        return PacketFilters.ArpAbout(addresses);
    }
}
