using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Execution;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;
using Spindle.Simulation;
using Spindle.Simulation.Network;
using KernelRoute = Spindle.Simulation.Network.Route;

namespace Spindle.Programs.Net;

/// <summary>What must be true whenever the daemon has done all that there was to do and lets time pass.</summary>
internal sealed class Invariants(NetWorld world, SimulatedBus bus, Action<string, string> violated)
{
    /// <summary>Descriptors of a daemon beside those that each link may need for sockets.</summary>
    private const int DescriptorsMax = 40;
    private const int DescriptorsPerLink = 12;

    /// <summary>Turns without any time passing: the rest of a burst takes fewer.</summary>
    private const int TurnsAtOnceMax = 20_000;

    private const uint MainTable = 254;
    private const uint DefaultMetricV6 = 100;

    private readonly SimulatedMachine machine = world.Machine;
    private readonly MirrorCheck mirrorCheck = new(world.Machine, violated);

    /// <summary>What services account for now, what they did since the kernel was last found in order, and what earlier lives left.</summary>
    private readonly Explanations current = new(world);
    private readonly Explanations had = new(world);
    private readonly Explanations left = new(world);
    private readonly HashSet<OwnRoute> there = [];
    private DaemonLife? noted;
    private long notedAt;
    private DaemonLife? judged;
    private (ulong Kernel, ulong Lifetimes, long Mirror, long Model) judgedAt;
    private Instant turnAt;
    private int turnsAtOnce;

    /// <summary>After each turn: a daemon that never lets time pass spins, and one that ends amid its work leaves in the kernel what it
    /// had a reason for.</summary>
    public void CountTurn(DaemonLife life)
    {
        NoteReasons(life);
        if (machine.World.Now != turnAt)
        {
            turnAt = machine.World.Now;
            turnsAtOnce = 0;
        }
        else if (++turnsAtOnce == TurnsAtOnceMax)
        {
            violated("no spin", $"{TurnsAtOnceMax} turns in no time");
        }
    }

    /// <summary>All of it, at a moment at which time is about to pass.</summary>
    /// <param name="life">The daemon.</param>
    /// <param name="isDisturbed">System calls fail at present: what the kernel has may lag behind.</param>
    public void Check(DaemonLife life, bool isDisturbed)
    {
        NoteReasons(life);
        bus.CheckPending();
        CheckDescriptors(life);
        NetworkModel model = life.Daemon.Model;
        CheckLeases(model, life);
        if (isDisturbed || !life.Daemon.Netlink.IsInStep || life.Daemon.Netlink.IsBusy
            || !life.Daemon.IsKernelAsTold)
        {
            return;
        }

        RtnetlinkMirror mirror = life.Daemon.Netlink.Mirror;
        (ulong Kernel, ulong Lifetimes, long Mirror, long Model) at =
            (KernelPrint.Of(machine.Network, out ulong lifetimes), lifetimes, mirror.Revision, model.Steps);
        bool isNews = life != judged || at.Kernel != judgedAt.Kernel;
        if (isNews || at.Lifetimes != judgedAt.Lifetimes || at.Mirror != judgedAt.Mirror)
        {
            mirrorCheck.Check(mirror);
        }

        if (isNews || at.Model != judgedAt.Model)
        {
            CheckPlans(model);
        }

        (judged, judgedAt) = (life, at);
    }

    /// <summary>Behind each step of the model: the next one of the same turn may already take back what this one had set.</summary>
    public void NoteReasons(DaemonLife life)
    {
        if (life != noted)
        {
            left.Add(had);
            had.Clear();
            (noted, notedAt) = (life, -1);
        }

        if (life.Daemon.Model.Steps != notedAt)
        {
            notedAt = life.Daemon.Model.Steps;
            had.Add(life.Daemon.Model);
        }
    }

    private void CheckPlans(NetworkModel model)
    {
        current.Clear();
        current.Add(model);
        CheckAddresses(model);
        CheckDefaultRoutes(model, IpFamily.V4);
        CheckDefaultRoutes(model, IpFamily.V6);
        CheckRoutes(model);
        left.Addresses.RemoveWhere(address => !IsUndecided(model, address.Link, address.Prefix.Family));
        left.Routes.RemoveWhere(route => !IsUndecided(model, route.Link, route.Destination.Family));
        had.Clear();
        had.Add(current);
    }

    private void CheckDescriptors(DaemonLife life)
    {
        int count = life.Kernel.DescriptorCount;
        if (count > DescriptorsMax + (DescriptorsPerLink * machine.Network.Links.Count))
        {
            violated("no growth of descriptors", $"{count} are open");
        }
    }

