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

    /// <summary>Of links, addresses and the routes of a table.</summary>
    public static ulong Of(NetworkStack network, uint table)
    {
        ulong print = 1;
        foreach (SimulatedLink link in network.Links)
        {
            print = Fold(Fold(print, (ulong)link.Index), (ulong)link.Flags);
            print = Fold(print, (ulong)string.GetHashCode(link.Name, StringComparison.Ordinal));
            foreach (InterfaceAddress address in link.Addresses4)
            {
                print = Fold(print, address);
            }

            foreach (InterfaceAddress address in link.Addresses6)
            {
                print = Fold(print, address);
            }
        }

        print = Fold(print, network.Routes4.Tables, table);
        return Fold(print, network.Routes6.Tables, table);
    }

    private static ulong Fold(ulong print, InterfaceAddress address) =>
        Fold(Fold(print, address.Local), address.PrefixLength | ((ulong)address.Protocol << 8) | (address.IsTentative ? 1ul << 16 : 0));

    private static ulong Fold(ulong print, RouteTables tables, uint table)
    {
        foreach (Route route in tables.Of(table))
        {
            ulong link = (ulong)(route.Link?.Index ?? 0);
            print = Fold(Fold(print, route.Destination.Address), (ulong)route.Destination.Length | ((ulong)route.Protocol << 8) | (link << 16));
            print = Fold(print, route.Metric);
        }

        return Fold(print, ulong.MaxValue);
    }

    private static ulong Fold(ulong print, IpAddress address)
    {
        UInt128 bits = address.ToBits();
        print = address.IsV4 ? print : Fold(print, (ulong)(bits >> 64));
        return Fold(print, (ulong)bits);
    }

    private static ulong Fold(ulong print, ulong value) => BitOperations.RotateLeft((print ^ value) * Multiplier, 29);
}
