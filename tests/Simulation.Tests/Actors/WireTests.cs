using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dns;
using Spindle.Protocols.NeighborDiscovery;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Names;
using Spindle.Simulation.Actors.Rivals;
using Spindle.Simulation.Actors.Routers;
using Spindle.Simulation.Actors.Web;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.World;

namespace Simulation.Tests.Actors;

/// <summary>The actors' codecs against captured octets, against the product's, and against anything at all.</summary>
public sealed class WireTests
{
    /// <summary>An acknowledgement of dnsmasq 2.90, as it was received; the 202 zeros of chaddr's end, sname and file are left out here.</summary>
    private const string DnsmasqHead = "02010600BEF8ED940000000000000000C0000259C000020100000000863B04B565AC";
    private const string DnsmasqTail =
        "638253633501053604C0000201330400000E103A04000007083B0400000C4E0104FFFFFF001C04C00002FF0F0B6C61622E6578616D706C65"
        + "0C0C7370696E646C652D74657374FC19687474703A2F2F3139322E302E322E312F777061642E646174721968747470733A2F2F3139322E302E322E312F"
        + "63617074697665790D00C000020118CB0071C0000202770F036C6162076578616D706C6500C0041A0205782A04C633647B0608C0000201C63364350304C0000201FF";

    /// <summary>RFC 1035, section 4.1: a query for the A records of ipv4.connman.net, id 1234.</summary>
    private static readonly byte[] Query = Convert.FromHexString("123401000001000000000000" + "0469707634" + "07636F6E6E6D616E" + "036E6574" + "00" + "00010001");

    [Fact]
    public void A_captured_acknowledgement_is_read_as_it_was_meant()
    {
        byte[] octets = Convert.FromHexString(DnsmasqHead + new string('0', 404) + DnsmasqTail);
        Assert.True(BootMessage.TryParse(octets, out BootMessage message, out _));
        Assert.Equal(DhcpOptions.Acknowledge, message.Type);
        Assert.Equal("192.0.2.89", message.YourAddress.ToString());
        Assert.Equal("86:3B:04:B5:65:AC", message.ClientHardware.ToString());
        Assert.True(message.TryFindSeconds(DhcpOptions.LeaseTime, out TimeSpan lease) && lease == TimeSpan.FromHours(1));
        Assert.True(message.TryFindAddress(DhcpOptions.ServerIdentifier, out IpAddress server));
        Assert.Equal("192.0.2.1", server.ToString());
        BootReply again = new()
        {
            TransactionId = message.TransactionId,
            YourAddress = message.YourAddress,
            NextServer = message.NextServer,
            ClientHardware = message.ClientHardware,
        };
        DhcpOptionScan scan = new(message.Options);
        while (scan.TryNext(out byte code, out ReadOnlySpan<byte> value))
        {
            again.Add(code, value);
        }

        Assert.Equal(Convert.ToHexString(octets), Convert.ToHexString(again.ToArray()));
    }

    [Fact]
    public void The_example_of_rfc_1071_and_known_headers_have_their_checksums()
    {
        Assert.Equal(0xDDF2UL, Folded(OnesComplement.Sum(Convert.FromHexString("0001F203F4F5F6F7"))));
        // A header of RFC 791's form, checksum b861, of 192.168.0.1 to 192.168.0.199.
        byte[] header = Convert.FromHexString("45000073000040004011B861C0A80001C0A800C7");
        Assert.True(IpDatagram.TryParse([.. header, .. new byte[0x73 - 20]], out IpDatagram packet, out _));
        Assert.Equal("192.168.0.199", packet.Destination.ToString());
        header[10] ^= 1;
        Assert.False(IpDatagram.TryParse([.. header, .. new byte[0x73 - 20]], out _, out string problem));
        Assert.Equal("IPv4 header checksum wrong", problem);
    }

