using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The sockets themselves: ports, groups, dumps in parts, and overruns, as they were seen on the running kernel.</summary>
public sealed class RouteNetlinkSocketTests
{
    private readonly SimulatedMachine machine = new();
    private readonly byte[] buffer = new byte[65_536];

    [Fact]
    public void The_first_socket_gets_the_number_of_the_process_and_the_second_another()
    {
        RouteNetlinkSocket first = new(machine, 100);
        RouteNetlinkSocket second = new(machine, 100);
        first.BindTo(0, 0);
        second.BindTo(0, 0);
        Assert.Equal(100u, first.PortId);
        Assert.NotEqual(100u, second.PortId);
        Assert.Equal(Errno.EADDRINUSE, new RouteNetlinkSocket(machine, 100).BindTo(100, 0).Error);
    }

    [Fact]
    public void A_receive_buffer_is_doubled_and_has_a_least_and_a_most()
    {
        RouteNetlinkSocket socket = new(machine);
        NetlinkOptions.Set(socket, 8, 1, NetlinkOptions.SocketLevel);
        Assert.Equal(2304, socket.ReceiveBuffer);
        NetlinkOptions.Set(socket, 8, 100_000_000, NetlinkOptions.SocketLevel);
        Assert.Equal(8_388_608, socket.ReceiveBuffer);
    }

    [Fact]
    public void There_is_no_group_0_and_none_above_39()
    {
        RouteNetlinkSocket socket = new(machine);
        byte[] group = new byte[4];
        Assert.Equal(Errno.EINVAL, socket.SetOption(270, 1, group).Error);
        BinaryPrimitives.WriteInt32LittleEndian(group, 40);
        Assert.Equal(Errno.EINVAL, socket.SetOption(270, 1, group).Error);
    }

    [Fact]
    public void An_overrun_is_told_once_then_what_came_before_is_read_and_then_new_things_come_again()
    {
        RouteNetlinkSocket socket = new(machine);
        NetlinkOptions.Set(socket, NetlinkOptions.AddMembership, Groups.Link);
        NetlinkOptions.Set(socket, 8, 4096, NetlinkOptions.SocketLevel);
        for (uint mtu = 1400; mtu < 1420; mtu++)
        {
            machine.Network.Control.SetMtu(machine.Network.Loopback, mtu);
        }

        Assert.Equal(Errno.ENOBUFS, socket.Read(buffer).Error);
        Assert.True(socket.Read(buffer).IsOk);
        Assert.True(socket.Read(buffer).IsOk);
        Assert.True(socket.Read(buffer).IsOk);
        Assert.Equal(Errno.EAGAIN, socket.Read(buffer).Error);
        machine.Network.Control.SetMtu(machine.Network.Loopback, 1300);
        Assert.True(socket.Read(buffer).IsOk);
    }

    [Fact]
    public void A_dump_comes_in_parts_and_says_if_something_changed_meanwhile()
    {
        for (int index = 0; index < 30; index++)
        {
            machine.Network.AddLink($"d{index}", LinkKind.Dummy, default);
        }

        RouteNetlinkSocket socket = new(machine);
        socket.Write(new MessageBuilder(MessageType.GetLink, MessageFlags.Request | MessageFlags.Dump, 7).Octets(new byte[16]).ToArray());
        List<int> flags = [];
        int links = 0;
        bool isDone = false;
        for (int part = 0; !isDone; part++)
        {
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, socket.Read(buffer.AsSpan(0, 4096)).Int);
            machine.Network.Control.SetMtu(machine.Network.Loopback, 2000u + (uint)part);
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                isDone |= message.Type == MessageType.Done;
                links += message.Type == MessageType.NewLink ? 1 : 0;
                flags.Add(message.Flags);
            }
        }

        Assert.Equal(31, links);
        Assert.Equal(MessageFlags.Multi, flags[0]);
        Assert.Equal(MessageFlags.Multi | MessageFlags.DumpInterrupted, flags[^1]);
    }

    [Fact]
    public void What_is_no_request_is_not_done_and_acknowledged_if_that_was_asked()
    {
        RouteNetlinkSocket socket = new(machine);
        socket.Write(new MessageBuilder(MessageType.GetLink, 0, 5).Octets(new byte[16]).ToArray());
        Assert.Equal(Errno.EAGAIN, socket.Read(buffer).Error);
        socket.Write(new MessageBuilder(MessageType.GetLink, MessageFlags.Acknowledge, 5).Octets(new byte[16]).ToArray());
        Assert.Equal(36, socket.Read(buffer).Value);
    }

    [Fact]
    public void Nothing_is_not_sent_and_an_unknown_request_is_not_supported()
    {
        RouteNetlinkSocket socket = new(machine);
        Assert.Equal(Errno.ENODATA, socket.Write([]).Error);
        socket.Write(new MessageBuilder((MessageType)200, MessageFlags.Request | MessageFlags.Acknowledge, 5).Octets(new byte[16]).ToArray());
        socket.Read(buffer);
        Assert.Equal(-(int)Errno.EOPNOTSUPP, BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(16)));
    }

    [Fact]
    public void Broken_requests_throw_nothing()
    {
        RouteNetlinkSocket socket = new(machine);
        Basics.PseudoRandom random = new(1);
        for (int round = 0; round < 3000; round++)
        {
            List<NetlinkStep> steps = NetlinkGenerator.Make((ulong)round / 30);
            byte[] octets = [.. steps[(int)random.NextBelow((uint)steps.Count)].Octets];
            octets[16 + (int)random.NextBelow((uint)octets.Length - 16)] = (byte)random.NextUInt32();
            socket.Write(octets.AsSpan(0, octets.Length - (int)random.NextBelow(2) * (int)random.NextBelow(8)));
            while (socket.Read(buffer).IsOk || socket.Error != Errno.None)
            {
            }
        }

        Assert.NotEmpty(machine.Network.Links);
    }
}
