using System;
using System.Linq;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Network.Packets;
using Xunit;

namespace Spindle.Simulation.Tests.Network;

/// <summary>Datagrams between two machines: resolution, errors, fragments, many at once.</summary>
public sealed class UdpTests
{
    private const int Error = 8;
    private readonly NetworkPair pair = new();

    private NetworkPair.Host First => pair.First;

    private NetworkPair.Host Second => pair.Second;

    [Theory]
    [InlineData(IpFamily.V4)]
    [InlineData(IpFamily.V6)]
    public void A_datagram_waits_for_its_neighbour_and_the_answer_needs_no_question(IpFamily family)
    {
        int here = First.Udp(1000, family);
        int there = Second.Udp(2000, family);
        Assert.Equal(2, First.SendTo(here, AddressOf(Second, family), 2000, 1, 2).Int);
        Assert.Null(Second.Receive(there));
        pair.Pass(TimeSpan.FromMilliseconds(1));

        byte[] data = new byte[10];
        Result received = Second.Kernel.ReceiveFrom(there, data, 0, out SocketAddress sender);
        Assert.Equal(2, received.Int);
        Assert.Equal([1, 2], data[..2]);
        Assert.True(sender.TryGetInet(out IpAddress from, out ushort port, out _));
        Assert.Equal((AddressOf(First, family), (ushort)1000), (from, port));

        int asked = pair.Line.Frames.Count;
        Second.Kernel.SendTo(there, [3], 0, sender);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal([3], First.Receive(here));
        Assert.Equal(asked, pair.Line.Frames.Count);
    }

