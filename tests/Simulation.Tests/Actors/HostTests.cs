using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Names;
using Spindle.Simulation.Actors.Web;
using Spindle.Simulation.Actors.Wire;

namespace Simulation.Tests.Actors;

public sealed class HostTests
{
    [Theory]
    [InlineData("192.0.2.1/24", "192.0.2.2/24")]
    [InlineData("2001:db8::1/64", "2001:db8::2/64")]
    public void Two_hosts_find_each_other_and_datagrams_arrive(string first, string second)
    {
        TestSegment segment = new();
        ActorHost left = segment.AddHost("left", 1, first);
        ActorHost right = segment.AddHost("right", 2, second);
        List<string> heard = [];
        right.Ip.BindUdp(7, (in UdpArrival arrival) => heard.Add($"{arrival.Source} {Encoding.ASCII.GetString(arrival.Payload)}"));
        IpAddress from = IpPrefix.Parse(first).Address;
        left.Ip.SendUdp(from, 99, IpPrefix.Parse(second).Address, 7, "one"u8);
        left.Ip.SendUdp(from, 99, IpPrefix.Parse(second).Address, 7, "two"u8);
        segment.Run(1);
        Assert.Equal([$"{from} one", $"{from} two"], heard);
        Assert.Equal(4, segment.Frames.Count); // One question, one answer, two datagrams.
    }

    [Fact]
    public void A_neighbour_that_is_not_there_is_asked_for_three_times_and_forgotten()
    {
        TestSegment segment = new();
        ActorHost left = segment.AddHost("left", 1, "192.0.2.1/24");
        left.Ip.SendUdp(IpAddress.Parse("192.0.2.1"), 99, IpAddress.Parse("192.0.2.9"), 7, "one"u8);
        segment.Run(60);
        Assert.Equal(3, segment.Frames.Count);
        Assert.Equal(Instant.Never, segment.Clock.NextAt);
    }

