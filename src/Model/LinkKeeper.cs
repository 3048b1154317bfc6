using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Keeps links, their addresses, and which of them have a service.</summary>
internal sealed class LinkKeeper(ModelStore store, ServiceLifecycle lifecycle, PlanKeeper plans)
{
    public void Report(LinkFacts link)
    {
        if (!store.Devices.TryGetValue(link.Index, out Device? device))
        {
            device = new Device(link);
            store.Devices.Add(link.Index, device);
        }

        if (device.Service is not null && device.Service.Ident != link.ServiceIdent)
        {
            RemoveService(device, isGoodbye: false);
        }

        device.Link = link;
        Judge(device);
    }

    public void Vanish(int index)
    {
        if (store.Devices.Remove(index, out Device? device))
        {
            RemoveService(device, isGoodbye: false);
            plans.Forget(index);
            UpdatePresence();
        }
    }

    /// <summary>An address is there; false if that makes no difference to anything but the list.</summary>
    public bool Report(AddressFacts address)
    {
        if (store.DeviceOf(address.LinkIndex) is not { } device)
        {
            return false;
        }

        bool isNews = device.Set(address);
        if (address.IsOurs && !store.IsKernelKnown)
        {
            plans.Adopt(address.LinkIndex, address.Prefix);
        }

        // The kernel tells of each new lifetime, with every advertisement, and lifetimes are nothing to us.
        return address.Prefix.Family == IpFamily.V6 && device.Service is { } service && (lifecycle.UpdateIpv6(service) || isNews);
    }

    /// <summary>An address is gone; false if that makes no difference to anything but the list.</summary>
    public bool Vanish(int index, IpPrefix prefix)
    {
        if (store.DeviceOf(index) is not { } device || !device.Remove(prefix))
        {
            return false;
        }

        bool wasOurs = plans.Has(index, prefix);
        plans.Forget(index, prefix);
        return UpdateIpv6(device, prefix) || wasOurs;
    }

    /// <summary>The first dump is complete: from now on links are switched on and services appear.</summary>
    public void KernelKnown()
    {
        store.IsKernelKnown = true;
        JudgeAll();
    }

    public void Load(string ident, ServiceConfiguration? configuration)
    {
        Device? device = FindLoading(ident);
        if (device is null)
        {
            return;
        }

        device.IsLoading = false;
        if (!IsFit(device))
        {
            return;
        }

        ServiceConfiguration stored = configuration ?? new ServiceConfiguration
        {
            AutoConnect = store.Rules.DefaultAutoConnect.Contains("ethernet"),
            Favorite = store.Rules.DefaultFavorite.Contains("ethernet"),
        };
        Service service = new(device, ident, stored) { LastAddress = stored.LastAddress };
        device.Service = service;
        ApplyProvision(service);
        store.Services.Add(service);
        store.Tell(new ModelOutput.ServiceAdded(service));
        if (plans.HasAdopted(device.Link.Index) && service.State == ServiceState.Idle)
        {
            lifecycle.Connect(service, isByUser: false);

            // An address that is there already is not told of once more.
            lifecycle.UpdateIpv6(service);
        }

        lifecycle.AutoConnect(service);
    }

    public void Provision(ImmutableArray<ProvisionedService> provisioned)
    {
        store.Provisioned = provisioned;
        foreach (Service service in (Service[])[.. store.Services])
        {
            ServiceConfiguration before = service.Configuration;
            bool wasImmutable = service.IsImmutable;
            ApplyProvision(service);
            if (service.Configuration != before || service.IsImmutable != wasImmutable)
            {
                Announce(service, before, wasImmutable);
                Reapply(service, before);
            }
        }
    }

    public void Reconfigure(ModelConfiguration configuration)
    {
        store.Rules = configuration;
        JudgeAll();
    }

    /// <summary>A service's configuration changed: what it is about starts anew.</summary>
    public void Reapply(Service service, ServiceConfiguration before)
    {
        if (service.Configuration.Ipv4 != before.Ipv4)
        {
            lifecycle.Restart(service, IpFamily.V4);
        }

        if (service.Configuration.Ipv6 != before.Ipv6)
        {
            lifecycle.Restart(service, IpFamily.V6);
        }

        lifecycle.AutoConnect(service);
    }

    /// <summary>Looks at all links again after the rules or the power changed.</summary>
    public void JudgeAll()
    {
        foreach (Device device in (Device[])[.. store.Devices.Values])
        {
            Judge(device);
        }

        UpdatePresence();
    }

