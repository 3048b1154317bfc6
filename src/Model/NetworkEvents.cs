using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What DHCP, link-local addressing, routers and online checks say of a service.</summary>
internal static class NetworkEvents
{
    /// <summary>Takes such an input; false if it is none.</summary>
    public static bool Take(ModelStore store, ServiceLifecycle lifecycle, ModelInput input)
    {
        switch (input)
        {
            case ModelInput.LeaseAcquired(int link, Ipv4Lease lease):
                Acquire(store, lifecycle, link, lease);
                return true;
            case ModelInput.LeaseLost(int link):
                Lose(lifecycle, store.ServiceOn(link));
                return true;
            case ModelInput.LeaseOverdue(int link):
                Overdue(store, store.ServiceOn(link));
                return true;
            case ModelInput.LinkLocalClaimed(int link, IpAddress address):
                Claim(lifecycle, store.ServiceOn(link), address);
                return true;
            case ModelInput.LinkLocalLost(int link):
                LoseLinkLocal(lifecycle, store.ServiceOn(link));
                return true;
            case ModelInput.ConflictFound(int link, IpAddress address, MacAddress other, long unixSeconds):
                Conflict(store, store.ServiceOn(link), new AddressConflict(address, other, unixSeconds, false));
                return true;
            case ModelInput.RouterReported heard:
                Hear(lifecycle, store.ServiceOn(heard.LinkIndex), heard.Router);
                return true;
            case ModelInput.OnlineChecked(string ident, IpFamily family, OnlineVerdict verdict):
                Check(lifecycle, store.Find(ident), family, verdict);
                return true;
            case ModelInput.AddressRefused(int link, IpPrefix prefix):
                Refuse(lifecycle, store.ServiceOn(link), prefix);
                return true;
            default:
                return false;
        }
    }

    private static bool UsesDhcp(Service? service) =>
        service is { Configuration.Ipv4.Method: Ipv4Method.Dhcp }
        && service.Ipv4State is ServiceState.Configuration or ServiceState.Ready or ServiceState.Online;

    private static void Acquire(ModelStore store, ServiceLifecycle lifecycle, int link, Ipv4Lease lease)
    {
        if (store.ServiceOn(link) is not { } service || !UsesDhcp(service))
        {
            return;
        }

        if (service.IsLinkLocalStarted)
        {
            service.IsLinkLocalStarted = false;
            service.LinkLocal = null;
            store.Do(new ModelOutput.StopLinkLocal(link));
        }

        bool isMoved = service.Lease is not null && service.Lease.Address != lease.Address;
        service.Lease = lease;
        if (service.LastConflict is { IsResolved: false } conflict && conflict.Address != lease.Address.Address)
        {
            service.LastConflict = conflict with { IsResolved = true };
            store.Changed(service, ServiceProperties.LastAddressConflict);
        }

        if (isMoved)
        {
            lifecycle.StopCheck(service, IpFamily.V4);
        }

        if (service.LastAddress != lease.Address.Address)
        {
            service.LastAddress = lease.Address.Address;
            store.Do(new ModelOutput.SaveService(service));
        }

        SetMtu(store, service, lease.Mtu);
        if (!service.Ipv4State.IsConnected() || isMoved)
        {
            lifecycle.SetState(service, IpFamily.V4, ServiceState.Ready);
        }
    }

    private static void SetMtu(ModelStore store, Service service, int? mtu)
    {
        if (mtu is { } octets && octets != service.Link.Mtu)
        {
            service.Device.OwnMtu = service.Device.OwnMtu == 0 ? service.Link.Mtu : service.Device.OwnMtu;
            store.Do(new ModelOutput.SetMtu(service.Link.Index, octets));
        }
    }

    private static void Lose(ServiceLifecycle lifecycle, Service? service)
    {
        if (service is null || service.Lease is null)
        {
            return;
        }

        service.Lease = null;
        lifecycle.StopCheck(service, IpFamily.V4);
        lifecycle.SetState(service, IpFamily.V4, ServiceState.Configuration);
    }

    private static void Overdue(ModelStore store, Service? service)
    {
        if (service is not null && UsesDhcp(service) && service.Lease is null && !service.IsLinkLocalStarted)
        {
            service.IsLinkLocalStarted = true;
            store.Do(new ModelOutput.StartLinkLocal(service.Link.Index));
        }
    }

    private static void Claim(ServiceLifecycle lifecycle, Service? service, IpAddress address)
    {
        if (service is { IsLinkLocalStarted: true, Lease: null })
        {
            service.LinkLocal = address;
            lifecycle.SetState(service, IpFamily.V4, ServiceState.Ready);
        }
    }

    private static void LoseLinkLocal(ServiceLifecycle lifecycle, Service? service)
    {
        if (service is { LinkLocal: not null, Lease: null })
        {
            service.LinkLocal = null;
            lifecycle.StopCheck(service, IpFamily.V4);
            lifecycle.SetState(service, IpFamily.V4, ServiceState.Configuration);
        }
    }

    private static void Conflict(ModelStore store, Service? service, AddressConflict conflict)
    {
        if (service is not null)
        {
            service.LastConflict = conflict;
            store.Changed(service, ServiceProperties.LastAddressConflict);
        }
    }

    private static void Hear(ServiceLifecycle lifecycle, Service? service, RouterFacts? router)
    {
        if (service is not null && service.Ipv6State != ServiceState.Idle)
        {
            service.Router = router;
            lifecycle.UpdateIpv6(service);
        }
    }

    private static void Check(ServiceLifecycle lifecycle, Service? service, IpFamily family, OnlineVerdict verdict)
    {
        if (service is null || !service.IsChecked(family) || !service.StateOf(family).IsConnected())
        {
            return;
        }

        switch (verdict)
        {
            case OnlineVerdict.Online:
                if (service.Error == ServiceErrors.OnlineCheckFailed)
                {
                    lifecycle.ClearError(service);
                }

                lifecycle.SetState(service, family, ServiceState.Online);
                break;
            case OnlineVerdict.Failed:
                lifecycle.SetState(service, family, ServiceState.Ready);
                if (!(service.Ipv4State == ServiceState.Online || service.Ipv6State == ServiceState.Online))
                {
                    lifecycle.SetError(service, ServiceErrors.OnlineCheckFailed);
                }

                break;
        }
    }

    private static void Refuse(ServiceLifecycle lifecycle, Service? service, IpPrefix prefix)
    {
        if (service is not null && service.StateOf(prefix.Family) is not (ServiceState.Idle or ServiceState.Failure))
        {
            lifecycle.FailFamily(service, prefix.Family);
        }
    }
}
