using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Monitors;
using Spindle.Simulation.Actors.Wire;

namespace Simulation.Tests.Actors;

/// <summary>A monitor that sees nothing wrong would prove nothing: here it is shown every wrong that it knows.</summary>
public sealed class LinkMonitorTests
{
    private static readonly MacAddress Ours = TestSegment.Mac(9);
    private static readonly IpAddress Server = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress Leased = IpAddress.Parse("192.0.2.100");

    private readonly TestSegment segment = new();
    private readonly LinkMonitor monitor;
    private readonly Sink sink = new();
    private readonly IpStack stack;

    public LinkMonitorTests()
    {
        monitor = new(segment.Context, "eth0", Ours);
        stack = new IpStack(segment.Context, "eth0", sink);
    }

    [Fact]
    public void A_right_exchange_breaks_no_rule()
    {
        Lease(TimeSpan.FromHours(1));
        Assert.Empty(segment.Violations.Kept);
        Wait(1800);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Assert.Empty(segment.Violations.Kept);
    }

    [Fact]
    public void Frames_of_a_wrong_size_or_a_foreign_sender_are_seen()
    {
        monitor.Sent(new byte[10]);
        Saw("frames have");
        monitor.Sent(Frame(MacAddress.Broadcast, 0x88CC, new byte[1600]));
        Saw("frames have");
        byte[] frame = Frame(MacAddress.Broadcast, 0x88CC, new byte[50]);
        frame[11] ^= 1;
        monitor.Sent(frame);
        Saw("own address");
        for (int i = 0; i < 1001; i++)
        {
            monitor.Sent(Frame(MacAddress.Broadcast, 0x88CC, new byte[50]));
        }

        Saw("storms");
    }

    [Theory]
    [InlineData(2, "IP packets")] // Total length
    [InlineData(10, "IP packets")] // Header checksum
    [InlineData(24, "UDP datagrams")] // UDP length
    [InlineData(26, "UDP datagrams")] // UDP checksum
    [InlineData(40, "UDP datagrams")] // Payload
    public void An_octet_that_is_wrong_in_a_datagram_is_seen(int offset, string rule)
    {
        stack.SendUdp(IpAddress.AnyV4, 68, IpAddress.BroadcastV4, 67, Discover(7).ToArray());
        byte[] packet = sink.Packet;
        packet[offset] ^= 0x40;
        monitor.Sent(Frame(MacAddress.Broadcast, EtherTypes.Ipv4, packet));
        Saw(rule);
    }

    [Fact]
    public void Wrong_fields_and_options_of_dhcp_messages_are_seen()
    {
        SawAfter("fixed fields", static reply => reply.HardwareSize = 5);
        SawAfter("fixed fields", static reply => reply.YourAddress = Leased);
        SawAfter("fixed fields", static reply => reply.Relay = Leased);
        SawAfter("fixed fields", static reply => reply.Flags = 1);
        SawAfter("fixed fields", static reply => reply.SizeMin = 0);
        SawAfter("fixed fields", static reply => reply.ClientHardware = TestSegment.Mac(1));
        SawAfter("well formed", static reply => reply.CookieValue = 1);
        SawAfter("well formed", static reply =>
        {
            reply.HasEnd = false;
            reply.SizeMin = 0;
        });
        SawAfter("has a type", static reply => reply.Remove(DhcpOptions.MessageType));
        SawAfter("appears once", static reply => reply.Add(DhcpOptions.MessageType, 1));
        SawAfter("length of RFC 2132", static reply => reply.Add(DhcpOptions.HostName, ""));
        SawAfter("length of RFC 2132", static reply => reply.Add(DhcpOptions.MaximumSize, 1, 1));
        SawAfter("table 5", static reply => reply.Add(DhcpOptions.ServerIdentifier, Server));
        SawAfter("table 5", static reply => reply.ClientAddress = Leased);
        SawAfter("table 5", static reply => reply.Replace(DhcpOptions.MessageType, DhcpOptions.Offer));
        SawAfter("table 5", static reply => reply.Replace(DhcpOptions.MessageType, DhcpOptions.Decline));
        SawAfter("identifier stays", static reply => reply.Replace(DhcpOptions.ClientIdentifier, 1, 2, 3));
    }

