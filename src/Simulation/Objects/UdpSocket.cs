using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Objects;

/// <summary>A UDP socket (<c>man 7 udp</c>). On the loopback a datagram is delivered before the send returns, and its memory is the
/// receiver's by then: so the sender is told of space each time.</summary>
internal sealed class UdpSocket(SimulatedMachine machine, AddressFamily family = AddressFamily.Inet)
    : DatagramSocket(machine, family, SocketType.Datagram)
{
    public override int Protocol => IpProtocol.Udp;

    /// <summary>UDP knows nothing urgent: this takes the next datagram's first octet.</summary>
    public override Result ReceiveUrgent() => Read(stackalloc byte[1]);

    protected override byte ProtocolNumber => IpProtocol.Udp;

    protected override int DataMax => ushort.MaxValue - UdpPorts.HeaderSize - (IsV6 ? 0 : Ipv4Header.Size);

    /// <summary>A datagram for this socket.</summary>
    /// <param name="packet">With the UDP header.</param>
    /// <param name="sourcePort">From which port.</param>
    /// <param name="isBad">Its checksum is wrong: found out when somebody looks at its octets, which a filter does.</param>
    public void Deliver(IpPacket packet, ushort sourcePort, bool isBad)
    {
        if (Filter is not null && isBad)
        {
            Machine.Internet.Counters.UdpErrors++;
            return;
        }

        if (PassesFilter(packet))
        {
            ReadOnlyMemory<byte> data = packet.Payload[UdpPorts.HeaderSize..];
            Enqueue(new ReceivedDatagram(packet, data, UnixMemory.OfDatagram(data.Length)) { SourcePort = sourcePort, IsBad = isBad });
        }
    }

    protected override Result TakePort(IpAddress local, ushort port) => Machine.Internet.Udp.Take(this, local, port);

    protected override void LeavePort()
    {
        if (Port != 0)
        {
            Machine.Internet.Udp.Leave(this);
            Port = 0;
        }
    }

    protected override ReadOnlyMemory<byte> Compose(IpAddress source, IpAddress destination, ushort port, ReadOnlySpan<byte> data) =>
        UdpPorts.Write(source, destination, Port, port, data);

    protected override void Release()
    {
        LeavePort();
        Internet.LeaveAll(Machine.Internet.Groups);
    }
}
