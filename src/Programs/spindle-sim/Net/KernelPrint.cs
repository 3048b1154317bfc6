using System;
using System.Numerics;
using Spindle.Basics;
using Spindle.Simulation.Network;

namespace Spindle.Programs.Net;

/// <summary>All that the invariants look at in the kernel's network, as one number: what is the same need not be looked at again.</summary>
/// <remarks>It is taken anew each time, in a fiftieth of what the comparisons cost, so nothing has to remember to say that it changed.</remarks>
internal static class KernelPrint
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Of links, addresses, and routes of all tables but the local one.</summary>
    /// <param name="network">The kernel's.</param>
    /// <param name="lifetimes">Until when addresses stay, apart: routers say it again and again.</param>
    public static ulong Of(NetworkStack network, out ulong lifetimes)
    {
        ulong print = lifetimes = 1;
        foreach (SimulatedLink link in network.Links)
        {
            print = Fold(Fold(print, (uint)link.Index | ((ulong)link.Mtu << 32)), (ulong)link.Flags);
            print = Fold(print, (ulong)string.GetHashCode(link.Name, StringComparison.Ordinal));
            print = Fold(print, (ulong)link.MacAddress.GetHashCode());
            foreach (InterfaceAddress address in link.Addresses4)
            {
                print = Fold(print, address, ref lifetimes);
            }

            foreach (InterfaceAddress address in link.Addresses6)
            {
                print = Fold(print, address, ref lifetimes);
            }
        }

        return Fold(Fold(print, network.Routes4.Tables), network.Routes6.Tables);
    }

    /// <summary>Of what tells a route from others.</summary>
    /// <param name="link">The link's number; 0: none.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="gateway">Through whom; unspecified: nobody.</param>
    /// <param name="source">The preferred source; unspecified: none.</param>
    /// <param name="table">In which table.</param>
    /// <param name="metric">Its metric.</param>
    /// <param name="rest">Octets of other things.</param>
    public static ulong OfRoute(
        int link, IpPrefix destination, IpAddress gateway, IpAddress source, uint table, uint metric, ulong rest)
    {
        ulong print = Fold(Fold(table | ((ulong)metric << 32), (uint)link | ((ulong)destination.Length << 32)), rest);
        return Fold(Fold(Fold(print, destination.Address), gateway), source);
    }

    private static ulong Fold(ulong print, InterfaceAddress address, ref ulong lifetimes)
    {
        lifetimes = Fold(Fold(lifetimes, (ulong)address.ValidUntil.Nanoseconds), (ulong)address.PreferredUntil.Nanoseconds);
        return Fold(Fold(print, address.Local), address.PrefixLength | ((ulong)address.Protocol << 8) | ((ulong)address.Flags << 16));
    }

    private static ulong Fold(ulong print, RouteTables tables)
    {
        const int TablesOfOld = 2; // the main one and the local one
        foreach (Route route in tables.Of(Route.MainTable))
        {
            print = Fold(print, route);
        }

        if (tables.TableCount > TablesOfOld)
        {
            foreach (Route route in tables.All())
            {
                print = Fold(print, route);
            }
        }

        return Fold(print, ulong.MaxValue);
    }

    private static ulong Fold(ulong print, Route route) => Fold(print, OfRoute(
        route.Link?.Index ?? 0,
        route.Destination,
        route.Gateway ?? route.Destination.Address,
        route.PreferredSource ?? route.Destination.Address,
        route.Table,
        route.Metric,
        route.Protocol | ((ulong)route.Type << 8) | ((ulong)route.TypeOfService << 16)));

    private static ulong Fold(ulong print, IpAddress address)
    {
        UInt128 bits = address.ToBits();
        print = address.IsV4 ? print : Fold(print, (ulong)(bits >> 64));
        return Fold(print, (ulong)bits);
    }

    private static ulong Fold(ulong print, ulong value) => BitOperations.RotateLeft((print ^ value) * Multiplier, 29);
}