    [Fact]
    public void Messages_to_or_from_the_wrong_place_are_seen()
    {
        SendUdp(IpAddress.AnyV4, 68, Server, 67, Discover(7).ToArray());
        Saw("broadcast and unicast");
        SendUdp(Leased, 68, IpAddress.BroadcastV4, 67, Discover(8).ToArray());
        Saw("comes from 0.0.0.0");
        SendUdp(IpAddress.AnyV4, 1068, IpAddress.BroadcastV4, 67, Discover(9).ToArray());
        Saw("port 68");
        stack.SendUdp(IpAddress.AnyV4, 68, IpAddress.BroadcastV4, 67, Discover(10).ToArray());
        monitor.Sent(Frame(TestSegment.Mac(1), EtherTypes.Ipv4, sink.Packet));
        Saw("line's broadcast");
    }

    [Fact]
    public void A_request_without_its_offer_or_with_other_seconds_is_seen()
    {
        SendBroadcast(Discover(7));
        SendBroadcast(Request(7));
        Saw("takes an offer");
        SendBroadcast(Discover(8));
        Receive(Reply(8, DhcpOptions.Offer, TimeSpan.FromHours(1)));
        BootReply request = Request(8);
        request.Seconds = 5;
        SendBroadcast(request);
        Saw("seconds of its DISCOVER");
        BootReply nothing = Request(9);
        nothing.Remove(DhcpOptions.RequestedAddress);
        nothing.Remove(DhcpOptions.ServerIdentifier);
        SendBroadcast(nothing);
        Saw("names an address");
    }

    [Fact]
    public void A_renewal_too_soon_too_often_or_to_somebody_else_is_seen()
    {
        Lease(TimeSpan.FromHours(1));
        Wait(1000);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Saw("before T1");
        Wait(1000);
        SendUdp(Leased, 68, IpAddress.Parse("192.0.2.2"), 67, Extension(8).ToArray());
        Saw("server that gave");
        Wait(10);
        SendUdp(Leased, 68, Server, 67, Extension(8).ToArray());
        Saw("a minute apart");
        Wait(100);
        SendBroadcast(Extension(9));
        Saw("before T2");
    }

    [Theory]
    [InlineData(1, 2)] // htype
    [InlineData(2, 16)] // hlen
    public void A_client_may_refuse_an_answer_for_other_hardware_and_ask_again(int offset, byte wrong)
    {
        Lease(TimeSpan.FromHours(1));
        Wait(1800);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        byte[] answer = Reply(7, DhcpOptions.Acknowledge, TimeSpan.FromHours(1)).ToArray();
        answer[offset] = wrong;
        Receive(answer);
        Wait(900);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Assert.Empty(segment.Violations.Kept);
    }

    [Fact]
    public void A_request_that_waited_for_its_servers_hardware_address_counts_from_when_it_was_made()
    {
        Lease(TimeSpan.FromHours(1));
        Wait(1802.5); // made at T1; the kernel asked three times who has the server's address
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Receive(Reply(7, DhcpOptions.Acknowledge, TimeSpan.FromHours(1)));
        Wait(1797.6);
        SendUdp(Leased, 68, Server, 67, Extension(8).ToArray());
        Assert.Empty(segment.Violations.Kept);
        Receive(Reply(8, DhcpOptions.Acknowledge, TimeSpan.FromHours(1)));
        Wait(1795);
        SendUdp(Leased, 68, Server, 67, Extension(9).ToArray());
        Saw("before T1");
    }

    [Fact]
    public void A_renewal_that_waited_for_its_servers_hardware_address_may_be_overtaken_by_the_first_rebinding()
    {
        Lease(TimeSpan.FromHours(1));
        Wait(3150);
        SendBroadcast(Extension(7));
        Wait(1.5);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Assert.Empty(segment.Violations.Kept);
        Wait(5);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Saw("renewals are at least a minute apart");
        Wait(30);
        SendBroadcast(Extension(7));
        SendBroadcast(Extension(7));
        Saw("repeated after a quarter");
    }

