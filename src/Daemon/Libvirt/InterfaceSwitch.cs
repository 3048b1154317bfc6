using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Bus;
using Spindle.Daemon.Execution;
using Spindle.Drivers.Netlink;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.LibvirtRpc;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>Starts and stops interfaces, as Connect and Disconnect of their services would, and says when the kernel shows it.</summary>
/// <remarks>
/// <para>
/// With a service: start is Connect by a user, stop is Disconnect by one, and the link stays on. Without a service, start waits
/// for one if there is a cable. A link that the daemon leaves alone for what it is (a bridge, a port, a tunnel) is switched on
/// or off; one that is left alone because the command line or main.conf say so, the loopback too, is left alone here as well.
/// </para>
/// <para>On the loop alone. Who does not wait any more drops the switching; what was begun goes on, as on D-Bus.</para>
/// </remarks>
internal sealed class InterfaceSwitch
{
    /// <summary>How long a service may take to appear, and the kernel to show what was done.</summary>
    public static readonly TimeSpan KernelDuration = TimeSpan.FromSeconds(10);

    /// <summary>The model gives up after 120 s; this is behind it.</summary>
    public static readonly TimeSpan ConnectDuration = TimeSpan.FromSeconds(125);

    private readonly EventLoop loop;
    private readonly NetworkModel model;
    private readonly NetlinkDriver netlink;
    private readonly Func<int, LinkFacts?> factsOf;
    private readonly Action<ModelInput> submit;
    private readonly List<Switching> running = [];
    private readonly Dictionary<int, Switching> tickets = [];
    private int lastTicket;

    public InterfaceSwitch(
        EventLoop loop, NetworkModel model, NetlinkDriver netlink, Func<int, LinkFacts?> factsOf, Action<ModelInput> submit)
    {
        this.loop = loop;
        this.model = model;
        this.netlink = netlink;
        this.factsOf = factsOf;
        this.submit = submit;
    }

    /// <summary>Switchings that are not done.</summary>
    public int RunningCount => running.Count;

    /// <summary>Starts or stops an interface.</summary>
    /// <param name="shown">Which.</param>
    /// <param name="isOn">True to start it.</param>
    /// <param name="done">Is told the error, or null; perhaps before this returns.</param>
    /// <returns>What can be dropped.</returns>
    public Switching Begin(HostInterface shown, bool isOn, Action<RpcError?> done)
    {
        Switching switching = new(this, shown, isOn, done);
        running.Add(switching);
        switching.Timer = loop.AddTimer((_, _) => switching.Expire(), name: "libvirt: switching");
        if (shown.Index == 0 || !netlink.Mirror.TryGetLink(shown.Index, out Link link))
        {
            switching.Fail($"there is no link '{shown.Name}'");
        }
        else if (shown.Refusal is null)
        {
            BeginService(switching, link);
        }
        else
        {
            BeginLink(switching, link);
        }

        return switching;
    }

    /// <summary>The model's answer to a ticket of ours, which are negative.</summary>
    public bool TryAnswer(ModelOutput output)
    {
        if (output is not ModelOutput.Reply(< 0 and int ticket, ModelError error))
        {
            return false;
        }

        if (tickets.Remove(ticket, out Switching? switching))
        {
            Answered(switching, error);
        }

        return true;
    }

    /// <summary>Something changed: perhaps it is what somebody waits for.</summary>
    public void Look()
    {
        for (int i = running.Count - 1; i >= 0; i--)
        {
            if (i < running.Count)
            {
                running[i].Look();
            }
        }
    }

    internal void Forget(Switching switching)
    {
        running.Remove(switching);
        tickets.Remove(switching.Ticket);
    }

    private Service? ServiceOf(HostInterface shown)
    {
        foreach (Service service in model.Services)
        {
            if (service.Link.Index == shown.Index)
            {
                return service;
            }
        }

        return null;
    }

    private void BeginService(Switching switching, in Link link)
    {
        Service? service = ServiceOf(switching.Shown);
        if (!switching.IsOn)
        {
            if (service is null || service.State is ServiceState.Idle or ServiceState.Disconnect)
            {
                switching.Fail(null);
            }
            else
            {
                Ask(switching, service);
            }

            return;
        }

        if (service is not null && service.State.IsConnected())
        {
            switching.Fail(null);
        }
        else if (!model.Ethernet.IsPowered)
        {
            switching.Fail(model.IsOffline ? "the flight mode is on" : "the technology 'ethernet' is switched off");
        }
        else if (service is null && link.IsUp && !link.HasCarrier)
        {
            switching.Fail($"there is no cable in '{link.Name}'");
        }
        else if (service is null)
        {
            switching.WaitUntil(KernelDuration, () =>
            {
                if (ServiceOf(switching.Shown) is { } found)
                {
                    Ask(switching, found);
                }

                return false;
            });
        }
        else
        {
            Ask(switching, service);
        }
    }