    [Theory]
    [InlineData(false, "0.0.0.0", Errno.EADDRINUSE)]
    [InlineData(false, "192.0.2.1", Errno.None)]
    [InlineData(true, "0.0.0.0", Errno.None)]
    public void A_socket_that_was_bound_to_all_and_connected_stands_in_the_way_of_IPv4s_all(bool isOwn, string wanted, Errno expected)
    {
        int six = First.Kernel.Socket(AddressFamily.Inet6, SocketType.Datagram, 0).Int;
        Assert.True(First.Kernel.Bind(six, SocketAddress.Inet(isOwn ? IpAddress.Parse("fd00::1") : IpAddress.AnyV6, 1000)).IsOk);
        Assert.True(First.Kernel.Connect(six, SocketAddress.Inet(IpAddress.Parse("fd00::2"), 9)).IsOk);
        int four = First.Kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0).Int;
        Assert.Equal(expected, First.Kernel.Bind(four, SocketAddress.Inet(IpAddress.Parse(wanted), 1000)).Error);
    }

    [Fact]
    public void What_was_peeked_at_has_lost_its_length()
    {
        const int PacketLevel = 263;
        const int AuxiliaryData = 8;
        int packets = First.Kernel.Socket(AddressFamily.Packet, SocketType.Raw, 0).Int;
        First.Kernel.SetSocketOption(packets, PacketLevel, AuxiliaryData, 1);
        First.Kernel.Bind(packets, SocketAddress.Packet(PacketTaps.AllProtocols, First.Link.Index));
        First.SendTo(First.Udp(1000), IpAddress.Parse("192.0.2.77"), 9, 1);
        Assert.Equal(42, LengthTold(packets, peeks: true));
        Assert.Equal(0x0608_0011, LengthTold(packets, peeks: false)); // the protocol and the family of its address
    }

    private int LengthTold(int packets, bool peeks)
    {
        const int Peek = 2;
        const int LengthPlace = 16 + 4;
        byte[] control = new byte[64];
        int flags = peeks ? Peek : 0;
        Assert.True(First.Kernel.ReceiveMessage(packets, new byte[100], control, ref flags, out _, out _).IsOk);
        return MemoryMarshal.Read<int>(control.AsSpan(LengthPlace));
    }

    [Fact]
    public void A_connected_socket_is_told_that_nobody_listens_and_another_is_not()
    {
        int connected = First.Udp(0);
        int free = First.Udp(0);
        First.Kernel.Connect(connected, SocketAddress.Inet(Second.V4, 7));
        First.Kernel.Send(connected, [1]);
        First.SendTo(free, Second.V4, 7, 1);
        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Error, First.Mask(connected) & Error);
        Assert.Equal(0, First.Mask(free) & Error);
        Assert.True(First.Kernel.Receive(connected, new byte[1]).Is(Errno.ECONNREFUSED));
        Assert.Equal(0, First.Mask(connected) & Error);
    }

    [Fact]
    public void A_neighbour_that_is_not_there_is_asked_three_times()
    {
        int fd = First.Udp(0);
        First.SendTo(fd, IpAddress.FromV4(192, 0, 2, 77), 7, 1);
        pair.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(3, pair.Line.Frames.Count(frame => frame[12] == 8 && frame[13] == 6));
        Assert.Equal(NeighborState.Failed, First.Internet.Neighbors(First.Link, IpFamily.V4).Find(IpAddress.FromV4(192, 0, 2, 77))!.State);
    }

    [Fact]
    public void A_link_that_loses_its_last_address_forgets_its_neighbours()
    {
        int fd = First.Udp(0);
        First.SendTo(fd, Second.V4, 7, 1);
        pair.Pass(TimeSpan.FromSeconds(60));
        First.SendTo(fd, Second.V4, 7, 1); // stale: it will be asked directly in five seconds
        int asked = pair.Line.Frames.Count(IsOfVersion4);
        First.Internet.Network.Addresses4.Remove(First.Link.Addresses4[0]);
        pair.Pass(TimeSpan.FromSeconds(60));
        Assert.Null(First.Internet.Neighbors(First.Link, IpFamily.V4).Find(Second.V4));
        Assert.Equal(asked, pair.Line.Frames.Count(IsOfVersion4)); // both go on asking for IPv6 routers
    }

    [Fact]
    public void A_broadcast_needs_leave_and_reaches_all_that_listen()
    {
        int here = First.Udp(1000);
        int there = Second.Udp(2000);
        Assert.True(First.SendTo(here, IpAddress.FromV4(192, 0, 2, 255), 2000, 1).Is(Errno.EACCES));
        First.Kernel.SetSocketOption(here, 1, 6, 1);
        Assert.True(First.SendTo(here, IpAddress.FromV4(192, 0, 2, 255), 2000, 1).IsOk);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal([1], Second.Receive(there));
    }

    [Fact]
    public void What_is_longer_than_a_frame_comes_in_pieces_and_arrives_whole()
    {
        foreach (IpFamily family in (IpFamily[])[IpFamily.V4, IpFamily.V6])
        {
            int here = First.Udp(1000, family);
            int there = Second.Udp(2000, family);
            byte[] data = [.. Enumerable.Range(0, 9000).Select(index => (byte)(index * 7))];
            Assert.Equal(9000, First.SendTo(here, AddressOf(Second, family), 2000, data).Int);
            pair.Pass(TimeSpan.FromMilliseconds(1));
            Assert.Equal(data, Second.Receive(there));
            First.Kernel.Close(here);
            Second.Kernel.Close(there);
        }

        Assert.Equal(2, Second.Internet.Counters.PacketsReassembled);
    }

    [Fact]
    public void A_lost_piece_costs_the_whole()
    {
        int here = First.Udp(1000);
        int there = Second.Udp(2000);
        First.SendTo(here, Second.V4, 2000, 0);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Second.Receive(there);
        pair.Segment.Weather = new Weather { LossPerMillion = 500_000 };
        First.SendTo(here, Second.V4, 2000, new byte[30_000]);
        pair.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(Second.Receive(there));
        Assert.True(Second.Internet.Counters.FragmentsDropped > 0);
    }

    [Fact]
    public void A_flipped_bit_never_reaches_the_reader()
    {
        int here = First.Udp(1000);
        int there = Second.Udp(2000);
        First.SendTo(here, Second.V4, 2000, 0);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal([0], Second.Receive(there));
        pair.Segment.Weather = new Weather { CorruptionPerMillion = 1_000_000 };
        for (int count = 0; count < 300; count++)
        {
            First.SendTo(here, Second.V4, 2000, 1, 2, 3, 4);
        }

        pair.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(Second.Receive(there));
        Assert.True(Second.Internet.Counters.UdpErrors + Second.Internet.Counters.HeaderErrors > 250);
    }

    [Fact]
    public void A_group_is_heard_once_it_was_joined()
    {
        IpAddress group = IpAddress.FromV4(239, 1, 2, 3);
        int here = First.Udp(1000);
        int there = Second.Udp(2000);
        byte[] request = new byte[12];
        group.Write(request);
        MemoryMarshal.Write(request.AsSpan(8), Second.Link.Index);
        byte[] own = new byte[12];
        MemoryMarshal.Write(own.AsSpan(8), First.Link.Index);
        Assert.True(First.Kernel.SetSocketOption(here, 0, 32, own).IsOk);
        Assert.Equal(Errno.None, First.SendTo(here, group, 2000, 1).Error);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Null(Second.Receive(there));

        Assert.True(Second.Kernel.SetSocketOption(there, 0, 35, request).IsOk);
        Assert.True(Second.Kernel.SetSocketOption(there, 0, 35, request).Is(Errno.EADDRINUSE));
        First.SendTo(here, group, 2000, 2);
        pair.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal([2], Second.Receive(there));
    }

    [Fact]
    public void The_receiver_is_told_link_and_destination_and_the_sender_may_say_both()
    {
        int here = First.Udp(1000);
        int there = Second.Udp(2000);
        Second.Kernel.SetSocketOption(there, 0, 8, 1);
        byte[] control = new byte[32];
        MemoryMarshal.Write(control, 28L);
        MemoryMarshal.Write(control.AsSpan(12), 8);
        MemoryMarshal.Write(control.AsSpan(16), First.Link.Index);
        First.V4.Write(control.AsSpan(20));
        Assert.Equal(1, First.Kernel.SendMessage(here, [9], control, 0, SocketAddress.Inet(Second.V4, 2000)).Int);
        MemoryMarshal.Write(control.AsSpan(16), 77);
        Assert.True(First.Kernel.SendMessage(here, [9], control, 0, SocketAddress.Inet(Second.V4, 2000)).Is(Errno.ENODEV));
        pair.Pass(TimeSpan.FromMilliseconds(1));

        int flags = 0;
        byte[] told = new byte[64];
        Assert.Equal(1, Second.Kernel.ReceiveMessage(there, new byte[4], told, ref flags, out _, out int length).Int);
        Assert.Equal(32, length);
        Assert.Equal(Second.Link.Index, MemoryMarshal.Read<int>(told.AsSpan(16)));
        Assert.Equal([192, 0, 2, 2], told[24..28]);
    }

    [Fact]
    public void Ports_and_addresses_are_refused_as_they_should_be()
    {
        SimulatedKernel kernel = First.Kernel;
        int first = First.Udp(1000);
        int second = kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0).Int;
        Assert.True(kernel.Bind(second, SocketAddress.Inet(First.V4, 1000)).Is(Errno.EADDRINUSE));
        Assert.True(kernel.Bind(second, SocketAddress.Inet(Second.V4, 1001)).Is(Errno.EADDRNOTAVAIL));
        Assert.True(kernel.Bind(first, SocketAddress.Inet(IpAddress.AnyV4, 1002)).Is(Errno.EINVAL));
        Assert.True(kernel.SendTo(second, [1], 0, SocketAddress.Inet(IpAddress.FromV4(203, 0, 113, 1), 9)).Is(Errno.ENETUNREACH));
        Assert.True(kernel.Send(second, [1]).Is(Errno.EDESTADDRREQ));
        Assert.True(kernel.SendTo(second, new byte[65508], 0, SocketAddress.Inet(Second.V4, 9)).Is(Errno.EMSGSIZE));
        Assert.True(kernel.Bind(second, SocketAddress.Inet(First.V4, 1003)).Is(Errno.EINVAL)); // its sends have given it a port
        int third = kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0).Int;
        kernel.SetSocketOption(first, 1, 2, 1);
        kernel.SetSocketOption(third, 1, 2, 1);
        Assert.True(kernel.Bind(third, SocketAddress.Inet(First.V4, 1000)).IsOk);
    }

    private static IpAddress AddressOf(NetworkPair.Host host, IpFamily family) => family == IpFamily.V4 ? host.V4 : host.V6;

    private static bool IsOfVersion4(byte[] frame) => frame[12] == 8;
}
