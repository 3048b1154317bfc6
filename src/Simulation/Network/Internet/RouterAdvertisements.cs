using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What a host's kernel does with router advertisements: default routers (RFC 4861, section 6.3.4), addresses from
/// prefixes (RFC 4862, section 5.5.3). <see cref="LinkSetting"/>
/// says how much of it.</summary>
internal sealed class RouterAdvertisements
{
    private const int HeaderSize = 16;
    private const byte SourceAddressOption = 1;
    private const byte PrefixOption = 3;
    private const byte MtuOption = 5;
    private const byte RouteOption = 24;
    private const int ShortOptionSize = 8;
    private const int HopLimitMax = 255;

    private readonly InternetStack stack;
    private readonly AdvertisedRoutes routes;
    private readonly AdvertisedPrefixes prefixes;
    private readonly RouterSolicitations solicitations;

    public RouterAdvertisements(InternetStack stack, NeighborDiscovery discovery)
    {
        this.stack = stack;
        routes = new AdvertisedRoutes(stack.Network);
        prefixes = new AdvertisedPrefixes(stack.Network);
        solicitations = new RouterSolicitations(stack.Network);
        discovery.RouterAdvertised = Take;
    }

    private void Take(IpPacket packet)
    {
        SimulatedLink link = packet.Link!;
        ReadOnlySpan<byte> octets = packet.Octets;
        ReadOnlySpan<byte> options = octets[HeaderSize..];
        if (!link.SpeaksV6 || !AreOptionsWhole(options))
        {
            return;
        }

        if (!Accepts(link))
        {
            TakeStation(link, packet.Source, options); // it is a neighbour all the same
            return;
        }

        solicitations.Answered(link);
        Route? router = TakeHeader(link, packet.Source, octets);
        TakeTimes(link, BinaryPrimitives.ReadUInt32BigEndian(octets[8..]), BinaryPrimitives.ReadUInt32BigEndian(octets[12..]));
        if (TakeStation(link, packet.Source, options))
        {
            TakeOptions(link, packet.Source, options, router);
        }
    }

    // What the fixed part says of the router, and of hop limits.
    private Route? TakeHeader(SimulatedLink link, IpAddress router, ReadOnlySpan<byte> octets)
    {
        ushort lifetime = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
        if (link.Settings[LinkSetting.AcceptRaDefRtr] == 0 || (lifetime != 0 && lifetime < link.Settings[LinkSetting.AcceptRaMinLft]))
        {
            return null;
        }

        Route? route = routes.TakeRouter(link, router, lifetime, octets[5]);
        byte hopLimit = octets[4];
        int min = link.Settings[LinkSetting.AcceptRaMinHopLimit];
        if (hopLimit != 0 && min <= HopLimitMax && hopLimit >= min)
        {
            link.Settings[LinkSetting.HopLimit] = hopLimit;
            route?.SetMetric(Route.HopLimitMetric, hopLimit);
        }

        return route;
    }

    private static void TakeTimes(SimulatedLink link, uint reachable, uint retrans)
    {
        const uint ReachableMin = 100;
        const uint RetransMin = 10;
        if (retrans != 0)
        {
            link.RetransMilliseconds = Math.Max(retrans, RetransMin);
        }

        if (reachable != 0)
        {
            link.ReachableMilliseconds = Math.Max(reachable, ReachableMin);
        }
    }

    // The router's hardware address; false if it is none, and nothing more is to be taken.
    private bool TakeStation(SimulatedLink link, IpAddress router, ReadOnlySpan<byte> options)
    {
        ReadOnlySpan<byte> found = default;
        while (TryCut(ref options, out ReadOnlySpan<byte> option))
        {
            found = option[0] == SourceAddressOption && found.IsEmpty ? option : found;
        }

        NeighborTable neighbors = stack.Neighbors(link, IpFamily.V6);
        if (found.Length == ShortOptionSize)
        {
            neighbors.Learn(router, MacAddress.Read(found[2..]), isConfirmed: false, mayCreate: true, isRouter: true);
        }
        else if (found.IsEmpty && neighbors.Find(router) is { IsValid: true } known)
        {
            neighbors.Learn(router, known.MacAddress, isConfirmed: false, mayCreate: false, isRouter: true);
        }

        return found.IsEmpty || found.Length == ShortOptionSize;
    }

    // Routes first, then prefixes, then the MTU, however they are mixed.
    private void TakeOptions(SimulatedLink link, IpAddress router, ReadOnlySpan<byte> options, Route? route)
    {
        ReadOnlySpan<byte> rest = options;
        while (TryCut(ref rest, out ReadOnlySpan<byte> option))
        {
            if (option[0] == RouteOption && link.Settings[LinkSetting.AcceptRaRtrPref] != 0)
            {
                routes.TakeRoute(link, router, option);
            }
        }

        rest = options;
        ReadOnlySpan<byte> mtu = default;
        while (TryCut(ref rest, out ReadOnlySpan<byte> option))
        {
            if (option[0] == PrefixOption && link.Settings[LinkSetting.AcceptRaPinfo] != 0)
            {
                prefixes.Take(link, option);
            }

            mtu = option[0] == MtuOption && mtu.IsEmpty ? option : mtu;
        }

        if (!mtu.IsEmpty && link.Settings[LinkSetting.AcceptRaMtu] != 0)
        {
            TakeMtu(link, BinaryPrimitives.ReadUInt32BigEndian(mtu[4..]), route);
        }
    }

    private void TakeMtu(SimulatedLink link, uint mtu, Route? router)
    {
        if (mtu >= Addresses6.MtuMin && mtu <= link.Mtu && mtu != link.Ipv6Mtu)
        {
            link.Ipv6Mtu = mtu; // at once: no route follows because it had the link's
            router?.SetMetric(Route.MtuMetric, mtu);
            stack.Network.Routes6.SetMtu(link, mtu);
        }
    }

    /// <summary>Whether routers are believed on a link: a router believes no other, unless it is told to.</summary>
    internal static bool Accepts(SimulatedLink link) =>
        link.Settings[LinkSetting.AcceptRa] > (link.Settings[LinkSetting.Forwarding] != 0 ? 1 : 0);

    private static bool TryCut(scoped ref ReadOnlySpan<byte> options, out ReadOnlySpan<byte> option)
    {
        int length = options.Length < 2 ? 0 : options[1] * 8;
        bool isThere = length > 0 && length <= options.Length;
        option = isThere ? options[..length] : default;
        options = isThere ? options[length..] : options;
        return isThere;
    }

    private static bool AreOptionsWhole(ReadOnlySpan<byte> options)
    {
        while (TryCut(ref options, out _))
        {
        }

        return options.IsEmpty;
    }
}