    private Device? FindLoading(string ident)
    {
        foreach (Device device in store.Devices.Values)
        {
            if (device.IsLoading && device.Link.ServiceIdent == ident)
            {
                return device;
            }
        }

        return null;
    }

    private bool UpdateIpv6(Device device, IpPrefix prefix)
    {
        if (device.Service is { } service && prefix.Family == IpFamily.V6)
        {
            lifecycle.UpdateIpv6(service);
            return true;
        }

        return false;
    }

    private static void Overlay(Service service) =>
        service.Configuration = service.Provision?.Over(service.Stored) ?? service.Stored;

    private void Judge(Device device)
    {
        string? refusal = LinkPolicy.Refusal(device.Link, store.Rules);
        bool isManaged = refusal is null;
        if (device.IsManaged && !isManaged)
        {
            store.Do(new ModelOutput.Say($"{device.Link.Name} is left alone: {refusal}"));
        }

        device.IsManaged = isManaged;
        UpdatePresence();
        if (!IsFit(device))
        {
            RemoveService(device, isGoodbye: isManaged && device.Link.HasCarrier);
        }
        else if (device.Service is null && !device.IsLoading)
        {
            device.IsLoading = true;
            store.Do(new ModelOutput.LoadService(device.Link.ServiceIdent));
        }

        if (store.IsKernelKnown && isManaged && store.Ethernet.IsPowered && !device.Link.IsUp && !device.IsUpWanted)
        {
            device.IsUpWanted = true;
            store.Do(new ModelOutput.SetLinkUp(device.Link.Index, true));
        }
        else if (device.Link.IsUp)
        {
            device.IsUpWanted = false;
        }
    }

    private bool IsFit(Device device) =>
        store.IsKernelKnown && device.IsManaged && store.Ethernet.IsPowered && device.Link is { IsUp: true, HasCarrier: true }
        && !store.Services.Exists(other => other.Device != device && other.Ident == device.Link.ServiceIdent);

    private void RemoveService(Device device, bool isGoodbye)
    {
        device.IsLoading = false;
        if (device.Service is not { } service)
        {
            return;
        }

        lifecycle.Disconnect(service, ModelError.OperationAborted, isGoodbye);
        if (device.OwnMtu != 0)
        {
            store.Do(new ModelOutput.SetMtu(device.Link.Index, device.OwnMtu));
            device.OwnMtu = 0;
        }

        device.Service = null;
        store.Services.Remove(service);
        store.Tell(new ModelOutput.ServiceRemoved(service.Ident));
        Overview.Update(store);
    }

    private void UpdatePresence()
    {
        bool isPresent = false;
        foreach (Device device in store.Devices.Values)
        {
            isPresent |= device.IsManaged && store.IsKernelKnown;
        }

        if (isPresent == store.Ethernet.IsPresent)
        {
            return;
        }

        store.Ethernet.IsPresent = isPresent;
        store.Tell(isPresent
            ? new ModelOutput.TechnologyAdded(store.Ethernet)
            : new ModelOutput.TechnologyRemoved(store.Ethernet));
    }

    private void ApplyProvision(Service service)
    {
        service.Provision = null;
        foreach (ProvisionedService entry in store.Provisioned)
        {
            service.Provision ??= entry.Matches(service.Link) ? entry : null;
        }

        Overlay(service);
    }

    private void Announce(Service service, ServiceConfiguration before, bool wasImmutable)
    {
        ServiceConfiguration after = service.Configuration;
        ServiceProperties changed = service.IsImmutable == wasImmutable ? 0 : ServiceProperties.Immutable;
        changed |= after.Ipv4 == before.Ipv4 ? 0 : ServiceProperties.Ipv4Configuration;
        changed |= after.Ipv6 == before.Ipv6 ? 0 : ServiceProperties.Ipv6Configuration;
        changed |= after.Nameservers.IsSameAs(before.Nameservers) ? 0 : ServiceProperties.NameserversConfiguration;
        changed |= after.Timeservers.IsSameAs(before.Timeservers) ? 0 : ServiceProperties.TimeserversConfiguration;
        changed |= after.Domains.IsSameAs(before.Domains) ? 0 : ServiceProperties.DomainsConfiguration;
        changed |= after.MulticastDns == before.MulticastDns ? 0 : ServiceProperties.MulticastDns;
        if (changed != ServiceProperties.None)
        {
            store.Changed(service, changed);
        }
    }
}
