using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Dhcp;

/// <summary>How the DHCP clients of all links send and receive: one packet socket, and one UDP socket.</summary>
/// <remarks>
/// All replies come in by the packet socket, which also sends what a link without an address must send. The UDP socket
/// sends to a server by way of the kernel's routes and neighbours (<c>IP_PKTINFO</c> names link and source); it also
/// owns port 68, so that the kernel does not tell servers that the port is unreachable. What it receives, its filter drops.
/// </remarks>
public sealed class DhcpTransport : IDisposable
{
    private const ushort ClientPort = 68;
    private const ushort ServerPort = 67;
    private const ushort EtherType = 0x0800;
    private const int SocketLevel = 1;
    private const int ReuseAddressOption = 2;
    private const int IpPacketInfo = 8;
    private const int ControlHeaderSize = 16;
    private const int ControlSize = 32; // The header, and in_pktinfo with 12 octets, rounded up to 8.

    private readonly EventLoop loop;
    private readonly PacketSocket packets;
    private readonly List<DhcpDriver> drivers = [];
    private readonly byte[] buffer = new byte[2048];
    private int fd = -1;

    /// <summary>A transport whose sockets are not open yet.</summary>
    public DhcpTransport(EventLoop loop)
    {
        this.loop = loop;
        packets = new(loop, EtherType, static _ => PacketFilters.DhcpReplies) { Overhears = Overhear };
    }

    /// <summary>What became of the messages.</summary>
    public DhcpCounters Counters { get; } = new();

    /// <summary>What became of the packets.</summary>
    public PacketCounters PacketCounters => packets.Counters;

    internal EventLoop Loop => loop;

    /// <summary>Opens both sockets if they are not: at the start of a program, where a failure can still be said.</summary>
    public Result Open()
    {
        Result result = packets.Open();
        return result.IsOk ? OpenDatagrams() : result;
    }

    /// <summary>Closes both sockets; it takes about 15 ms. For the end of a program.</summary>
    public void Dispose()
    {
        packets.Dispose();
        if (fd >= 0)
        {
            loop.Kernel.Close(fd);
            fd = -1;
        }
    }

    internal PacketListener Add(DhcpDriver driver, PacketHandler handler)
    {
        drivers.Add(driver);
        return packets.AddListener(driver.InterfaceIndex, handler);
    }

    internal void Remove(DhcpDriver driver) => drivers.Remove(driver);

    internal Result SendBroadcast(PacketListener link, DhcpMessage message) =>
        SendFrame(link, message, IpAddress.AnyV4, IpAddress.BroadcastV4, MacAddress.Broadcast);

    internal Result SendUnicast(PacketListener link, in DhcpOutput output)
    {
        bool isFramePossible = !output.DestinationHardwareAddress.IsZero;
        if (!(output.IsLast && isFramePossible))
        {
            Result result = SendDatagram(link.InterfaceIndex, output.Message!, output.Source, output.Destination);
            if (result.IsOk || !isFramePossible)
            {
                return result;
            }
        }

        return SendFrame(
            link, output.Message!, output.Source, output.Destination, output.DestinationHardwareAddress);
    }

    private Result SendFrame(
        PacketListener link, DhcpMessage message, IpAddress source, IpAddress destination, MacAddress hardwareAddress)
    {
        Span<byte> datagram = Room(UdpDatagram.HeadersSize + message.Size);
        message.Write(datagram[UdpDatagram.HeadersSize..]);
        UdpDatagram.WriteHeaders(datagram, source, destination, ClientPort, ServerPort);
        Result result = link.Send(hardwareAddress, datagram);
        Counters.SentAsFrames += result.IsOk ? 1 : 0;
        Counters.SendErrors += result.IsOk ? 0 : 1;
        return result;
    }

    private Result SendDatagram(int interfaceIndex, DhcpMessage message, IpAddress source, IpAddress destination)
    {
        Result result = OpenDatagrams();
        if (result.IsOk)
        {
            // struct cmsghdr, struct in_pktinfo: link, source, and a field that is not used here.
            Span<byte> control = stackalloc byte[ControlSize];
            control.Clear();
            MemoryMarshal.Write(control, (long)(ControlHeaderSize + 12));
            MemoryMarshal.Write(control[12..], IpPacketInfo);
            MemoryMarshal.Write(control[16..], interfaceIndex);
            source.Write(control[20..]);
            Span<byte> octets = Room(message.Size);
            message.Write(octets);
            result = loop.Kernel.SendMessage(
                fd, octets, control, 0, SocketAddress.Inet(destination, ServerPort));
        }

        Counters.SentAsDatagrams += result.IsOk ? 1 : 0;
        Counters.SendErrors += result.IsOk ? 0 : 1;
        return result;
    }

    // Of two links in one network each answers ARP for both addresses (arp_ignore 0, the kernel's default), and a server then sends what is
    // for one of them to the other.
    private void Overhear(scoped in ReceivedPacket received)
    {
        if (drivers.Count < 2
            || !UdpDatagram.TryParse(received.Octets, received.IsChecksumUnfilled, out UdpDatagram datagram, out _)
            || !DhcpPacket.TryParse(datagram.Payload, out DhcpPacket packet, out _))
        {
            return;
        }

        foreach (DhcpDriver driver in drivers)
        {
            if (driver.InterfaceIndex != received.InterfaceIndex && driver.TakesFromElsewhere(packet))
            {
                Counters.CameElsewhere++;
                driver.TakeFromElsewhere(packet, received.Source);
                return; // What comes of it may be another driver.
            }
        }
    }

    private Result OpenDatagrams()
    {
        if (fd >= 0)
        {
            return Result.Ok();
        }

        Kernel kernel = loop.Kernel;
        Result opened = kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result result = kernel.SetSocketOption(opened.Int, SocketLevel, ReuseAddressOption, 1);
        result = result.IsOk ? kernel.AttachFilter(opened.Int, [.. PacketFilters.DropAll]) : result;
        result = result.IsOk ? kernel.Bind(opened.Int, SocketAddress.Inet(IpAddress.AnyV4, ClientPort)) : result;
        if (result.IsOk)
        {
            fd = opened.Int;
        }
        else
        {
            kernel.Close(opened.Int);
        }

        return result;
    }

    /// <summary>Room for a message: ours have some 400 octets, with every text at its longest below 1,400.</summary>
    private Span<byte> Room(int size) => buffer.AsSpan(0, size);
}