    [Fact]
    public void Renewals_that_waited_for_a_hardware_address_come_at_once_but_no_more_than_had_the_time()
    {
        Lease(TimeSpan.FromSeconds(600));
        Wait(303);
        for (int i = 0; i <= 12; i++)
        {
            SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        }

        Assert.Empty(segment.Violations.Kept);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Saw("repeated after a quarter");
    }

    [Fact]
    public void A_renewal_that_waited_for_a_hardware_address_may_be_older_than_the_lease()
    {
        Lease(TimeSpan.FromHours(1));
        Wait(2);
        SendUdp(Leased, 68, Server, 67, Extension(7).ToArray());
        Assert.Empty(segment.Violations.Kept);
        Wait(2);
        SendUdp(Leased, 68, Server, 67, Extension(8).ToArray());
        Saw("before T1");
    }

    [Fact]
    public void What_is_given_to_one_device_is_answered_for_on_all_of_the_machine()
    {
        LinkMonitor other = new(segment.Context, "eth1", TestSegment.Mac(8));
        Lease(TimeSpan.FromHours(1));
        other.Siblings = [monitor, other];
        other.CheckSource(Leased);
        Assert.Empty(segment.Violations.Kept);
        other.CheckSource(IpAddress.Parse("192.0.2.101"));
        Saw("never given");
        IpAddress linkLocal = IpAddress.Parse("169.254.1.2");
        for (int probe = 0; probe < 3; probe++)
        {
            Arp(new(ArpMessage.Request, Ours, IpAddress.AnyV4, default, linkLocal));
            Wait(1.5);
        }

        other.CheckSource(linkLocal);
        Assert.Empty(segment.Violations.Kept.Skip(seen));
        other.CheckSource(IpAddress.Parse("169.254.1.3"));
        Saw("probed for three times");
    }

    [Fact]
    public void A_machine_that_sleeps_hears_of_no_lease()
    {
        LinkMonitor deaf = new(segment.Context, "eth0", Ours) { IsDeaf = static () => true };
        stack.SendUdp(IpAddress.AnyV4, 68, IpAddress.BroadcastV4, 67, Request(5).ToArray());
        deaf.Sent(Frame(MacAddress.Broadcast, EtherTypes.Ipv4, sink.Packet));
        stack.SendUdp(Server, 67, IpAddress.BroadcastV4, 68, Reply(5, DhcpOptions.Acknowledge, TimeSpan.FromHours(1)).ToArray());
        deaf.Received(Frame(MacAddress.Broadcast, EtherTypes.Ipv4, sink.Packet));
        deaf.CheckSource(Leased);
        Saw("never given");
    }

    [Fact]
    public void An_address_after_its_lease_or_after_its_release_is_seen()
    {
        Lease(TimeSpan.FromMinutes(1));
        Wait(60);
        SendUdp(Leased, 4000, Server, 4000, []);
        Assert.Empty(segment.Violations.Kept);
        Wait(5);
        SendUdp(Leased, 4000, Server, 4000, []);
        Saw("while its lease lasts");
        Arp(new(ArpMessage.Request, Ours, Leased, default, Server));
        Saw("while its lease lasts");
        SendUdp(IpAddress.Parse("203.0.113.5"), 4000, Server, 4000, []);
        Saw("never given");
        monitor.AddConfigured(IpAddress.Parse("203.0.113.5"));
        SendUdp(IpAddress.Parse("203.0.113.5"), 4000, Server, 4000, []);
        Assert.Empty(segment.Violations.Kept.Skip(seen));
    }

    [Fact]
    public void A_discover_right_after_a_decline_and_too_many_messages_are_seen()
    {
        BootReply decline = Request(6);
        decline.Replace(DhcpOptions.MessageType, DhcpOptions.Decline);
        SendBroadcast(decline);
        Wait(3);
        SendBroadcast(Discover(7));
        Saw("ten seconds");
        Wait(0.1);
        SendBroadcast(Discover(7));
        Saw("quarter of a second");
        Wait(20);
        for (uint i = 0; i < 61; i++)
        {
            SendBroadcast(Discover(100 + i));
        }

        Saw("60 DHCP messages");
    }

