using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Rtnetlink;
using Spindle.Simulation;
using Spindle.Simulation.Network;
using KernelFlags = Spindle.Simulation.Network.AddressFlags;
using KernelRoute = Spindle.Simulation.Network.Route;
using KernelTables = Spindle.Simulation.Network.RouteTables;
using MirrorFlags = Spindle.Protocols.Rtnetlink.AddressFlags;
using MirrorLink = Spindle.Protocols.Rtnetlink.Link;
using MirrorRoute = Spindle.Protocols.Rtnetlink.Route;

namespace Spindle.Programs.Net;

/// <summary>What the daemon believes of links, addresses and routes is what the kernel has, no more and no less.</summary>
/// <remarks>Of the local table it claims to know nothing, and of IPv6 routes not what changes without a word (how long they stay).</remarks>
internal sealed class MirrorCheck(SimulatedMachine machine, Action<string, string> violated)
{
    private const string Rule = "the mirror is the kernel";

    /// <summary>Lifetimes are told in whole seconds, and less than two are no news to the mirror.</summary>
    private static readonly TimeSpan LifetimeTolerance = TimeSpan.FromSeconds(4);

    private readonly HashSet<(int, IpPrefix)> believed = [];

    // Another one after each boot.
    private NetworkStack Network => machine.Network;

    /// <summary>What tells a route from others, as both sides have it.</summary>
    private readonly record struct RouteFace(
        IpPrefix Destination, IpAddress Gateway, int Link, uint Table, uint Metric, byte Protocol, byte Type, byte Scope, IpAddress Source, byte Service)
    {
        /// <summary>As a number, so that many can be added up.</summary>
        public ulong Print => KernelPrint.OfRoute(
            Link, Destination, Gateway, Source, Table, Metric, Protocol | ((ulong)Type << 8) | ((ulong)Scope << 16) | ((ulong)Service << 24));
    }

    /// <summary>Compares all of it.</summary>
    /// <param name="mirror">The daemon's.</param>
    public void Check(RtnetlinkMirror mirror)
    {
        CheckLinks(mirror);
        CheckAddresses(mirror, machine.Monotonic.Now);
        CheckRoutes(mirror);
    }

    private void CheckLinks(RtnetlinkMirror mirror)
    {
        if (mirror.LinkCount != Network.Links.Count)
        {
            violated(Rule, $"{mirror.LinkCount} links of {Network.Links.Count}");
        }

        foreach (SimulatedLink link in Network.Links)
        {
            if (!mirror.TryGetLink(link.Index, out MirrorLink known) || known.Name != link.Name
                || (uint)known.Flags != (uint)link.Flags)
            {
                violated(Rule, $"link {link.Name}: {known.Flags} is {link.Flags}");
            }
            else if (known.Mtu != link.Mtu || known.HardwareAddress != link.MacAddress)
            {
                violated(Rule, $"link {link.Name}: {known.HardwareAddress}, {known.Mtu} octets, is {link.MacAddress}, {link.Mtu} octets");
            }
        }
    }

    private void CheckAddresses(RtnetlinkMirror mirror, Instant now)
    {
        int known = 0;
        foreach (SimulatedLink link in Network.Links)
        {
            known += CountKnown(mirror, link.Addresses4, now) + CountKnown(mirror, link.Addresses6, now);
        }

        if (known != mirror.AddressCount)
        {
            ReportLeftover(mirror);
        }
    }

    // The kernel tells of an IPv6 address only once it is known to be nobody else's; a dump has it before.
    private int CountKnown(RtnetlinkMirror mirror, List<InterfaceAddress> addresses, Instant now)
    {
        int known = 0;
        foreach (InterfaceAddress address in addresses)
        {
            Address same = new()
            {
                InterfaceIndex = address.Link.Index,
                Local = address.Local,
                Peer = address.Peer,
                PrefixLength = address.PrefixLength,
            };
            if (mirror.TryGetAddress(same.Key, out TimedAddress timed) && timed.Address.PrefixLength == address.PrefixLength)
            {
                known++;
                CheckDetails(address, timed, now);
            }
            else if (!address.IsTentative)
            {
                violated(Rule, $"{address} on {address.Link.Name} is not known");
            }
        }

        return known;
    }