    private void CheckLeases(NetworkModel model, DaemonLife life)
    {
        Instant now = life.Kernel.Now(Kernels.ClockId.Boottime);
        foreach (Service service in model.Services)
        {
            if (service.Lease is { } lease && lease.ValidUntil <= now)
            {
                violated("no lease is used past its end", $"{service.Ident} has {lease.Address} until {lease.ValidUntil}, and it is {now}");
            }
        }
    }

    private void CheckAddresses(NetworkModel model)
    {
        foreach (InterfaceAddress address in machine.Network.Addresses())
        {
            IpPrefix prefix = new(address.Local, address.PrefixLength);
            if (address.Protocol == OwnMark.Protocol && !IsExplained(model, address.Link.Index, prefix))
            {
                violated("an address of ours belongs to a service", $"{prefix} on {address.Link.Name} does not");
            }
        }

        foreach (Service service in model.Services)
        {
            if (service.PlannedIpv4() is { } plan && service.Ipv4State.IsConnected() && Find(service.Link.Index, plan.Prefix) is null)
            {
                violated("a connected service has its address", $"{service.Ident} has not {plan.Prefix}");
            }

            if (service.PlannedIpv6() is { } byHand && service.Ipv6State == ServiceState.Configuration
                && Find(service.Link.Index, byHand.Prefix) is { IsTentative: false })
            {
                violated("an IPv6 address by hand that is there serves", $"{service.Ident} has {byHand.Prefix} and does not use it");
            }
        }
    }

    // What an earlier life left stays until the service of its link is decided.
    private bool IsExplained(NetworkModel model, int link, IpPrefix prefix) => current.Addresses.Contains((link, prefix))
        || (left.Addresses.Contains((link, prefix)) && IsUndecided(model, link, prefix.Family));

    private bool IsExplained(NetworkModel model, OwnRoute route) => current.Routes.Contains(route)
        || (left.Routes.Contains(route) && IsUndecided(model, route.Link, route.Destination.Family));

    private InterfaceAddress? Find(int link, IpPrefix prefix)
    {
        foreach (InterfaceAddress address in machine.Network.Addresses(machine.Network.FindLink(link), prefix.Family))
        {
            if (address.Local == prefix.Address && address.PrefixLength == prefix.Length)
            {
                return address;
            }
        }

        return null;
    }

    // The default route is the one of ours that wins; others of ours lie far behind it.
    private void CheckDefaultRoutes(NetworkModel model, IpFamily family)
    {
        uint metric = family == IpFamily.V4 ? 0 : DefaultMetricV6;
        int found = 0;
        foreach (KernelRoute route in Tables(family).Of(MainTable))
        {
            if (route.Destination.Length != 0 || route.Protocol != OwnMark.Protocol || route.Metric > metric)
            {
                continue;
            }

            // While nobody is connected, one of an earlier life stays until the service of its link is decided.
            found++;
            Service? first = First(model, family);
            if (first?.Link.Index != route.Link?.Index && !(first is null && IsUndecided(model, route.Link?.Index ?? 0, family)))
            {
                violated("the default route is the first service's", $"{route}, and the first is {first?.Ident ?? "nobody"}");
            }
        }

        if (found > 1)
        {
            violated("one default route at most", $"{found} of {family}");
        }
        else if (found == 0 && family == IpFamily.V4 && First(model, family) is { } lacking)
        {
            violated("the first service has its default route", $"{lacking.Ident} has none");
        }
    }

    private static bool IsUndecided(NetworkModel model, int link, IpFamily family)
    {
        foreach (Service service in model.Services)
        {
            if (service.Link.Index == link)
            {
                return service.State.IsConnecting() || service.StateOf(family).IsConnecting();
            }
        }

        return false;
    }

    private static Service? First(NetworkModel model, IpFamily family)
    {
        foreach (Service service in model.Services)
        {
            if (service.StateOf(family).IsConnected() && service.Gateway(family) is not null)
            {
                return service;
            }
        }

        return null;
    }

    private void CheckRoutes(NetworkModel model)
    {
        there.Clear();
        foreach (IpFamily family in (ReadOnlySpan<IpFamily>)[IpFamily.V4, IpFamily.V6])
        {
            foreach (KernelRoute route in Tables(family).All())
            {
                if (route.Protocol != OwnMark.Protocol)
                {
                    continue;
                }

                OwnRoute? own = OwnRoute.Of(route);
                if (own is not { } known || !IsExplained(model, known))
                {
                    violated("a route of ours belongs to a service", $"{route} source {route.PreferredSource} does not");
                }
                else
                {
                    there.Add(known);
                }
            }
        }

        foreach (OwnRoute route in current.Routes)
        {
            if (!there.Contains(route))
            {
                violated("a connected service has its routes", $"{route} is not there");
            }
        }
    }

    private Simulation.Network.RouteTables Tables(IpFamily family) => family == IpFamily.V4 ? machine.Network.Routes4.Tables : machine.Network.Routes6.Tables;
}