    [Fact]
    public void A_group_has_the_hardware_address_of_its_rfc()
    {
        Assert.Equal("01:00:5E:00:00:FB", EthernetFrame.GroupOf(IpAddress.Parse("224.0.0.251")).ToString());
        Assert.Equal("33:33:FF:28:9C:5A", EthernetFrame.GroupOf(NeighborMessage.SolicitedGroupOf(IpAddress.Parse("fe80::2aa:ff:fe28:9c5a"))).ToString());
        Assert.Equal("fe80::2aa:ff:fe3f:2a1c", ActorHost.LinkLocalOf(MacAddress.Read([0, 0xAA, 0, 0x3F, 0x2A, 0x1C])).ToString());
    }

    [Fact]
    public void An_advertisement_is_understood_by_the_product_and_each_lie_as_it_must_be()
    {
        foreach (RouterLie lie in Enum.GetValues<RouterLie>())
        {
            RouterSettings settings = new()
            {
                Prefixes = [new(IpPrefix.Parse("2001:db8:1::/64"))],
                DnsServers = [IpAddress.Parse("2001:db8:1::53")],
                SearchDomains = ["lab.example"],
                CaptivePortalUri = "https://portal.example/api",
                Mtu = 1480,
                IsManaged = true,
            };
            byte[] body = AdvertisementWriter.Write(settings, TestSegment.Mac(1), lie, new Choices(5));
            byte[] octets = [134, 0, 0, 0, .. body];
            bool isWhole = RouterAdvertisementPacket.TryParse(octets, out RouterAdvertisementPacket packet);
            bool isFormBroken = lie is RouterLie.OptionOfNoLength or RouterLie.OptionOverTheEnd or RouterLie.CutShort;
            Assert.True(isWhole != isFormBroken, lie.ToString());
            if (!isWhole)
            {
                continue;
            }

            RouterDiscovery discovery = new(1);
            discovery.Step(RouterDiscoveryInput.Started, Instant.FromSeconds(1));
            discovery.Step(RouterDiscoveryInput.AdvertisementReceived(IpAddress.Parse("fe80::1"), packet), Instant.FromSeconds(1));
            Assert.Equal(1800, packet.Header.RouterLifetimeSeconds);
            Assert.True(discovery.IsManaged);
            Assert.Equal("https://portal.example/api", discovery.CaptivePortalUri);
            bool isDnsBad = lie is RouterLie.DnsIsMulticast or RouterLie.DnsOfOddLength;
            Assert.Equal(isDnsBad ? "" : "2001:db8:1::53", string.Join(' ', discovery.Servers));
            Assert.Equal("lab.example", string.Join(' ', discovery.SearchDomains));
        }
    }

    [Fact]
    public void A_router_advertises_at_once_when_asked_and_says_goodbye()
    {
        TestSegment segment = new();
        ActorHost router = segment.AddHost("router", 1);
        ActorHost host = segment.AddHost("host", 2);
        RouterAdvertiser advertiser = new(router, new() { Prefixes = [new(IpPrefix.Parse("2001:db8:1::/64"))] });
        List<(double At, ushort Lifetime)> heard = [];
        host.AddTap((in EthernetFrame frame) =>
        {
            if (IpDatagram.TryParse(frame.Payload, out IpDatagram packet, out _) && packet.HopLimit == 255
                && IcmpMessage.TryParse(packet, out IcmpMessage icmp, out _) && icmp.Type == IcmpMessage.RouterAdvertisement)
            {
                heard.Add(((segment.Clock.Now - Instant.FromSeconds(1000)).TotalSeconds, (ushort)(icmp.Body[2] << 8 | icmp.Body[3])));
            }

            return false;
        });
        host.Ip.SendIcmp(host.LinkLocal, IpAddress.Parse("ff02::2"), IcmpMessage.RouterSolicitation, 0, new byte[4], 255);
        segment.Run(1);
        host.Ip.SendIcmp(host.LinkLocal, IpAddress.Parse("ff02::2"), IcmpMessage.RouterSolicitation, 0, new byte[4], 255);
        segment.Run(5);
        Assert.Equal(2, heard.Count);
        Assert.InRange(heard[0].At, 0, 0.51);
        Assert.InRange(heard[1].At - heard[0].At, 2.99, 3.6);
        segment.Run(6000);
        Assert.InRange(heard.Count, 12, 32);
        advertiser.Goodbye(withPrefixes: true);
        segment.Run(6000);
        Assert.Equal(0, heard[^1].Lifetime);
        Assert.All(heard.SkipLast(1), static one => Assert.Equal(1800, one.Lifetime));
    }

