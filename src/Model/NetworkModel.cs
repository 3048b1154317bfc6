using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Devices, services and technologies: turns what happened into what to do.</summary>
/// <remarks>
/// <para>
/// Theory of operation. A managed link with a cable gets a service; a service has a state for each family, and one that
/// combines them. DHCP, link-local addresses, router advertisements and online checks are asked for by outputs and come
/// back as inputs. Addresses, routes and name servers are never set one by one: after each step the whole plan is
/// computed from the services in their order, and what differs from the last plan comes out.
/// </para>
/// <para>
/// The law: one <see cref="Step"/>, then <see cref="TryTake"/> until it is false, then look at <see cref="Deadline"/>.
/// </para>
/// <code>
/// idle          -> configuration   the cable is in and the service may connect, or the user says so
/// configuration -> ready           a family has an address
/// configuration -> failure         none has after 120 s
/// ready         -> online          the online check of the first service succeeds
/// online        -> ready           it is not the first any more, or the check fails too often
/// ready, online -> configuration   the last address was lost
/// any           -> disconnect      the user says so, or the link is gone
/// disconnect    -> idle            at once
/// failure       -> idle            the user clears the error, or connects
/// </code>
/// </remarks>
public sealed class NetworkModel
{
    private readonly ModelStore store;
    private readonly PlanKeeper plans;
    private readonly ServiceLifecycle lifecycle;
    private readonly LinkKeeper links;
    private readonly UserRequests requests;
    private readonly DefaultService defaults;

    /// <summary>A model of a machine that nothing is known of yet.</summary>
    /// <param name="configuration">Rules.</param>
    /// <param name="isEthernetEnabled">As stored; null: as the configuration says.</param>
    /// <param name="isOffline">The flight mode, as stored.</param>
    /// <param name="timeservers">The global time servers, as stored.</param>
    public NetworkModel(
        ModelConfiguration configuration, bool? isEthernetEnabled, bool isOffline, ImmutableArray<string> timeservers)
    {
        store = new ModelStore(configuration)
        {
            IsOffline = isOffline,
            State = isOffline ? "offline" : "idle",
            Timeservers = timeservers,
        };
        store.Ethernet.IsEnabledByUser = isEthernetEnabled ?? configuration.DefaultEnabled.Contains("ethernet");
        store.Ethernet.IsPowered = store.Ethernet.IsEnabledByUser && !isOffline;
        lifecycle = new ServiceLifecycle(store);
        plans = new PlanKeeper(store);
        links = new LinkKeeper(store, lifecycle, plans);
        requests = new UserRequests(store, lifecycle, links);
        defaults = new DefaultService(store, lifecycle);
    }

    /// <summary>Services in their order: the one with the default route first.</summary>
    public IReadOnlyList<Service> Services => store.Services;

    /// <summary>Wired Ethernet.</summary>
    public Technology Ethernet => store.Ethernet;

    /// <summary>The Manager's state: offline, idle, ready or online.</summary>
    public string State => store.State;

    /// <summary>The flight mode.</summary>
    public bool IsOffline => store.IsOffline;

    /// <summary>The rules in force.</summary>
    public ModelConfiguration Configuration => store.Rules;

    /// <summary>When a <see cref="ModelInput.TimePassed"/> is due.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Steps taken so far: nothing here changes but by one.</summary>
    public long Steps { get; private set; }

    /// <summary>Behind each step, for who must see them all: several may be taken before anybody else gets a look.</summary>
    public event Action? Stepped;

    /// <summary>The service with this ident.</summary>
    public Service? Find(string ident) => store.Find(ident);

    /// <summary>Takes what happened.</summary>
    public void Step(ModelInput input, Instant now)
    {
        Steps++;
        store.Now = now;
        bool isChanged = Take(input);
        if (Deadline <= now)
        {
            // Whatever came, and even if the timer has not: what is over is over, and the plan follows.
            lifecycle.Expire();
            requests.Expire();
            isChanged = true;
        }

        if (isChanged)
        {
            Settle();
        }

        Deadline = Instant.Min(lifecycle.Expire(), requests.Expire());
        Stepped?.Invoke();
    }

    /// <summary>Hands out the next thing to do or to tell; false when there is none.</summary>
    public bool TryTake([NotNullWhen(true)] out ModelOutput? output) => store.TryTake(out output);

    /// <summary>Takes an input; false if nothing that the plan depends on can have changed.</summary>
    private bool Take(ModelInput input)
    {
        switch (input)
        {
            case ModelInput.LinkReported(LinkFacts link):
                links.Report(link);
                requests.LinksChanged();
                break;
            case ModelInput.LinkVanished(int index):
                links.Vanish(index);
                requests.LinksChanged();
                break;
            case ModelInput.AddressReported(AddressFacts address):
                return links.Report(address);
            case ModelInput.AddressVanished(int index, IpPrefix prefix):
                return links.Vanish(index, prefix);
            case ModelInput.KernelKnown:
                links.KernelKnown();
                break;
            case ModelInput.OwnRouteFound(RoutePlan route):
                plans.Adopt(route);
                break;
            case ModelInput.ServiceLoaded loaded:
                links.Load(loaded.Ident, loaded.Configuration);
                break;
            case ModelInput.ProvisioningChanged(ImmutableArray<ProvisionedService> provisioned):
                links.Provision(provisioned);
                break;
            case ModelInput.Reconfigured(ModelConfiguration configuration):
                links.Reconfigure(configuration);
                break;
            case ModelInput.TimeserversSet(ImmutableArray<string> timeservers):
                store.Timeservers = timeservers;
                break;
            case ModelInput.TimePassed:
                break;
            default:
                TakeFromNetworkOrUser(input);
                break;
        }

        return true;
    }

    private void TakeFromNetworkOrUser(ModelInput input)
    {
        if (!NetworkEvents.Take(store, lifecycle, input))
        {
            requests.Take(input);
        }
    }

    private void Settle()
    {
        bool moved = ServiceOrder.Sort(store.Services, store.Rules);
        defaults.Settle();
        moved |= ServiceOrder.Sort(store.Services, store.Rules);
        foreach (Service service in store.Services)
        {
            ServiceView view = ServiceView.Of(service, store.Rules, store.Timeservers);
            ServiceProperties changed = view.ChangedSince(service.Shown);
            service.Shown = view;
            if (changed != ServiceProperties.None)
            {
                store.Changed(service, changed);
            }
        }

        plans.Settle();
        defaults.SettleNames();
        if (moved)
        {
            store.Tell(new ModelOutput.ServicesReordered());
        }

        Overview.Update(store);
    }
}
