using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Which IPv4 routes servers gave to a device: routers (option 3) and classless routes (option 121, RFC 3442).</summary>
internal sealed class RouteGrants
{
    private const int ValueMax = 1024;
    private static readonly IpPrefix Everywhere = new(IpAddress.AnyV4, 0);

    private readonly HashSet<(IpPrefix Destination, IpAddress Gateway)> given = [];

    /// <summary>Takes over what an acknowledgement says, up to where it says nothing sensible any more.</summary>
    public void Add(in BootMessage message)
    {
        Span<byte> scratch = stackalloc byte[ValueMax];
        if (message.TryFind(DhcpOptions.Router, scratch, out ReadOnlySpan<byte> routers))
        {
            for (; routers.Length >= 4 && IpAddress.TryRead(routers[..4], out IpAddress router); routers = routers[4..])
            {
                given.Add((Everywhere, router));
            }
        }

        if (message.TryFind(DhcpOptions.ClasslessRoutes, scratch, out ReadOnlySpan<byte> routes))
        {
            AddClassless(routes);
        }
    }

    /// <param name="destination">Where to.</param>
    /// <param name="gateway">Through whom; null: on the link itself.</param>
    public bool Has(IpPrefix destination, IpAddress? gateway) => given.Contains((destination, gateway ?? IpAddress.AnyV4));

    private void AddClassless(ReadOnlySpan<byte> routes)
    {
        Span<byte> octets = stackalloc byte[4];
        while (!routes.IsEmpty && routes[0] <= 32)
        {
            byte length = routes[0];
            int significant = (length + 7) / 8;
            if (routes.Length < 1 + significant + 4)
            {
                return;
            }

            octets.Clear();
            routes.Slice(1, significant).CopyTo(octets);
            IpAddress.TryRead(octets, out IpAddress destination);
            IpAddress.TryRead(routes.Slice(1 + significant, 4), out IpAddress gateway);
            given.Add((new IpPrefix(destination, length).Network, gateway));
            routes = routes[(1 + significant + 4)..];
        }
    }
}