    [Fact]
    public void Each_mood_of_a_name_server_is_understood_by_the_product_as_it_must_be()
    {
        Assert.True(DnsName.TryParse("ipv4.connman.net", out DnsName? name));
        Assert.True(DnsInquiry.TryRead(Query, out DnsInquiry inquiry, out _));
        Assert.Equal("ipv4.connman.net", inquiry.Name);
        foreach (DnsMood mood in Enum.GetValues<DnsMood>())
        {
            byte[] reply = DnsReply.Make(Query, inquiry, [IpAddress.Parse("198.51.100.80")], mood, new Choices(3));
            bool isWhole = DnsMessage.TryParse(reply, out DnsMessage message, out _);
            Span<IpAddress> addresses = new IpAddress[16];
            int count = isWhole && message.Header.Id == 0x1234 && message.IsQuestion(name, DnsType.A)
                ? DnsAnswer.Collect(message, name, DnsType.A, addresses, out _)
                : 0;
            bool isAnswer = mood is DnsMood.Answer or DnsMood.Alias or DnsMood.ManyAnswers or DnsMood.OtherCase
                or DnsMood.ForgedFirst or DnsMood.WrongPort or DnsMood.NotAResponse;
            Assert.True(count > 0 == isAnswer, $"{mood}: {count}");
        }
    }

    [Fact]
    public void Nothing_that_an_attacker_sends_throws_out_of_an_actor_or_a_monitor()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            TestSegment segment = new(seed) { KeepsFrames = false };
            NetworkSite site = NetworkFactory.Build(segment.Context, "net", NetworkKind.TwoServers, 7);
            site.PlugInto(segment.PlugIn);
            ProductClient client = new(segment, "client", 9, detectsConflicts: true, seed);
            client.Start();
            segment.Run(20);
            site.Attacker!.Target = seed % 2 == 0 ? default : site.Hosts[0].HardwareAddress;
            site.Attacker.IntervalMin = TimeSpan.FromMilliseconds(1);
            site.Attacker.IntervalMax = TimeSpan.FromMilliseconds(2);
            site.Attacker.Start();
            segment.Run(5);
            Assert.InRange(site.Attacker.Sent, 2000, 6000);
            segment.AssertRight($"seed {seed}");
        }
    }

    [Fact]
    public void Random_octets_throw_out_of_no_codec()
    {
        Choices choices = new(17);
        byte[] buffer = new byte[400];
        for (int i = 0; i < 20_000; i++)
        {
            Span<byte> octets = buffer.AsSpan(0, choices.Between(0, 399));
            choices.Fill(octets);
            if (octets.Length > 0)
            {
                octets[0] = choices.Pick<byte>([0x45, 0x60, 0x46, octets[0]]);
            }

            _ = EthernetFrame.TryParse(octets, out _);
            _ = ArpMessage.TryRead(octets, out _);
            _ = DnsInquiry.TryRead(octets, out _, out _);
            _ = NeighborMessage.TryRead(136, octets, out _);
            _ = BootMessage.TryParse(octets, out BootMessage boot, out _) && boot.Type + boot.ClientKey.Length > 0;
            if (IpDatagram.TryParse(octets, out IpDatagram packet, out _))
            {
                _ = UdpMessage.TryParse(packet, out _, out _);
                _ = TcpSegment.TryParse(packet, out _, out _);
                _ = IcmpMessage.TryParse(packet, out _, out _);
            }

            FrameMutation.Mend(new byte[EthernetFrame.HeaderSize + octets.Length]);
        }
    }

    private static ulong Folded(ulong sum) => (ushort)~OnesComplement.Fold(sum);
}
