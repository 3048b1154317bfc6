using System;
using Spindle.Basics;
using Spindle.Protocols.NeighborDiscovery;

namespace Spindle.Fuzz.Targets;

/// <summary>Router advertisements: whatever they say, nothing throws, and lists stay within their bounds.</summary>
public static class RouterAdvertisementFuzz
{
    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new("router-advertisement", [Captured()], Run);

    /// <summary>From dnsmasq 2.90: a prefix, an MTU, a link-layer address, two domains, two servers.</summary>
    private static byte[] Captured() => Convert.FromHexString(
        "86002ce7404807080000000000000000030440c000000e1000000e100000000020010db800070000000000000000000005010000" +
        "000005780101e60da703f6a81f05000000000e10076578616d706c65036f72670004636f7270076578616d706c6503636f6d0000" +
        "1905000000000e1020010db8000700000000000000000053fd000000000000000000000000000053");

    private static void Run(byte[] input)
    {
        _ = RouterSolicitation.TryRead(input, out _);
        if (!RouterAdvertisementPacket.TryParse(input, out RouterAdvertisementPacket packet))
        {
            return;
        }

        byte[] buffer = new byte[RouterAdvertisementHeader.Size];
        packet.Header.Write(buffer);
        Check(RouterAdvertisementHeader.TryRead(buffer, out RouterAdvertisementHeader header) && header == packet.Header);
        NeighborOptions options = packet.Options;
        while (options.TryNext(out NeighborOption option))
        {
            CheckOption(option);
        }

        RouterDiscovery discovery = new(seed: 1);
        Feed(discovery, RouterDiscoveryInput.Started, Instant.FromSeconds(1));
        Feed(discovery, RouterDiscoveryInput.AdvertisementReceived(IpAddress.Parse("fe80::1"), packet), Instant.FromSeconds(2));
        Check(discovery.Servers.Count <= RouterDiscovery.ServersMax);
        Check(discovery.SearchDomains.Count <= RouterDiscovery.SearchDomainsMax);
        for (int i = 0; i < 100 && !discovery.Deadline.IsNever; i++)
        {
            Instant due = discovery.Deadline;
            Feed(discovery, RouterDiscoveryInput.TimePassed, due);
            Check(discovery.Deadline > due);
        }
    }

    private static void CheckOption(NeighborOption option)
    {
        byte[] buffer = new byte[2048];
        if (PrefixInformation.TryRead(option, out PrefixInformation prefix))
        {
            prefix.Write(buffer);
            Check(PrefixInformation.TryRead(new(buffer.AsSpan(0, PrefixInformation.Size)), out PrefixInformation read)
                && read == prefix);
        }

        if (CaptivePortal.TryRead(option, out CaptivePortal portal))
        {
            int size = portal.Write(buffer);
            Check(CaptivePortal.TryRead(new(buffer.AsSpan(0, size)), out CaptivePortal read) && read == portal);
        }

        _ = LinkMtu.TryRead(option, out _);
        _ = RouteInformation.TryRead(option, out _);
    }

    private static void Feed(RouterDiscovery discovery, in RouterDiscoveryInput input, Instant now)
    {
        discovery.Step(input, now);
        while (discovery.TryTake(out _))
        {
        }
    }

    private static void Check(bool isSo)
    {
        if (!isSo)
        {
            throw new InvalidOperationException("A law of router advertisements does not hold.");
        }
    }
}