    private void CheckDetails(InterfaceAddress address, in TimedAddress known, Instant now)
    {
        if (address.IsTentative)
        {
            return;
        }

        if ((KernelFlags)(uint)known.Address.Flags != address.Flags || known.Address.Protocol != address.Protocol)
        {
            violated(
                Rule,
                $"{address} on {address.Link.Name}: {known.Address.Flags} of protocol {known.Address.Protocol} is {(MirrorFlags)(uint)address.Flags} of {address.Protocol}");
        }
        else if (!IsSameEnd(address.ValidUntil, known.Address.ValidSeconds, known.SaidAt, now)
            || !IsSameEnd(address.PreferredUntil, known.Address.PreferredSeconds, known.SaidAt, now))
        {
            violated(
                Rule,
                $"{address} on {address.Link.Name}: {known.Address.PreferredSeconds} and {known.Address.ValidSeconds} s from {known.SaidAt}"
                + $" is until {address.PreferredUntil} and {address.ValidUntil}");
        }
    }

    private static bool IsSameEnd(Instant until, uint seconds, Instant saidAt, Instant now)
    {
        if (until.IsNever || seconds == Address.Forever)
        {
            return until.IsNever && seconds == Address.Forever;
        }

        // What is over stays over, whenever it was.
        Instant believedEnd = Instant.Max(saidAt + TimeSpan.FromSeconds(seconds), now);
        return (believedEnd - Instant.Max(until, now)).Duration() <= LifetimeTolerance;
    }

    private void ReportLeftover(RtnetlinkMirror mirror)
    {
        believed.Clear();
        foreach (TimedAddress address in mirror.Addresses)
        {
            believed.Add((address.Address.InterfaceIndex, address.Address.Prefix));
        }

        foreach (InterfaceAddress address in Network.Addresses())
        {
            believed.Remove((address.Link.Index, new IpPrefix(address.Local, address.PrefixLength)));
        }

        foreach ((int link, IpPrefix prefix) in believed)
        {
            violated(Rule, $"{prefix} on link {link} is not there");
        }
    }

    // Whatever their order, the same routes have the same sum.
    private void CheckRoutes(RtnetlinkMirror mirror)
    {
        ulong sum = 0;
        foreach (MirrorRoute route in mirror.Routes)
        {
            sum += Face(route).Print;
        }

        if (sum != SumOf(Network.Routes4.Tables) + SumOf(Network.Routes6.Tables))
        {
            ReportRoutes(mirror);
        }
    }

    private static ulong SumOf(KernelTables tables)
    {
        ulong sum = 0;
        foreach (KernelRoute route in tables.All())
        {
            sum += route.Table == KernelRoute.LocalTable ? 0 : Face(route).Print;
        }

        return sum;
    }

    private void ReportRoutes(RtnetlinkMirror mirror)
    {
        Dictionary<RouteFace, int> counts = [];
        foreach (MirrorRoute route in mirror.Routes)
        {
            RouteFace face = Face(route);
            counts[face] = counts.GetValueOrDefault(face) + 1;
        }

        foreach (KernelRoute route in (IEnumerable<KernelRoute>)[.. Network.Routes4.Tables.All(), .. Network.Routes6.Tables.All()])
        {
            if (route.Table != KernelRoute.LocalTable)
            {
                RouteFace face = Face(route);
                counts[face] = counts.GetValueOrDefault(face) - 1;
            }
        }

        foreach ((RouteFace face, int count) in counts)
        {
            if (count != 0)
            {
                violated(Rule, $"{face} is {(count > 0 ? "not there" : "not known")}");
            }
        }
    }

    private static RouteFace Face(in MirrorRoute route) => new(
        route.Destination,
        route.HasGateway ? route.Gateway : AnyOf(route.Family),
        route.OutputInterface,
        route.Table,
        route.Metric,
        route.Protocol,
        (byte)route.Type,
        route.Family == IpFamily.V4 ? (byte)route.Scope : (byte)0,
        route.PreferredSource,
        route.TypeOfService);

    private static RouteFace Face(KernelRoute route) => new(
        route.Destination,
        route.Gateway ?? AnyOf(route.Destination.Family),
        route.Link?.Index ?? 0,
        route.Table,
        route.Metric,
        route.Protocol,
        (byte)route.Type,
        route.Destination.Family == IpFamily.V4 ? (byte)route.Scope : (byte)0,
        route.PreferredSource ?? AnyOf(route.Destination.Family),
        route.TypeOfService);

    private static IpAddress AnyOf(IpFamily family) => family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
}