    [Fact]
    public void Wrong_and_hasty_arp_is_seen()
    {
        monitor.Sent(Frame(MacAddress.Broadcast, EtherTypes.Arp, new byte[28]));
        Saw("ARP packets");
        Arp(new(ArpMessage.Request, TestSegment.Mac(1), default, default, Leased));
        Saw("sender is the frame's");
        Wait(10);
        Arp(new(ArpMessage.Request, Ours, default, Ours, Leased));
        Saw("target hardware address zero");
        Arp(new(ArpMessage.Request, Ours, default, default, Leased));
        Saw("a second apart");
        Arp(new(ArpMessage.Request, Ours, IpAddress.Parse("169.254.7.7"), default, IpAddress.Parse("169.254.7.7")));
        Saw("probed for three times");
        for (int i = 0; i < 4; i++)
        {
            Arp(new(ArpMessage.Request, Ours, IpAddress.Parse("169.254.7.7"), default, IpAddress.Parse("169.254.7.7")));
        }

        Saw("announced twice");
        for (uint i = 0; i < 21; i++)
        {
            Arp(new(ArpMessage.Request, Ours, default, default, IpAddress.FromV4(0xA9FE_0101 + i)));
        }

        Saw("once a minute");
    }

    [Fact]
    public void Wrong_and_hasty_neighbour_discovery_is_seen()
    {
        IpAddress us = ActorHost.LinkLocalOf(Ours);
        IpAddress routers = IpAddress.Parse("ff02::2");
        void Icmp(IpAddress source, IpAddress to, byte type, byte[] body, byte limit = 255)
        {
            stack.SendIcmp(source, to, type, 0, body, limit);
            monitor.Sent(Frame(EthernetFrame.GroupOf(to), EtherTypes.Ipv6, sink.Packet));
        }

        Icmp(us, routers, 133, new byte[4]);
        Icmp(IpAddress.Parse("2001:db8::9"), routers, 133, new byte[4]); // any address of the device's will do
        Assert.Empty(segment.Violations.Kept);
        Icmp(us, routers, 133, new byte[4], 64);
        Saw("hop limit 255");
        Icmp(us, IpAddress.Parse("ff02::1"), 133, new byte[4]);
        Saw("4.1");
        Icmp(IpAddress.AnyV6, routers, 133, [0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9]);
        Saw("4.1");
        Icmp(us, routers, 133, [0, 0, 0, 0, 1, 0]);
        Saw("4.1");
        Icmp(us, IpAddress.Parse("ff02::1"), 134, new byte[12]);
        Saw("no router advertisements");
        Icmp(us, IpAddress.Parse("ff02::1"), 136, new byte[3]);
        Saw("neighbour messages are well formed");
        for (int i = 0; i < 13; i++)
        {
            Icmp(us, routers, 133, new byte[4]);
        }

        Saw("ever less often");
        stack.SendIcmp(us, routers, 133, 0, new byte[4], 255);
        sink.Packet[^1] ^= 1;
        monitor.Sent(Frame(EthernetFrame.GroupOf(routers), EtherTypes.Ipv6, sink.Packet));
        Saw("ICMP messages");
    }

    [Fact]
    public void Wrong_and_guessable_queries_are_seen()
    {
        Lease(TimeSpan.FromHours(1));
        byte[] query = Convert.FromHexString("123401000001000000000000" + "0161" + "00" + "00010001");
        SendUdp(Leased, 4000, Server, 53, query);
        Assert.Empty(segment.Violations.Kept);
        byte[] response = (byte[])query.Clone();
        response[2] |= 0x80;
        SendUdp(Leased, 4001, Server, 53, response);
        Saw("queries are well formed");
        SendUdp(Leased, 4001, Server, 53, [.. query, 0]);
        Saw("queries are well formed");
        byte[] alone = (byte[])query.Clone();
        alone[2] = 0;
        SendUdp(Leased, 4002, Server, 53, alone);
        Saw("asks for recursion");
        for (int i = 0; i < 64; i++)
        {
            SendUdp(Leased, 4000, Server, 53, query);
        }

        Saw("vary");
    }

