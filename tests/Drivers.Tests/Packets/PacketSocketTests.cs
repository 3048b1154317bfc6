using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Arp;
using Spindle.Protocols.Dhcp.V4;

namespace Spindle.Drivers.Tests.Packets;

/// <summary>On real links, in a network name space of their own.</summary>
public sealed class PacketSocketTests
{
    private const ushort Ip = 0x0800;
    private static readonly IpAddress Server = IpAddress.Parse("192.0.2.1");

    [PrivateNetworkFact]
    public void Only_replies_of_a_dhcp_server_come_through_its_filter() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        rig.Send(Datagram(2, 67, 68));
        rig.Send(Datagram(1, 67, 68)); // A client's message.
        rig.Send(Datagram(2, 67, 67)); // To the server's port.
        byte[] fragment = Datagram(2, 67, 68);
        fragment[7] = 1; // A later piece.
        rig.Send(fragment);
        byte[] tcp = Datagram(2, 67, 68);
        tcp[9] = 6;
        rig.Send(tcp);
        rig.Send(Datagram(2, 67, 68), MacAddress.Read([2, 9, 9, 9, 9, 9])); // To another station.
        byte[] optioned = new byte[600];
        Datagram(2, 67, 68).AsSpan(0, 20).CopyTo(optioned);
        optioned[0] = 0x46;
        Datagram(2, 67, 68).AsSpan(20).CopyTo(optioned.AsSpan(24));
        rig.Send(optioned);
        rig.RunUntilReceived(2);
        Assert.Equal(2, rig.Socket.Counters.Received);
        Assert.Equal([328, 600], rig.Received.Select(octets => octets.Length));
    });

    [PrivateNetworkFact]
    public void Only_packets_about_the_addresses_in_question_come_through_the_filter_of_arp() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(0x0806, listening => PacketFilters.ArpAbout(
            [.. listening.Select(listener => listener.Subject.ToV4())]));
        Assert.Equal(Errno.None, rig.Near.Listen(Server).Error);
        MacAddress sender = MacAddress.Read([2, 0, 0, 0, 0, 7]);
        rig.Send(Arp(ArpPacket.Announcement(sender, IpAddress.Parse("192.0.2.2"))));
        rig.Send(Arp(ArpPacket.Probe(sender, Server)));
        rig.Send(Arp(ArpPacket.Announcement(sender, Server)));
        rig.Send(Arp(new(ArpOperation.Request, sender, IpAddress.Parse("192.0.2.2"), default, IpAddress.Parse("192.0.2.3"))));
        rig.Send(Arp(new(ArpOperation.Request, sender, IpAddress.Parse("192.0.2.2"), default, Server)));
        rig.RunUntilReceived(3);
        Assert.Equal(3, rig.Socket.Counters.Received);
    });

    [PrivateNetworkFact]
    public void Nothing_comes_while_nobody_listens_and_the_filter_alone_is_changed() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        Assert.True(rig.Socket.Open().IsOk);
        string before = Sockets();
        rig.Send(Datagram(2, 67, 68));
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        rig.Send(Datagram(2, 67, 68));
        rig.RunUntilReceived(1);
        rig.Near.Ignore();
        rig.Send(Datagram(2, 67, 68));
        rig.Loop.RunReady();
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        rig.Send(Datagram(2, 67, 68));
        rig.RunUntilReceived(2);
        Assert.Equal(2, rig.Socket.Counters.Received);
        Assert.Equal(4, rig.Socket.Counters.FilterChanges);
        Assert.Equal(before, Sockets());
        Assert.Contains(" 0800 ", before, StringComparison.Ordinal);
    });

    [PrivateNetworkFact]
    public void Each_link_hears_its_own_packets() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        List<int> heard = [];
        PacketListener other = rig.Socket.AddListener(
            rig.FarIndex, (scoped in ReceivedPacket packet) => heard.Add(packet.InterfaceIndex));
        rig.Near.Send(MacAddress.Broadcast, Datagram(2, 67, 68));
        rig.Loop.RunUntil(() => rig.Socket.Counters.Received == 1, "a packet at the far end");
        Assert.Equal(1, rig.Socket.Counters.Unclaimed);
        other.Listen();
        rig.Near.Send(MacAddress.Broadcast, Datagram(2, 67, 68));
        rig.Loop.RunUntil(() => heard.Count == 1, "a packet at the far end");
        Assert.Equal([rig.FarIndex], heard);
        Assert.Empty(rig.Received);
        other.Remove();
        rig.Near.Send(MacAddress.Broadcast, Datagram(2, 67, 68));
        rig.Loop.RunUntil(() => rig.Socket.Counters.Unclaimed == 2, "a packet that nobody wants");
    });

    [PrivateNetworkFact]
    public void Several_listeners_share_a_link_and_any_may_go_while_it_is_called() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        List<string> calls = [];
        PacketListener[] listeners = new PacketListener[3];
        for (int i = 0; i < 3; i++)
        {
            int own = i;
            listeners[i] = rig.Socket.AddListener(rig.NearIndex, (scoped in ReceivedPacket _) =>
            {
                calls.Add(own.ToString(null as IFormatProvider));
                listeners[1].Remove();
                listeners[own].Remove();
            });
            listeners[i].Listen();
        }

        rig.Send(Datagram(2, 67, 68));
        rig.Loop.RunUntil(() => calls.Count == 2, "two calls");
        Assert.Equal(["2", "0"], calls);
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        rig.Send(Datagram(2, 67, 68));
        rig.RunUntilReceived(1);
        Assert.Equal(2, calls.Count);
    });

    [PrivateNetworkFact]
    public void A_turn_takes_a_bounded_number_of_packets() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        for (int i = 0; i < 150; i++)
        {
            rig.Send(Datagram(2, 67, 68));
        }

        rig.Loop.RunUntil(() => rig.Received.Count > 0, "a packet");
        Assert.Equal(PacketSocket.PacketsPerTurnMax, rig.Received.Count);
        rig.RunUntilReceived(150);
    });

    [PrivateNetworkFact]
    public void A_packet_that_is_too_large_is_dropped_and_counted() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        PrivateNetwork.Command("ip link set near mtu 9000; ip link set far mtu 9000");
        Assert.Equal(Errno.None, rig.Near.Listen().Error);
        byte[] large = new byte[5000];
        Datagram(2, 67, 68).CopyTo(large, 0);
        rig.Send(large);
        rig.Send(Datagram(2, 67, 68));
        rig.RunUntilReceived(1);
        Assert.Equal(1, rig.Socket.Counters.Oversized);
    });

    [PrivateNetworkFact]
    public void A_link_that_is_gone_is_an_error_that_says_so() => PrivateNetwork.Run(() =>
    {
        using Rig rig = new(Ip, _ => PacketFilters.DhcpReplies);
        Result result = rig.Socket.AddListener(9999, (scoped in ReceivedPacket _) => { })
            .Send(MacAddress.Broadcast, Datagram(1, 68, 67));
        Assert.False(result.IsOk);
        Assert.Equal(1, rig.Socket.Counters.SendErrors);
    });

    /// <summary>The packet sockets of the name space, with their inodes: a socket opened anew has another.</summary>
    private static string Sockets() => PrivateNetwork.Command("awk '{ print \"\", $4, $5, $9 }' /proc/self/net/packet");

    private static byte[] Datagram(byte operation, ushort from, ushort to)
    {
        byte[] octets = new byte[328];
        octets[28] = operation;
        UdpDatagram.WriteHeaders(octets, Server, IpAddress.BroadcastV4, from, to);
        return octets;
    }

    private static byte[] Arp(ArpPacket packet)
    {
        byte[] octets = new byte[ArpPacket.Size];
        packet.Write(octets);
        return octets;
    }

    /// <summary>A pair of links in one name space: what is sent on the far one arrives at the near one.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly ushort etherType;
        private readonly int sender;

        public Rig(ushort etherType, PacketFilterBuilder builder)
        {
            PrivateNetwork.Command(
                "ip link add near type veth peer name far && ip link set near addrgenmode none up "
                + "&& ip link set far addrgenmode none up");
            this.etherType = etherType;
            NearIndex = PrivateNetwork.IndexOf("near");
            FarIndex = PrivateNetwork.IndexOf("far");
            Loop = new(new LinuxKernel());
            Socket = new(Loop, etherType, builder);
            Near = Socket.AddListener(
                NearIndex, (scoped in ReceivedPacket packet) => Received.Add(packet.Octets.ToArray()));
            sender = new LinuxKernel().Socket(AddressFamily.Packet, SocketType.Datagram, 0).Int;
        }

        public EventLoop Loop { get; }

        public PacketSocket Socket { get; }

        public PacketListener Near { get; }

        public int NearIndex { get; }

        public int FarIndex { get; }

        public List<byte[]> Received { get; } = [];

        public void Send(byte[] octets, MacAddress? destination = null) => Assert.True(new LinuxKernel().SendTo(
            sender, octets, 0, SocketAddress.Packet(etherType, FarIndex, destination ?? MacAddress.Broadcast)).IsOk);

        public void RunUntilReceived(int count) =>
            Loop.RunUntil(() => Received.Count >= count, $"{count} packets");

        public void Dispose()
        {
            Socket.Dispose();
            Loop.Dispose();
            new LinuxKernel().Close(sender);
        }
    }
}
