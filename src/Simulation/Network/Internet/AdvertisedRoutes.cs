using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Internet;

/// <summary>The routes that routers advertise: to everywhere by themselves (RFC 4861, section 6.3.4), with their preference, and to
/// other networks (RFC 4191).</summary>
internal sealed class AdvertisedRoutes(NetworkStack network)
{
    private const byte InvalidPreference = 2;
    private const int UnitSize = 8;
    private static readonly IpPrefix Everything = new(IpAddress.AnyV6, 0);

    /// <summary>A router offers itself for so long, or no more; the route by it, if there is one now.</summary>
    /// <param name="link">Where it is.</param>
    /// <param name="router">Its address.</param>
    /// <param name="lifetime">In seconds; 0: no more.</param>
    /// <param name="flags">Of the advertisement.</param>
    public Route? TakeRouter(SimulatedLink link, IpAddress router, ushort lifetime, byte flags)
    {
        uint metric = (uint)link.Settings[LinkSetting.RaDefRtrMetric];
        byte preference = (byte)(flags >> 3 & 3);
        bool isMedium = preference == InvalidPreference || link.Settings[LinkSetting.AcceptRaRtrPref] == 0;
        return Take(link, router, Everything, isMedium ? (byte)0 : preference, lifetime, metric, isItself: true);
    }

    /// <summary>A route to another network (RFC 4191, section 2.3).</summary>
    public void TakeRoute(SimulatedLink link, IpAddress router, ReadOnlySpan<byte> option)
    {
        byte length = option[2];
        byte preference = (byte)(option[3] >> 3 & 3);
        uint lifetime = BinaryPrimitives.ReadUInt32BigEndian(option[4..]);
        int units = option.Length / UnitSize;
        bool isWanted = length >= link.Settings[LinkSetting.AcceptRaRtInfoMinPlen] && length <= link.Settings[LinkSetting.AcceptRaRtInfoMaxPlen]
            && (length > 0 || link.Settings[LinkSetting.AcceptRaDefRtr] != 0)
            && (lifetime == 0 || lifetime >= link.Settings[LinkSetting.AcceptRaMinLft]);
        bool isGood = units <= 3 && length <= 128 && (length <= 64 || units == 3) && (length == 0 || units >= 2) && preference != InvalidPreference;
        if (!isWanted || !isGood)
        {
            return;
        }

        Span<byte> octets = stackalloc byte[16];
        option[UnitSize..].CopyTo(octets);
        IpAddress.TryRead(octets, out IpAddress address);
        Take(link, router, new IpPrefix(address, length).Network, preference, lifetime, Routes6.UserMetric, isItself: false);
    }

    // Of itself a router says its preference anew, and netlink is told; and its route has the metric that is set now.
    private Route? Take(SimulatedLink link, IpAddress router, IpPrefix destination, byte preference, uint lifetime, uint metric, bool isItself)
    {
        Route? known = network.Routes6.Tables.Of(Route.MainTable).Find(route =>
            route.IsAdvertised && route.Link == link && route.Gateway == router && route.Destination == destination);
        if (known is not null && (lifetime == 0 || (known.Metric != metric && isItself)))
        {
            network.Routes6.Remove(known);
            known = null;
        }

        if (lifetime == 0)
        {
            return null;
        }

        Instant expiry = lifetime == AddressLifetimes.Forever ? Instant.Never : network.Machine.Monotonic.Now + TimeSpan.FromSeconds(lifetime);
        if (known is not null)
        {
            bool isTold = isItself && known.Preference != preference;
            known.Preference = preference;
            network.Routes6.SetExpiry(known, expiry);
            if (isTold)
            {
                network.Tell.Route([known], MessageType.NewRoute, MessageFlags.Replace);
            }

            return known;
        }

        Route made = new(Route.MainTable, destination)
        {
            Metric = metric,
            Protocol = Route.AdvertisementProtocol,
            Gateway = router,
            Link = link,
            IsAdvertised = true,
            Preference = preference,
            ExpiresAt = expiry,
        };
        return network.Routes6.Add(made, MessageFlags.Create).IsOk ? made : null;
    }
}
