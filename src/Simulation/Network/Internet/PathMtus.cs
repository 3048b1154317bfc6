using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What routers have said of the longest packets on the way to a destination; forgotten after ten minutes
/// (<c>net.ipv4.route.mtu_expires</c>).</summary>
internal sealed class PathMtus(VirtualClock clock)
{
    private const int MtuMinV4 = 552; // net.ipv4.route.min_pmtu
    private const int MtuMinV6 = 1280;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<IpAddress, (int Mtu, Instant Until)> known = [];

    public void Learn(IpAddress destination, int mtu)
    {
        int min = destination.IsV4 ? MtuMinV4 : MtuMinV6;
        known[destination] = (Math.Max(mtu, min), clock.Now + Lifetime);
    }

    public int Find(IpAddress destination) =>
        known.TryGetValue(destination, out var found) && found.Until > clock.Now ? found.Mtu : int.MaxValue;
}