    private void Ask(Switching switching, Service service)
    {
        int ticket = --lastTicket;
        switching.Ticket = ticket;
        tickets.Add(ticket, switching);
        switching.WaitUntil(ConnectDuration, static () => false);
        submit(switching.IsOn
            ? new ModelInput.ConnectRequested(service.Ident, ticket)
            : new ModelInput.DisconnectRequested(service.Ident, ticket));
    }

    private void Answered(Switching switching, ModelError error)
    {
        HostInterface shown = switching.Shown;
        switch (error)
        {
            case ModelError.None when switching.IsOn:
                switching.WaitUntil(KernelDuration, () => IsShownOrEnded(switching));
                break;
            case ModelError.None:
                switching.WaitUntil(KernelDuration, () => !HasOwnAddress(shown.Index));
                break;
            case ModelError.InProgress:
                // It connects already, by itself or for somebody else: the end of that is what is waited for.
                switching.WaitUntil(ConnectDuration, () => IsShownOrEnded(switching));
                break;
            case ModelError.AlreadyConnected or ModelError.NotConnected:
                switching.Fail(null);
                break;
            case ModelError.OperationTimeout:
                switching.TimeOut();
                break;
            default:
                EndFailed(switching, $"'{shown.Name}': {ConnmanErrors.TextOf(error)}");
                break;
        }
    }

    /// <summary>Ends a start that will not be shown any more: it failed, or somebody has taken it back.</summary>
    private bool IsShownOrEnded(Switching switching)
    {
        switch (ServiceOf(switching.Shown)?.State)
        {
            case ServiceState.Failure:
                EndFailed(switching, $"'{switching.Shown.Name}' could not be connected");
                return false;
            case null or ServiceState.Idle or ServiceState.Disconnect:
                EndFailed(switching, $"'{switching.Shown.Name}' was disconnected meanwhile");
                return false;
            default:
                return IsShown(switching.Shown);
        }
    }

    private static void EndFailed(Switching switching, string detail) => switching.End(
        RpcError.Formatted(RpcErrorCode.OperationFailed, RpcErrorDomain.Interface, "operation failed: %s", detail));

    /// <summary>The service is connected, and an address of it is on the link.</summary>
    private bool IsShown(HostInterface shown) =>
        ServiceOf(shown) is { } service && service.State.IsConnected()
        && (HasAddress(shown.Index, service.Shown.Ipv4?.Address) || HasAddress(shown.Index, service.Shown.Ipv6?.Address));

    private bool HasAddress(int index, IpPrefix? prefix)
    {
        foreach (TimedAddress timed in netlink.Mirror.Addresses)
        {
            if (timed.Address.InterfaceIndex == index && timed.Address.Prefix == prefix)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasOwnAddress(int index)
    {
        foreach (TimedAddress timed in netlink.Mirror.Addresses)
        {
            if (timed.Address.InterfaceIndex == index && timed.Address.Protocol == OwnMark.Protocol)
            {
                return true;
            }
        }

        return false;
    }

    private void BeginLink(Switching switching, in Link link)
    {
        const ushort Loopback = 772; // ARPHRD_LOOPBACK
        string? rule = factsOf(link.Index) is { } facts ? LinkPolicy.RefusalByRule(facts, model.Configuration) : "not known yet";
        if (link.HardwareType == Loopback || rule is not null)
        {
            switching.Fail($"spindled leaves '{link.Name}' alone: {rule ?? "it is the loopback"}");
            return;
        }

        if (link.IsUp == switching.IsOn)
        {
            switching.Fail(null);
            return;
        }

        HostInterface shown = switching.Shown;
        if (!switching.IsOn && shown.Kind == InterfaceKind.Bridge && !shown.Members.IsEmpty)
        {
            string ports = string.Join(", ", shown.Members);
            switching.Fail($"'{link.Name}' is a bridge, and what is connected to it would be cut off (its ports: {ports})");
            return;
        }

        int index = link.Index;
        switching.WaitUntil(
            KernelDuration, () => netlink.Mirror.TryGetLink(index, out Link now) && now.IsUp == switching.IsOn);
        netlink.Send(NetlinkRequest.SetLinkUp(index, switching.IsOn), error =>
        {
            if (!error.IsOk)
            {
                switching.End(LibvirtErrors.System($"the kernel does not switch '{switching.Shown.Name}': {error}"));
            }
        });
    }
}
