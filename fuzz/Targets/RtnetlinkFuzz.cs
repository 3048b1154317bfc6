using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Fuzz.Targets;

/// <summary>Datagrams of the kernel's route family: whatever they say, nothing throws, and what is read can be written.</summary>
public static class RtnetlinkFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("rtnetlink", Corpus(), Run);

    private static List<byte[]> Corpus()
    {
        byte[] buffer = new byte[1024];
        List<byte[]> corpus = [];
        Link link = new() { Index = 3, Name = "eth0", Kind = "vlan", VlanId = 5, Mtu = 1500 };
        corpus.Add(buffer[..LinkMessage.Write(buffer, NetlinkMessageType.NewLink, NetlinkFlags.None, 1, link)]);
        Address address = new() { InterfaceIndex = 3, Local = IpAddress.Parse("192.0.2.1"), PrefixLength = 24, Label = "eth0" };
        corpus.Add(buffer[..AddressMessage.Write(buffer, NetlinkMessageType.NewAddress, NetlinkFlags.None, 1, address)]);
        foreach (string text in (ReadOnlySpan<string>)["10.0.0.0/8", "2001:db8::/32"])
        {
            Route route = new() { Destination = IpPrefix.Parse(text), OutputInterface = 3, Metric = 5, Mtu = 1400 };
            corpus.Add(buffer[..RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.None, 1, route)]);
        }

        Rule rule = new() { Priority = 5, Source = IpPrefix.Parse("10.0.0.0/8"), InputInterface = "eth0", MarkMask = 1 };
        corpus.Add(buffer[..RuleMessage.Write(buffer, NetlinkMessageType.NewRule, NetlinkFlags.None, 1, rule)]);

        Neighbor neighbor = new(3, IpAddress.Parse("fe80::1"), NeighborState.Stale, MacAddress.Read([2, 0, 0, 0, 0, 1]));
        corpus.Add(buffer[..NeighborMessage.Write(buffer, NetlinkMessageType.NewNeighbor, NetlinkFlags.None, 1, neighbor)]);

        // Captured: an IPv6 route with two nexthops, and a refusal with its explanation.
        corpus.Add(Convert.FromHexString(
            "a8000000180000046b0c016bdb4c00000a300000fe0300010000000008000f00fe0000001400010020010db800010000" +
            "000000000000000008000600000400003c0009001c000000030000001400050020010db8000000000000000000000001" +
            "1c000000030000001400050020010db800000000000000000000000224000c0000000000000000000000000000000000" +
            "000000000000000000000000000000000500140000000000"));
        corpus.Add(Convert.FromHexString(
            "4400000002000003070000001bd0b9fb9bffffff2c000000180005060700000000000000200001004e657874686f7020" +
            "68617320696e76616c6964206761746577617900"));
        return corpus;
    }

    private static void Run(byte[] input)
    {
        RtnetlinkConversation conversation = new();
        Feed(conversation, RtnetlinkInput.Started);
        NetlinkMessages messages = new(input);
        int left = input.Length;
        while (messages.TryNext(out NetlinkMessage message))
        {
            left -= (int)message.Header.Length;
            Check(left >= 0, "messages are longer than their datagram");
            CheckRoundTrips(message);
            Feed(conversation, RtnetlinkInput.NotificationReceived(message));
            Feed(conversation, RtnetlinkInput.ReplyReceived(message));
        }
    }

    private static void CheckRoundTrips(NetlinkMessage message)
    {
        byte[] buffer = new byte[4096];
        _ = NetlinkError.TryRead(message, out _);
        if (RouteMessage.TryParse(message, out RouteMessage parsed) && parsed.TryRead(out Route route, out _)
            && route.Fingerprint == 0)
        {
            int size = RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.None, 0, route);
            Check(NetlinkMessage.TryParse(buffer.AsSpan(0, size), out NetlinkMessage again)
                && RouteMessage.TryParse(again, out parsed) && parsed.TryRead(out Route read, out _)
                && (route.Destination.Length == 0 || read == route), "a route does not survive writing");
        }

        if (AddressMessage.TryRead(message, null, out Address address) && address.Label.IndexOf('\uFFFD') < 0)
        {
            int size = AddressMessage.Write(buffer, NetlinkMessageType.NewAddress, NetlinkFlags.None, 0, address);
            Check(NetlinkMessage.TryParse(buffer.AsSpan(0, size), out NetlinkMessage again)
                && AddressMessage.TryRead(again, null, out Address read) && read == address,
                "an address does not survive writing");
        }

        if (NeighborMessage.TryRead(message, out Neighbor neighbor))
        {
            int size = NeighborMessage.Write(buffer, NetlinkMessageType.NewNeighbor, NetlinkFlags.None, 0, neighbor);
            Check(NetlinkMessage.TryParse(buffer.AsSpan(0, size), out NetlinkMessage again)
                && NeighborMessage.TryRead(again, out Neighbor read) && read == neighbor, "a neighbour does not survive writing");
        }
    }

    private static void Feed(RtnetlinkConversation conversation, in RtnetlinkInput input)
    {
        conversation.Step(input, Instant.FromSeconds(1));
        while (conversation.TryTake(out _))
        {
        }
    }

    private static void Check(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(what);
        }
    }
}
