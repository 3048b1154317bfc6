using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>The IPv6 addresses of links (RFC 4862), and the routes that each brings: to its network at once, to itself once it
/// is known that nobody else has it.</summary>
internal sealed class Addresses6(NetworkStack stack)
{
    /// <summary>IPv6 wants this much (RFC 8200, section 5); a link with less does not speak it.</summary>
    public const uint MtuMin = 1280;

    private const byte HostLength = 128;
    private const byte LoopbackOwner = 1;  // IFAPROT_KERNEL_LO
    private const byte LinkLocalOwner = 3; // IFAPROT_KERNEL_LL

    /// <summary>Adds an address that is not there.</summary>
    public Answer Add(InterfaceAddress address)
    {
        BringMulticast(address.Link);
        if (address.Local.IsUnspecified)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL, "ipv6: Invalid address");
        }

        if (address.Local.IsMulticast)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag");
        }

        if (address.Local.IsLoopback && address.Link.Kind != LinkKind.Loopback)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
        }

        AddressFlags checkedFlags = AddressFlags.NoDetection | AddressFlags.Optimistic;
        address.Flags |= (address.Flags & checkedFlags) == AddressFlags.NoDetection ? AddressFlags.None : AddressFlags.Tentative;
        Insert(address);
        BringNetwork(address);
        if (address.IsTentative)
        {
            stack.Tell.Address(address, MessageType.NewAddress);
            stack.ReportAdded(address);
            stack.Detection.Begin(address);
        }
        else
        {
            stack.ReportAdded(address);
            Settle(address);
        }

        if ((address.Flags & AddressFlags.ManageTemporary) != 0)
        {
            stack.Temporary.Follow(address, isNew: true);
        }

        return Answer.Done;
    }

    /// <summary>Adds one that a router's prefix makes: nobody is told until it may be used, and its network's route is no affair of it.</summary>
    public void AddAdvertised(InterfaceAddress address)
    {
        address.Flags |= AddressFlags.Tentative;
        Insert(address);
        stack.ReportAdded(address);
        stack.Detection.Begin(address);
        stack.Lifetimes.ArmLater(address);
    }

    /// <summary>Changes lifetimes, flags, metric, owner and peer of one that is there.</summary>
    public Answer Change(InterfaceAddress address, InterfaceAddress wanted)
    {
        const AddressFlags Changeable = AddressFlags.NoPrefixRoute | AddressFlags.ManageTemporary | AddressFlags.Home | AddressFlags.NoDetection;
        if ((wanted.Flags & AddressFlags.ManageTemporary) != 0 && (address.IsTemporary || address.PrefixLength != TemporaryAddresses.PrefixLength))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        bool wasFollowed = (address.Flags & AddressFlags.ManageTemporary) != 0;
        bool brought = (address.Flags & (AddressFlags.Permanent | AddressFlags.NoPrefixRoute)) == AddressFlags.Permanent;
        ChangePeer(address, wanted.Peer);
        address.Flags = (address.Flags & ~Changeable) | (wanted.Flags & Changeable);
        address.Metric = wanted.Metric != 0 ? wanted.Metric : address.Metric;
        address.Protocol = wanted.Protocol;
        stack.Lifetimes.Take(address, wanted);
        stack.Tell.Address(address, MessageType.NewAddress);
        if ((address.Flags & AddressFlags.NoPrefixRoute) == 0)
        {
            BringAgain(address, address.Network6, brought);
            if (address.Peer != address.Local)
            {
                BringAgain(address, address.Network, brought);
            }
        }
        else if (brought && NetworkRouteOf(address, address.Network6) is { } own)
        {
            Release(own, address);
        }

        Follow(address, wasFollowed);
        stack.ReportChanged(address);
        return Answer.Done;
    }

    /// <summary>Removes an address; its network's route goes with the last that is in it, or with those that are not there for ever.</summary>
    public void Remove(InterfaceAddress address, bool areRoutesGone = false)
    {
        Route? network = areRoutesGone ? null : NetworkRouteOf(address, address.Network6);
        address.Link.Addresses6.Remove(address);
        address.Next?.Cancel();
        stack.Detection.End(address);
        stack.Tell.Address(address, MessageType.DeleteAddress);
        if (!areRoutesGone && !address.IsTentative)
        {
            if (address.Link.Settings[LinkSetting.Forwarding] != 0)
            {
                stack.SubnetRouters.Leave(address);
            }

            TakePeer(address);
            Take(Route.LocalTable, new IpPrefix(address.Local, HostLength), address.Link);
        }

        if (network is not null && (address.Flags & (AddressFlags.Permanent | AddressFlags.NoPrefixRoute)) == AddressFlags.Permanent)
        {
            Release(network, address);
        }

        stack.Temporary.Forget(address);

        if (!areRoutesGone && !stack.IsLocal(address.Local))
        {
            stack.Routes6.DropSource(address.Local);
        }

        stack.ReportRemoved(address);
    }

    /// <summary>The link is switched on: what it was given before has its routes now.</summary>
    public void LinkUp(SimulatedLink link)
    {
        if (!link.HasV6 || link.IsV6Disabled)
        {
            return;
        }

        if (link.Ipv6Mtu != link.Mtu)
        {
            stack.Routes6.SetMtu(link, link.Mtu); // what a router has said of it is forgotten
        }

        foreach (InterfaceAddress address in link.Addresses6)
        {
            if (address.IsPermanent)
            {
                BringNetwork(address);
            }
        }

        BecomeReady(link);
    }

    /// <summary>The link can speak IPv6 again.</summary>
    public void LinkBack(SimulatedLink link)
    {
        if (link.IsUp)
        {
            LinkUp(link);
        }
    }

    /// <summary>The link works now, if it does: its link-local address and routes appear (RFC 4862, section 5.3).</summary>
    public void BecomeReady(SimulatedLink link)
    {
        if (link.SpeaksV6 || !link.IsRunning || !link.HasCarrier || !link.HasV6 || link.IsV6Disabled)
        {
            return;
        }

        link.SpeaksV6 = true;
        if (link.Kind == LinkKind.Loopback)
        {
            BringLoopback(link);
            return;
        }

        BringMulticast(link);
        if (link.Kind != LinkKind.Tun && link.GenerationMode == GenerationModes.Eui64)
        {
            BringLinkLocal(link);
        }

        foreach (InterfaceAddress address in new List<InterfaceAddress>(link.Addresses6))
        {
            if (address.IsTentative)
            {
                stack.Detection.Begin(address);
            }
        }
    }

    /// <summary>The link is switched off, or does not speak IPv6 any more: routes and addresses go.</summary>
    public void LinkDown(SimulatedLink link)
    {
        link.SpeaksV6 = false;
        stack.Routes6.DropLink(link);
        stack.SubnetRouters.Forget(link);
        stack.Neighbors.Forget(link, IpFamily.V6);
        foreach (InterfaceAddress address in new List<InterfaceAddress>(link.Addresses6))
        {
            Remove(address, areRoutesGone: true);
        }

        stack.ReportIpv6Ended(link);
    }

    /// <summary>Nobody else has the address: it may be used.</summary>
    public void Settle(InterfaceAddress address)
    {
        address.Flags &= ~(AddressFlags.Tentative | AddressFlags.Optimistic);
        stack.Tell.Address(address, MessageType.NewAddress);
        Bring(RouteOf(Route.LocalTable, new IpPrefix(address.Local, HostLength), RouteType.Local, 0, address.Link));
        if (address.Peer != address.Local && address.Link.IsUp)
        {
            Bring(RouteOf(Route.MainTable, new IpPrefix(address.Peer, HostLength), RouteType.Unicast, MetricOf(address), address.Link));
        }

        if (address.Link.Settings[LinkSetting.Forwarding] != 0)
        {
            stack.SubnetRouters.Join(address);
        }

        stack.ReportChanged(address);
        stack.ReportSettled(address);
        if (address.IsTemporary)
        {
            stack.Lifetimes.LookAtAll(); // the next one may be due already
        }
    }

    private static IpAddress MulticastNetwork => IpAddress.FromV6((UInt128)0xFF << 120);

    private static IpAddress LinkLocalNetwork => IpAddress.FromV6((UInt128)0xFE80 << 112);

    private static uint MetricOf(InterfaceAddress address) => address.Metric == 0 ? Routes6.PrefixMetric : address.Metric;

    // One that was there for ever no longer brings its network's route: that goes, or ends with the last of the others in it.
    private void Release(Route network, InterfaceAddress address)
    {
        List<InterfaceAddress> others = address.Link.Addresses6.FindAll(other => other != address && other.Network6 == address.Network6);
        if (others.Exists(static other => (other.Flags & (AddressFlags.Permanent | AddressFlags.NoPrefixRoute)) != 0))
        {
            return;
        }

        if (others.Count == 0)
        {
            stack.Routes6.Remove(network);
        }
        else if (network.ExpiresAt.IsNever)
        {
            Instant end = stack.Machine.Monotonic.Now; // what a router has given for ever does not count
            others.ForEach(other => end = other.ValidUntil.IsNever ? end : Instant.Max(end, other.ValidUntil));
            stack.Routes6.SetExpiry(network, end);
        }
    }

    private void Follow(InterfaceAddress address, bool wasFollowed)
    {
        bool isFollowed = (address.Flags & AddressFlags.ManageTemporary) != 0;
        if (isFollowed)
        {
            stack.Temporary.Follow(address, isNew: !wasFollowed);
        }
        else if (wasFollowed)
        {
            stack.Temporary.Remove(address);
        }
    }

    // Wide scopes before narrow ones, and of one scope the latest first; the loopback's own address counts as one of the link.
    private void Insert(InterfaceAddress address)
    {
        List<InterfaceAddress> list = address.Link.Addresses6;
        RouteScope scope = address.Scope == RouteScope.Host ? RouteScope.Link : address.Scope;
        int place = list.FindIndex(other => other.Scope >= scope);
        list.Insert(place < 0 ? list.Count : place, address);
        stack.Lifetimes.Arm(address);
    }

    private void BringMulticast(SimulatedLink link)
    {
        if (link.IsUp && !link.IsV6Disabled && link.Kind != LinkKind.Loopback)
        {
            Bring(RouteOf(Route.LocalTable, new IpPrefix(MulticastNetwork, 8), RouteType.Multicast, Routes6.PrefixMetric, link));
        }
    }

    private void BringLoopback(SimulatedLink link)
    {
        IpAddress own = IpAddress.FromV6(1);
        if (!link.Addresses6.Exists(address => address.Local == own))
        {
            InterfaceAddress address = New(link, own, HostLength, RouteScope.Host, LoopbackOwner);
            Insert(address);
            stack.ReportAdded(address);
            Settle(address);
        }

        if (link.Mtu < MtuMin)
        {
            LinkDown(link);
        }
    }

    // EUI-64 (RFC 4291, appendix A).
    private void BringLinkLocal(SimulatedLink link)
    {
        Span<byte> mac = stackalloc byte[MacAddress.Size];
        link.MacAddress.Write(mac);
        UInt128 bits = (UInt128)0xFE80 << 112
            | (UInt128)(byte)(mac[0] ^ 2) << 56 | (UInt128)mac[1] << 48 | (UInt128)mac[2] << 40
            | (UInt128)0xFFFE << 24 | (UInt128)mac[3] << 16 | (UInt128)mac[4] << 8 | mac[5];
        IpAddress own = IpAddress.FromV6(bits);
        Bring(RouteOf(Route.MainTable, new IpPrefix(LinkLocalNetwork, 64), RouteType.Unicast, Routes6.PrefixMetric, link));
        if (link.Addresses6.Exists(address => address.Local == own))
        {
            return;
        }

        InterfaceAddress linkLocal = New(link, own, 64, RouteScope.Link, LinkLocalOwner);
        linkLocal.Flags |= AddressFlags.Tentative;
        Insert(linkLocal);
        stack.ReportAdded(linkLocal);
        stack.Detection.Begin(linkLocal);
    }

    private InterfaceAddress New(SimulatedLink link, IpAddress local, byte length, RouteScope scope, byte owner) => new(link, local, length)
    {
        Scope = scope,
        Flags = AddressFlags.Permanent,
        Protocol = owner,
        CreatedAt = stack.Machine.Monotonic.Now,
        UpdatedAt = stack.Machine.Monotonic.Now,
    };

    private void BringNetwork(InterfaceAddress address)
    {
        if ((address.Flags & AddressFlags.NoPrefixRoute) == 0)
        {
            Bring(address, address.Network6);
        }
    }

    private void Bring(InterfaceAddress address, IpPrefix network)
    {
        if (address.Link.IsUp)
        {
            Route route = RouteOf(Route.MainTable, network, RouteType.Unicast, MetricOf(address), address.Link);
            route.ExpiresAt = address.ValidUntil;
            Bring(route);
        }
    }

    // A route that the address had brought before takes the address's metric, whoever else it serves.
    private void BringAgain(InterfaceAddress address, IpPrefix network, bool brought)
    {
        Route? before = brought ? NetworkRouteOf(address, network) : null;
        bool isOther = before is not null && before.Metric != MetricOf(address);
        if (before is not null && isOther)
        {
            stack.Routes6.Remove(before);
        }

        Bring(address, network);
        if (before is not null && !isOther && !address.ValidUntil.IsNever)
        {
            stack.Routes6.SetExpiry(before, Instant.Zero); // Linux 6.18 counts the time that it has left from its boot
        }
    }

    // The network of the peer before is left at once, and others in it are not asked. Naming itself names no peer.
    private void ChangePeer(InterfaceAddress address, IpAddress peer)
    {
        if (peer == address.Local || peer == address.Peer)
        {
            return;
        }

        if (address.Peer != address.Local && NetworkRouteOf(address, address.Network) is { } before)
        {
            stack.Routes6.Remove(before);
        }

        address.Peer = peer;
    }

    private Route? NetworkRouteOf(InterfaceAddress address, IpPrefix network)
    {
        foreach (Route route in stack.Routes6.Tables.Of(Route.MainTable))
        {
            if (route.Destination == network && route.Link == address.Link && route.Protocol == Route.KernelProtocol
                && route.Gateway is null)
            {
                return route;
            }
        }

        return null;
    }

    private void TakePeer(InterfaceAddress address)
    {
        if (address.Peer != address.Local)
        {
            Take(Route.MainTable, new IpPrefix(address.Peer, HostLength), address.Link);
        }
    }

    private void Take(uint table, IpPrefix destination, SimulatedLink link) =>
        stack.Routes6.Delete(new RouteWish(table, destination) { LinkIndex = link.Index, Protocol = Route.KernelProtocol });

    private void Bring(Route route) => stack.Routes6.Add(route, MessageFlags.Create);

    private static Route RouteOf(uint table, IpPrefix destination, RouteType type, uint metric, SimulatedLink link) => new(table, destination)
    {
        Type = type,
        Metric = metric,
        Link = link,
        IsLinkDown = type != RouteType.Local && !link.HasCarrier,
    };
}