    private int seen;

    /// <summary>One of the violations since the last time is this one.</summary>
    private void Saw(string rule)
    {
        string[] said = [.. segment.Violations.Kept.Skip(seen).Select(static violation => violation.ToString())];
        seen = segment.Violations.Kept.Count;
        Assert.True(said.Any(text => text.Contains(rule, StringComparison.Ordinal)), $"'{rule}' not in: {string.Join('\n', said)}");
    }

    private void SawAfter(string rule, Action<BootReply> spoil)
    {
        Wait(60);
        BootReply message = Discover(7);
        spoil(message);
        SendBroadcast(message);
        Saw(rule);
    }

    private void Wait(double seconds) => segment.Run(seconds);

    private void Lease(TimeSpan span)
    {
        SendBroadcast(Discover(5));
        Receive(Reply(5, DhcpOptions.Offer, span));
        SendBroadcast(Request(5));
        Receive(Reply(5, DhcpOptions.Acknowledge, span));
    }

    private static BootReply Start(uint transaction, byte type)
    {
        BootReply message = new() { Operation = BootMessage.Request, TransactionId = transaction, ClientHardware = Ours };
        return message.Add(DhcpOptions.MessageType, type).Add(DhcpOptions.ClientIdentifier, 1, 2, 0, 0, 0, 0, 9);
    }

    private static BootReply Discover(uint transaction) => Start(transaction, DhcpOptions.Discover);

    private static BootReply Request(uint transaction) =>
        Start(transaction, DhcpOptions.Request).Add(DhcpOptions.RequestedAddress, Leased).Add(DhcpOptions.ServerIdentifier, Server);

    private static BootReply Extension(uint transaction)
    {
        BootReply message = Start(transaction, DhcpOptions.Request);
        message.ClientAddress = Leased;
        return message;
    }

    private static BootReply Reply(uint transaction, byte type, TimeSpan span)
    {
        BootReply message = new() { TransactionId = transaction, ClientHardware = Ours, YourAddress = Leased };
        return message.Add(DhcpOptions.MessageType, type).Add(DhcpOptions.ServerIdentifier, Server).Add(DhcpOptions.LeaseTime, span);
    }

    private void SendBroadcast(BootReply message) => SendUdp(IpAddress.AnyV4, 68, IpAddress.BroadcastV4, 67, message.ToArray());

    private void SendUdp(IpAddress source, ushort from, IpAddress to, ushort port, byte[] payload)
    {
        stack.SendUdp(source, from, to, port, payload);
        MacAddress destination = to == IpAddress.BroadcastV4 ? MacAddress.Broadcast : TestSegment.Mac(1);
        monitor.Sent(Frame(destination, EtherTypes.Ipv4, sink.Packet));
    }

    private void Receive(BootReply message) => Receive(message.ToArray());

    private void Receive(byte[] message)
    {
        stack.SendUdp(Server, 67, IpAddress.BroadcastV4, 68, message);
        byte[] frame = Frame(MacAddress.Broadcast, EtherTypes.Ipv4, sink.Packet);
        TestSegment.Mac(1).Write(frame.AsSpan(6));
        monitor.Received(frame);
    }

    private void Arp(in ArpMessage message)
    {
        byte[] octets = new byte[ArpMessage.Size];
        message.Write(octets);
        monitor.Sent(Frame(MacAddress.Broadcast, EtherTypes.Arp, octets));
    }

    private static byte[] Frame(MacAddress destination, ushort type, byte[] payload)
    {
        byte[] frame = new byte[EthernetFrame.HeaderSize + payload.Length];
        EthernetFrame.WriteHeader(frame, destination, Ours, type);
        payload.CopyTo(frame, EthernetFrame.HeaderSize);
        return frame;
    }

    private sealed class Sink : IPacketOutput
    {
        public byte[] Packet { get; private set; } = [];

        public void Send(ReadOnlySpan<byte> packet, IpAddress destination) => Packet = packet.ToArray();
    }
}
