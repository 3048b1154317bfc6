using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network;

/// <summary>Switches links on and off, follows their carriers, and removes them: in the order in which the kernel tells of it.</summary>
internal sealed class LinkControl(NetworkStack stack)
{
    // RTM_NEWLINK's ifi_change of a link that is about to go.
    private const LinkFlags Closing = LinkFlags.Up | LinkFlags.Running;

    private readonly List<SimulatedLink> pending = [];

    public void SetUp(SimulatedLink link, bool isUp)
    {
        if (link.IsUp == isUp)
        {
            return;
        }

        link.IsUp = isUp;
        stack.ReportSwitched(link);
        if (isUp)
        {
            ReadCarrier(link);
            ReadPeers(link);
            stack.Tell.Link(link, MessageType.NewLink, (uint)LinkFlags.Up);
            stack.Addresses4.LinkUp(link);
            stack.Addresses6.LinkUp(link);
            stack.ReportLink(link);
            return;
        }

        Close(link, LinkFlags.Up);
    }

    public Answer SetMtu(SimulatedLink link, uint mtu)
    {
        uint min = link.Kind == LinkKind.Loopback ? 0u : 68u;
        if (mtu < min)
        {
            return Answer.Fail(Errno.EINVAL, "mtu less than device minimum");
        }

        if (mtu > LinkDefaults.MtuMax(link.Kind))
        {
            return Answer.Fail(Errno.EINVAL, "mtu greater than device maximum");
        }

        if (mtu == link.Mtu)
        {
            return Answer.Done;
        }

        bool spoke = link.Mtu >= Addresses6.MtuMin;
        link.Mtu = mtu;
        if (mtu >= Addresses6.MtuMin)
        {
            stack.Routes6.SetMtu(link, mtu);
        }

        stack.Tell.Link(link, MessageType.NewLink, 0);
        if (link.HasV4 != mtu >= Addresses4.MtuMin)
        {
            SwitchV4(link);
        }

        // The loopback link never stops speaking IPv6: what it has is taken from it each time anew.
        if (mtu < Addresses6.MtuMin && (spoke || link.Kind == LinkKind.Loopback))
        {
            stack.Addresses6.LinkDown(link);
            link.HasV6 = link.Kind == LinkKind.Loopback;
            stack.ReportIpv6(link);
            link.GenerationMode = link.HasV6 ? link.GenerationMode : GenerationModes.Eui64;
        }
        else if (!spoke && mtu >= Addresses6.MtuMin && !link.HasV6)
        {
            link.HasV6 = true;
            link.ForgetV6();
            stack.ReportIpv6(link);
            stack.Addresses6.LinkBack(link);
        }

        return Answer.Done;
    }

