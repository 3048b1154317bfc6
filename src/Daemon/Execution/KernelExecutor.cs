using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Execution;

/// <summary>Sets links, addresses and routes in the kernel as the model says, marked as ours.</summary>
internal sealed class KernelExecutor
{
    private readonly EventLoop loop;
    private readonly NetlinkDriver netlink;
    private readonly Action<string> say;
    private readonly Action<ModelInput> submit;
    private readonly KernelRetries retries;

    /// <summary>Addresses that others had set before we wanted them: they serve, and stay as they are.</summary>
    private readonly HashSet<(int, IpPrefix)> foreign = [];

    /// <param name="loop">The loop.</param>
    /// <param name="netlink">The way to the kernel.</param>
    /// <param name="say">The log.</param>
    /// <param name="submit">Tells the model what was refused.</param>
    public KernelExecutor(EventLoop loop, NetlinkDriver netlink, Action<string> say, Action<ModelInput> submit)
    {
        this.loop = loop;
        this.netlink = netlink;
        this.say = say;
        this.submit = submit;
        retries = new KernelRetries(loop, output => Execute(output));
    }

    /// <summary>True while something that the kernel refused is still to be asked again.</summary>
    public bool IsRetrying => retries.IsWaiting;

    /// <summary>An address is gone: if it comes again it is anybody's.</summary>
    public void Forget(int link, IpPrefix prefix) => foreign.Remove((link, prefix));

    /// <summary>How many of those there are.</summary>
    public int ForeignCount => foreign.Count;

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.SetLinkUp(int link, bool isUp):
                Send(output, NetlinkRequest.SetLinkUp(link, isUp), $"link {link} {(isUp ? "up" : "down")}");
                return true;
            case ModelOutput.SetMtu(int link, int mtu):
                Send(output, NetlinkRequest.SetLinkMtu(link, (uint)mtu), $"link {link} mtu {mtu}");
                return true;
            case ModelOutput.AddAddress(int link, AddressPlan plan):
                AddAddress(output, link, plan);
                return true;
            case ModelOutput.RemoveAddress(int link, IpPrefix prefix):
                RemoveAddress(output, link, prefix);
                return true;
            case ModelOutput.AddRoute(RoutePlan plan):
                Send(output, NetlinkRequest.PrependRoute(RouteOf(plan)), $"route {plan.Destination}", Errno.EEXIST);
                return true;
            case ModelOutput.RemoveRoute(RoutePlan plan):
                Send(
                    output,
                    NetlinkRequest.DeleteRoute(RouteOf(plan)),
                    $"no route {plan.Destination}",
                    Errno.ESRCH,
                    Errno.ENODEV,
                    Errno.ENETDOWN);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A route of ours as a plan; null if it is not one of ours.</summary>
    public static RoutePlan? PlanOf(in Route route) =>
        route is { Protocol: OwnMark.Protocol, Type: RouteType.Unicast, Table: RouteTables.Main }
            ? new RoutePlan(
                route.OutputInterface,
                route.Destination,
                route.HasGateway ? route.Gateway : null,
                route.Metric,
                route.PreferredSource.IsUnspecified ? null : route.PreferredSource)
            : null;

    private static Route RouteOf(RoutePlan plan) => new()
    {
        Destination = plan.Destination,
        Gateway = plan.Gateway ?? (plan.Destination.Address.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6),
        OutputInterface = plan.LinkIndex,
        Metric = plan.Metric,
        PreferredSource = plan.Source ?? (plan.Destination.Address.IsV4 ? IpAddress.AnyV4 : IpAddress.AnyV6),
        Protocol = OwnMark.Protocol,
    };

    private void AddAddress(ModelOutput output, int link, AddressPlan plan)
    {
        Address address = AddressOf(link, plan.Prefix);
        if (netlink.Mirror.TryGetAddress(address.Key, out TimedAddress present) && present.Address.Protocol != OwnMark.Protocol
            && !foreign.Contains((link, plan.Prefix)))
        {
            foreign.Add((link, plan.Prefix));
            say($"link {link}: {plan.Prefix} is there already and stays as it is");
        }

        if (foreign.Contains((link, plan.Prefix)))
        {
            retries.Forget(output);
            return;
        }

        uint seconds = SecondsLeft(plan.ValidUntil);
        address = address with
        {
            Broadcast = plan.Broadcast ?? IpAddress.AnyV4,
            ValidSeconds = seconds,
            PreferredSeconds = seconds,
        };
        Send(output, NetlinkRequest.ReplaceAddress(address), $"link {link} address {plan.Prefix}");
    }

    private void RemoveAddress(ModelOutput output, int link, IpPrefix prefix)
    {
        if (foreign.Remove((link, prefix)))
        {
            retries.Forget(output);
        }
        else
        {
            Send(
                output,
                NetlinkRequest.DeleteAddress(AddressOf(link, prefix)),
                $"link {link} no address {prefix}",
                Errno.EADDRNOTAVAIL,
                Errno.ENODEV);
        }
    }

    private static Address AddressOf(int link, IpPrefix prefix) => new()
    {
        InterfaceIndex = link,
        Local = prefix.Address,
        PrefixLength = prefix.Length,
        Scope = prefix.Address.IsLinkLocal ? Scope.Link : Scope.Universe,
        Protocol = OwnMark.Protocol,
    };

    /// <summary>Rounded up: the kernel must not drop an address before we give the lease up.</summary>
    private uint SecondsLeft(Instant until) => until.IsNever
        ? Address.Forever
        : (uint)Math.Clamp(Math.Ceiling((until - loop.BoottimeNow).TotalSeconds), 1, Address.Forever - 1);

    private void Send(ModelOutput output, NetlinkRequest request, string what, params ReadOnlySpan<Errno> expected)
    {
        Errno[] harmless = expected.ToArray();
        retries.Begin(output);
        netlink.Send(request, error =>
        {
            bool isDone = error.IsOk || Array.IndexOf(harmless, (Errno)error.Number) >= 0;
            bool isTriedAgain = retries.End(output, isDone ? NetlinkError.None : error, out bool isNews);
            if (!isDone && isNews)
            {
                say($"the kernel refused {what}: {error}{(isTriedAgain ? "; it is tried again" : "")}");
            }

            if (!isDone && !isTriedAgain && output is ModelOutput.AddAddress(int link, AddressPlan plan))
            {
                submit(new ModelInput.AddressRefused(link, plan.Prefix));
            }
        });
    }
}
