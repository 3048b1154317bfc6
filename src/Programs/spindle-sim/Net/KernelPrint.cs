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

    /// <summary>Of links, addresses and routes.</summary>
    public static ulong Of(NetworkStack network)
    {
        ulong print = 1;
        foreach (SimulatedLink link in network.Links)
        {
            print = Fold(Fold(print, (uint)link.Index | ((ulong)link.Mtu << 32)), (ulong)link.Flags);
            print = Fold(print, (ulong)string.GetHashCode(link.Name, StringComparison.Ordinal));
            print = Fold(print, (ulong)link.MacAddress.GetHashCode());
            foreach (InterfaceAddress address in link.Addresses4)
            {
                print = Fold(print, address);
            }

            foreach (InterfaceAddress address in link.Addresses6)
            {
                print = Fold(print, address);
            }
        }

        return Fold(Fold(print, network.Routes4.Tables), network.Routes6.Tables);
    }

    private static ulong Fold(ulong print, InterfaceAddress address)
    {
        print = Fold(Fold(print, address.Local), address.PrefixLength | ((ulong)address.Protocol << 8) | ((ulong)address.Flags << 16));
        return Fold(Fold(print, (ulong)address.ValidUntil.Nanoseconds), (ulong)address.PreferredUntil.Nanoseconds);
    }

    private static ulong Fold(ulong print, RouteTables tables)
    {
        foreach (Route route in tables.All())
        {
            print = Fold(print, OfRoute(route));
        }

        return Fold(print, ulong.MaxValue);
    }

    private static ulong OfRoute(Route route)
    {
        ulong print = route.Table | ((ulong)route.Metric << 32);
        print = Fold(Fold(print, route.Destination.Address), ((ulong)(uint)(route.Link?.Index ?? 0) << 32) | route.Destination.Length
            | ((ulong)route.Protocol << 8) | ((ulong)route.Type << 16) | ((ulong)route.TypeOfService << 24));
        print = route.Gateway is { } gateway ? Fold(print, gateway) : print;
        return route.PreferredSource is { } source ? Fold(Fold(print, 1), source) : print;
    }

    private static ulong Fold(ulong print, IpAddress address)
    {
        UInt128 bits = address.ToBits();
        print = address.IsV4 ? print : Fold(print, (ulong)(bits >> 64));
        return Fold(print, (ulong)bits);
    }

    private static ulong Fold(ulong print, ulong value) => BitOperations.RotateLeft((print ^ value) * Multiplier, 29);
}