    public Answer SetAddress(SimulatedLink link, MacAddress address)
    {
        if (address.IsGroup || address.IsZero)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL);
        }

        link.MacAddress = address;
        stack.Tell.Link(link, MessageType.NewLink, 0);
        return Answer.Done;
    }

    public Answer Rename(SimulatedLink link, string name)
    {
        if (name == link.Name)
        {
            return Answer.Done;
        }

        if (!IsName(name))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (stack.FindLink(name) is not null)
        {
            return Answer.Fail(Errno.EEXIST);
        }

        string before = link.Name;
        link.Name = name;
        stack.ReportRenamed(link, before);
        stack.Tell.Link(link, MessageType.NewLink, 0);
        stack.Addresses4.LinkRenamed(link);
        return Answer.Done;
    }

    /// <summary>Makes a link a port of a bridge, or of none.</summary>
    public Answer SetMaster(SimulatedLink link, SimulatedLink? master)
    {
        if (link.Master == master)
        {
            return Answer.Done;
        }

        if (master == link || (master is not null && link.Kind == LinkKind.Loopback))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (master is not null && master.Kind != LinkKind.Bridge)
        {
            return Answer.Fail(Errno.EOPNOTSUPP);
        }

        SimulatedLink? before = link.Master;
        link.Master = master;
        link.Promiscuity += (master is null ? 0 : 1) - (before is null ? 0 : 1);
        stack.Tell.Link(link, MessageType.NewLink, 0);
        ReadPorts(before);
        ReadPorts(master);
        return Answer.Done;
    }

    /// <summary>A pair: the peer is there first.</summary>
    public SimulatedLink AddPair(string name, MacAddress address, string peerName, MacAddress peerAddress)
    {
        SimulatedLink peer = stack.AddLink(peerName, LinkKind.Veth, peerAddress);
        SimulatedLink link = stack.AddLink(name, LinkKind.Veth, address, one => one.Peer = peer);
        peer.Peer = link;
        return link;
    }

    /// <summary>Removes a link; with one end of a pair the other, with a link its VLANs.</summary>
    public void Remove(SimulatedLink link)
    {
        List<SimulatedLink> going = [link];
        foreach (SimulatedLink other in stack.Links)
        {
            if (other != link && other.Peer == link && (other.Kind is LinkKind.Vlan or LinkKind.Veth))
            {
                going.Add(other);
            }
        }

        foreach (SimulatedLink one in going)
        {
            one.IsLeaving = true;
        }

        DropCarriers(going);
        foreach (SimulatedLink one in going)
        {
            if (one.IsUp)
            {
                one.IsUp = false;
                Close(one, Closing);
            }
        }

        foreach (SimulatedLink one in going)
        {
            Forget(one);
        }
    }

    /// <summary>Looks at the line again: a cable was plugged in or pulled, or its other end changed.</summary>
    public void CarrierMayHaveChanged(SimulatedLink link)
    {
        if (link.IsPresent)
        {
            ReadCarrier(link);
        }
    }

    /// <summary>A new link was born with a carrier that is taken away at once: a pair's, and a bridge's that was given an address.</summary>
    public void DropCarrier(SimulatedLink link)
    {
        link.HasCarrier = false;
        link.CarrierDowns++;
        Notice(link);
    }

    /// <summary>True if a link may be called so: short, no space, slash or colon, and not the name of a directory.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and < 16 && name is not ("." or "..") && name.AsSpan().IndexOfAny(" /:\t\n\r\v\f") < 0;

    /// <summary>What the line says to a link that is switched on or off.</summary>
    private static bool LineIsUp(SimulatedLink link, NetworkStack stack) => link.Kind switch
    {
        LinkKind.Loopback or LinkKind.Dummy => true,
        LinkKind.Veth => link.IsUp && !link.IsLeaving && link.Peer is { IsUp: true },
        LinkKind.Ethernet => link.IsUp && link.Cable is { HasCarrier: true },
        LinkKind.Tap or LinkKind.Tun => link.Program is not null,
        LinkKind.Vlan => link.Peer is { IsUp: true, HasCarrier: true },
        LinkKind.Bridge => !HasPorts(link, stack, out bool anyWorks) ? link.HasCarrier : anyWorks,
    };

    private static bool HasPorts(SimulatedLink bridge, NetworkStack stack, out bool anyWorks)
    {
        bool any = false;
        anyWorks = false;
        foreach (SimulatedLink port in stack.Links)
        {
            any |= port.Master == bridge;
            anyWorks |= port.Master == bridge && port.IsRunning && port.HasCarrier;
        }

        return any;
    }

    private void Close(SimulatedLink link, LinkFlags change)
    {
        ReadCarrier(link);
        ReadPeers(link);
        stack.Tell.Link(link, MessageType.NewLink, (uint)change);
        stack.Routes4.DropLink(link, isGone: false);
        stack.Addresses6.LinkDown(link);
        stack.ReportLink(link);
    }

    private void SwitchV4(SimulatedLink link)
    {
        link.HasV4 = !link.HasV4;
        if (!link.HasV4)
        {
            stack.Addresses4.LinkGone(link);
            stack.Routes4.DropLink(link, isGone: true);
        }
    }

    // Both ends of a pair lose their carriers as the first is closed.
    private void DropCarriers(List<SimulatedLink> going)
    {
        foreach (SimulatedLink one in going)
        {
            ReadCarrier(one);
        }
    }

    private void Forget(SimulatedLink link)
    {
        stack.Addresses4.LinkGone(link);
        stack.Routes4.DropLink(link, isGone: true);
        stack.Addresses6.LinkDown(link);
        stack.Neighbors.Forget(link);
        stack.DropLink(link);
        stack.Tell.Link(link, MessageType.DeleteLink, uint.MaxValue);
        stack.ReportRemovedLink(link);
    }

    private void ReadPeers(SimulatedLink link)
    {
        foreach (SimulatedLink other in stack.Links)
        {
            if (other != link && other.Peer == link)
            {
                ReadCarrier(other);
            }
        }

        ReadPorts(link.Master);
    }

    private void ReadPorts(SimulatedLink? bridge)
    {
        if (bridge is not null)
        {
            ReadCarrier(bridge);
        }
    }

    private void ReadCarrier(SimulatedLink link)
    {
        bool hasCarrier = LineIsUp(link, stack);
        if (hasCarrier == link.HasCarrier)
        {
            return;
        }

        link.HasCarrier = hasCarrier;
        link.CarrierUps += hasCarrier ? 1u : 0u;
        link.CarrierDowns += hasCarrier ? 0u : 1u;
        Notice(link);
        ReadPeers(link);
    }

    // The machine notices a moment later; what came and went meanwhile it sees once.
    private void Notice(SimulatedLink link)
    {
        if (link.HasPendingState)
        {
            return;
        }

        link.HasPendingState = true;
        pending.Add(link);
        if (pending.Count == 1)
        {
            stack.Defer(NoticeAll);
        }
    }

    private void NoticeAll()
    {
        SimulatedLink[] links = [.. pending];
        pending.Clear();
        foreach (SimulatedLink link in links)
        {
            link.HasPendingState = false;
            if (link.IsPresent)
            {
                TakeState(link);
            }
        }
    }

    private void TakeState(SimulatedLink link)
    {
        OperationalState before = link.State;
        bool isOfOthers = link.Kind is LinkKind.Veth or LinkKind.Vlan;
        link.State = link.HasCarrier ? OperationalState.Up : isOfOthers ? OperationalState.LowerLayerDown : OperationalState.Down;
        if (!link.IsUp)
        {
            return;
        }

        stack.Routes4.MarkCarrier(link);
        stack.Routes6.MarkCarrier(link);
        stack.Addresses6.BecomeReady(link);
        stack.Tell.Link(link, MessageType.NewLink, 0);
        if (before != link.State)
        {
            stack.ReportLink(link);
        }
    }
}