    [Fact]
    public void A_port_where_nobody_is_is_unreachable()
    {
        TestSegment segment = new();
        ActorHost left = segment.AddHost("left", 1, "192.0.2.1/24");
        segment.AddHost("right", 2, "192.0.2.2/24");
        left.Ip.SendUdp(IpAddress.Parse("192.0.2.1"), 99, IpAddress.Parse("192.0.2.2"), 7, "one"u8);
        segment.Run(1);
        Assert.True(EthernetFrame.TryParse(segment.Frames[^1], out EthernetFrame frame));
        Assert.True(IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _));
        Assert.True(IcmpMessage.TryParse(packet, out IcmpMessage message, out _));
        Assert.Equal((IcmpMessage.UnreachableV4, 3), (message.Type, message.Code));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(200_000u)]
    [InlineData(500_000u)]
    public void A_connection_carries_everything_in_order_however_much_is_lost(uint lossPerMillion)
    {
        TestSegment segment = new(5);
        ActorHost left = segment.AddHost("left", 1, "192.0.2.1/24");
        ActorHost right = segment.AddHost("right", 2, "192.0.2.2/24");
        string text = string.Concat(Enumerable.Range(0, 4000).Select(number => number + ","));
        TalkApplication server = new(text, finishesAfter: true);
        TalkApplication client = new("hello", finishesAfter: false);
        right.Ip.Tcp.Listen(80, static _ => TcpWelcome.Accept, () => server);
        left.Ip.SendUdp(IpAddress.Parse("192.0.2.1"), 1, IpAddress.Parse("192.0.2.2"), 1, default);
        segment.Run(1);
        Spindle.Simulation.World.Choices loss = segment.Context.Choices.Fork("loss");
        segment.Drops = _ => loss.Chance(lossPerMillion);
        left.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2"), 80, client);
        segment.Run(20_000);
        if (lossPerMillion <= 200_000)
        {
            Assert.Equal(text, client.Heard.ToString());
            Assert.Equal("hello", server.Heard.ToString());
            Assert.True(client.HasPeerFinished);
            Assert.True(server.IsClosedOrderly);
            Assert.True(client.IsClosedOrderly);
        }
        else
        {
            Assert.StartsWith(client.Heard.ToString(), text, StringComparison.Ordinal);
        }

        Assert.Equal(0, left.Ip.Tcp.Count + right.Ip.Tcp.Count);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_refused_and_a_silent_one_times_out()
    {
        TestSegment segment = new();
        ActorHost left = segment.AddHost("left", 1, "192.0.2.1/24");
        ActorHost right = segment.AddHost("right", 2, "192.0.2.2/24");
        right.Ip.Tcp.Listen(81, static _ => TcpWelcome.Ignore, () => new TalkApplication(""));
        TalkApplication refused = new("");
        TalkApplication ignored = new("");
        left.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2"), 80, refused);
        left.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.2"), 81, ignored);
        segment.Run(1);
        Assert.False(refused.IsClosedOrderly);
        Assert.Null(ignored.IsClosedOrderly);
        segment.Run(600);
        Assert.False(ignored.IsClosedOrderly);
        Assert.False(ignored.IsOpened);
    }

    [Fact]
    public void Through_a_router_the_internet_is_reached_and_a_portal_stands_before_it()
    {
        TestSegment segment = new();
        ActorHost guest = segment.AddHost("guest", 1, "192.0.2.7/24");
        ActorHost router = segment.AddHost("router", 2, "192.0.2.1/24");
        guest.GatewayV4 = IpAddress.Parse("192.0.2.1");
        Cloud cloud = new(segment.Context.Fork("cloud"), router);
        IpStack far = cloud.AddHost("far", IpAddress.Parse("198.51.100.80"));
        WebSite site = new(far, new WebSettings { Mood = WebMood.Online });
        TalkApplication Get()
        {
            TalkApplication client = new("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            guest.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.7"), IpAddress.Parse("198.51.100.80"), 80, client);
            segment.Run(100);
            return client;
        }

        Assert.Contains("X-ConnMan-Status: online", Get().Heard.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, site.Count);
        PortalGate portal = new(router, cloud, new WebSettings { Mood = WebMood.Redirect });
        Assert.Contains("302 Found\r\nServer: actor\r\nLocation: http://portal.example/login", Get().Heard.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, site.Count);
        portal.LetThrough(IpAddress.Parse("192.0.2.7"));
        Assert.Contains("X-ConnMan-Status", Get().Heard.ToString(), StringComparison.Ordinal);
        cloud.IsUp = false;
        Assert.Equal("", Get().Heard.ToString());
    }

    [Fact]
    public void Every_mood_of_a_web_server_ends_or_hangs_as_it_says_and_throws_nothing()
    {
        foreach (WebMood mood in Enum.GetValues<WebMood>())
        {
            TestSegment segment = new();
            ActorHost guest = segment.AddHost("guest", 1, "192.0.2.7/24");
            ActorHost server = segment.AddHost("server", 2, "192.0.2.1/24");
            WebSite site = new(server.Ip, new WebSettings { Mood = mood });
            TalkApplication client = new("GET /online/status.html HTTP/1.1\r\nHost: x\r\n\r\n");
            guest.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.7"), IpAddress.Parse("192.0.2.1"), 80, client);
            segment.Run(5000);
            string heard = client.Heard.ToString();
            bool isOnline = mood <= WebMood.OnlineAfterContinue || mood is WebMood.DripsHead or WebMood.EndlessBody or WebMood.TwoLengths;
            Assert.True(heard.Contains("X-ConnMan-Status: online", StringComparison.Ordinal) == isOnline, mood + ": " + heard[..Math.Min(200, heard.Length)]);
            bool isHanging = mood is WebMood.HangsAfterConnection or WebMood.OnlineKeptOpen or WebMood.EndlessHead or WebMood.EndlessBody;
            Assert.True(client.IsClosedOrderly is null == isHanging, mood.ToString());
            Assert.InRange(site.Count, 0, 1);
        }
    }

    [Fact]
    public void A_name_server_answers_over_udp_and_over_tcp()
    {
        TestSegment segment = new();
        ActorHost guest = segment.AddHost("guest", 1, "192.0.2.7/24");
        ActorHost server = segment.AddHost("server", 2, "192.0.2.1/24");
        DnsService service = new(server.Ip, new DnsSettings());
        service.Add("ipv4.connman.net", IpAddress.Parse("198.51.100.80"));
        byte[] query = Convert.FromHexString("123401000001000000000000" + "0469707634" + "07636F6E6E6D616E" + "036E6574" + "00" + "00010001");
        byte[]? reply = null;
        guest.Ip.BindUdp(4000, (in UdpArrival arrival) => reply = arrival.Payload.ToArray());
        guest.Ip.SendUdp(IpAddress.Parse("192.0.2.7"), 4000, IpAddress.Parse("192.0.2.1"), 53, query);
        segment.Run(1);
        // RFC 1035, section 4.1: the header with one answer, the question, a pointer to its name, A, IN, 60 s, four octets.
        Assert.Equal(
            "123481800001000100000000" + Convert.ToHexString(query.AsSpan(12)) + "C00C00010001" + "0000003C" + "0004C6336450",
            Convert.ToHexString(reply!));
        TalkApplication stream = new("\0" + (char)query.Length + Encoding.Latin1.GetString(query));
        guest.Ip.Tcp.Connect(IpAddress.Parse("192.0.2.7"), IpAddress.Parse("192.0.2.1"), 53, stream);
        segment.Run(1);
        Assert.Equal(reply, Encoding.Latin1.GetBytes(stream.Heard.ToString()[2..]));
    }
}
