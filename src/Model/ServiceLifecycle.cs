using System;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>Takes services up and down, and keeps the states of their two families.</summary>
internal sealed class ServiceLifecycle(ModelStore store)
{
    /// <summary>A service that is not connected by then has failed (ConnMan's CONNECT_TIMEOUT).</summary>
    private static readonly TimeSpan ConnectDuration = TimeSpan.FromSeconds(120);

    /// <summary>Connects by itself, if it may.</summary>
    public void AutoConnect(Service service)
    {
        ServiceConfiguration told = service.Configuration;
        if (told.AutoConnect && told.Favorite && !service.IsIgnored && service.State == ServiceState.Idle)
        {
            Connect(service, isByUser: false);
        }
    }

    public void Connect(Service service, bool isByUser)
    {
        service.IsByUser = isByUser;
        service.IsIgnored = false;
        ClearError(service);
        service.ConnectBy = store.Now + ConnectDuration;
        Begin(service, IpFamily.V4);
        Begin(service, IpFamily.V6);
        if (service.State == ServiceState.Idle)
        {
            service.ConnectBy = Instant.Never;
            ReplyConnect(service, ModelError.InvalidArguments);
        }
    }

    /// <summary>Takes a service down.</summary>
    /// <param name="service">Which.</param>
    /// <param name="error">What a waiting Connect is told.</param>
    /// <param name="isGoodbye">True: give the lease back and the addresses up; false: the cable is out already.</param>
    public void Disconnect(Service service, ModelError error, bool isGoodbye)
    {
        ReplyConnect(service, error);
        service.ConnectBy = Instant.Never;
        if (service.State is ServiceState.Idle or ServiceState.Failure)
        {
            return;
        }

        End(service, IpFamily.V4, isGoodbye);
        End(service, IpFamily.V6, isGoodbye);
        SetStates(service, Leaving(service.Ipv4State), Leaving(service.Ipv6State));
        SetStates(service, ServiceState.Idle, ServiceState.Idle);
    }

    /// <summary>Starts one family anew after its configuration changed; the other goes on.</summary>
    public void Restart(Service service, IpFamily family)
    {
        if (service.State is ServiceState.Idle or ServiceState.Failure)
        {
            return;
        }

        End(service, family, isGoodbye: true);
        SetState(service, family, ServiceState.Idle, isSilent: true);
        Begin(service, family);

        // What was changed just before the attempt's end has its full time all the same.
        service.ConnectBy = service.ConnectBy.IsNever ? Instant.Never : store.Now + ConnectDuration;
        if (service.StateOf(family) == ServiceState.Idle)
        {
            SetStates(service, service.Ipv4State, service.Ipv6State);
        }
    }

    /// <summary>Sets one family's part of the state.</summary>
    public void SetState(Service service, IpFamily family, ServiceState state, bool isSilent = false)
    {
        ServiceState v4 = family == IpFamily.V4 ? state : service.Ipv4State;
        ServiceState v6 = family == IpFamily.V6 ? state : service.Ipv6State;
        if (isSilent)
        {
            (service.Ipv4State, service.Ipv6State) = (v4, v6);
        }
        else
        {
            SetStates(service, v4, v6);
        }
    }

    /// <summary>IPv6 has an address when the kernel says so: looks again.</summary>
    /// <returns>True if it moved to another state.</returns>
    public bool UpdateIpv6(Service service)
    {
        bool has = service.Configuration.Ipv6.Method switch
        {
            Ipv6Method.Off => false,
            Ipv6Method.Auto => service.Router is not null && service.Device.BestIpv6 is not null,
            Ipv6Method.Manual => service.PlannedIpv6() is { } plan
                && service.Device.Addresses.TryGetValue(plan.Prefix, out AddressFacts? found) && !found.IsTentative,
        };
        if (has && service.Ipv6State == ServiceState.Configuration)
        {
            SetState(service, IpFamily.V6, ServiceState.Ready);
            return true;
        }

        if (!has && service.Ipv6State.IsConnected())
        {
            StopCheck(service, IpFamily.V6);
            SetState(service, IpFamily.V6, ServiceState.Configuration);
            return true;
        }

        return false;
    }

    /// <summary>Fails what took too long; the answer is when to look again.</summary>
    public Instant Expire()
    {
        Instant next = Instant.Never;
        foreach (Service service in store.Services)
        {
            if (service.ConnectBy <= store.Now)
            {
                Fail(service);
            }

            next = Instant.Min(next, service.ConnectBy);
        }

        return next;
    }

    public void StopCheck(Service service, IpFamily family)
    {
        if (service.IsChecked(family))
        {
            service.SetChecked(family, false);
            store.Do(new ModelOutput.StopOnlineCheck(service.Ident, family));
        }
    }

    public void ClearError(Service service)
    {
        if (service.Error is not null)
        {
            service.Error = null;
            store.Changed(service, ServiceProperties.Error);
        }

        if (service.State == ServiceState.Failure)
        {
            SetStates(service, ServiceState.Idle, ServiceState.Idle);
        }
    }

    public void SetError(Service service, string error)
    {
        service.Error = error;
        store.Changed(service, ServiceProperties.Error);
    }

    /// <summary>Answers a Connect that waits.</summary>
    public void ReplyConnect(Service service, ModelError error)
    {
        if (service.ConnectTicket is { } ticket)
        {
            service.ConnectTicket = null;
            store.Tell(new ModelOutput.Reply(ticket, error));
        }
    }

    private static ServiceState Leaving(ServiceState state) =>
        state is ServiceState.Idle or ServiceState.Failure ? ServiceState.Idle : ServiceState.Disconnect;

    private void Begin(Service service, IpFamily family)
    {
        if (family == IpFamily.V4)
        {
            BeginIpv4(service);
        }
        else
        {
            BeginIpv6(service);
        }
    }

    private void BeginIpv4(Service service)
    {
        switch (service.Configuration.Ipv4.Method)
        {
            case Ipv4Method.Off:
                break;
            case Ipv4Method.Dhcp:
                SetState(service, IpFamily.V4, ServiceState.Configuration);
                IpAddress? remembered = service.LastAddress ?? service.Device.PresentIpv4();
                store.Do(new ModelOutput.StartDhcp(service.Link.Index, service.Ident, remembered));
                break;
            case Ipv4Method.Manual:
                SetState(service, IpFamily.V4, ServiceState.Configuration);
                SetState(service, IpFamily.V4, ServiceState.Ready);
                break;
        }
    }

    private void BeginIpv6(Service service)
    {
        Ipv6Configuration told = service.Configuration.Ipv6;
        store.Do(new ModelOutput.SetIpv6(service.Link.Index, service.Link.Name, told.Method, told.Privacy));
        if (told.Method == Ipv6Method.Off)
        {
            return;
        }

        SetState(service, IpFamily.V6, ServiceState.Configuration);
        store.Do(new ModelOutput.StartRouterDiscovery(service.Link.Index));
    }

    private void End(Service service, IpFamily family, bool isGoodbye)
    {
        StopCheck(service, family);
        if (family == IpFamily.V4)
        {
            EndIpv4(service, isGoodbye);
        }
        else if (service.Ipv6State != ServiceState.Idle)
        {
            service.Router = null;
            store.Do(new ModelOutput.StopRouterDiscovery(service.Link.Index));
            if (isGoodbye)
            {
                store.Do(new ModelOutput.SetIpv6(
                    service.Link.Index, service.Link.Name, Ipv6Method.Off, Ipv6Privacy.Disabled));
            }
        }
    }

    private void EndIpv4(Service service, bool isGoodbye)
    {
        if (service.IsLinkLocalStarted)
        {
            service.IsLinkLocalStarted = false;
            store.Do(new ModelOutput.StopLinkLocal(service.Link.Index));
        }

        if (service.Ipv4State != ServiceState.Idle)
        {
            store.Do(new ModelOutput.StopDhcp(service.Link.Index, isGoodbye));
        }

        service.Lease = null;
        service.LinkLocal = null;
    }

    /// <summary>The kernel refused what a family needs: that family fails, and the service if it was the only one.</summary>
    public void FailFamily(Service service, IpFamily family)
    {
        End(service, family, isGoodbye: false);
        SetState(service, family, ServiceState.Failure);
        if (service.State == ServiceState.Failure)
        {
            SetError(service, ServiceErrors.ConnectFailed);
            ReplyConnect(service, ModelError.Failed);
            service.ConnectBy = Instant.Never;
        }
    }

    private void Fail(Service service)
    {
        service.ConnectBy = Instant.Never;
        if (service.State.IsConnected())
        {
            return;
        }

        bool isByUser = service.IsByUser;
        ReplyConnect(service, ModelError.OperationTimeout);
        End(service, IpFamily.V4, isGoodbye: false);
        End(service, IpFamily.V6, isGoodbye: false);
        SetError(service, ServiceErrors.ConnectFailed);
        SetStates(service, ServiceState.Failure, ServiceState.Failure);
        if (isByUser)
        {
            store.Tell(new ModelOutput.ReportError(service, ServiceErrors.ConnectFailed));
        }
    }

    private void SetStates(Service service, ServiceState v4, ServiceState v6)
    {
        ServiceState before = service.State;
        (service.Ipv4State, service.Ipv6State) = (v4, v6);
        service.State = ServiceStates.Combine(v4, v6);
        if (service.State == before)
        {
            return;
        }

        store.Changed(service, ServiceProperties.State);
        store.Tell(new ModelOutput.Say($"{service.Link.Name} {service.Ident}: {before} -> {service.State}"));
        if (service.State.IsConnected() && !before.IsConnected())
        {
            Connected(service);
        }

        Overview.Update(store);
    }

    private void Connected(Service service)
    {
        service.ConnectBy = Instant.Never;
        if (service.Error is not null)
        {
            service.Error = null;
            store.Changed(service, ServiceProperties.Error);
        }

        if (!service.Stored.Favorite)
        {
            service.Stored = service.Stored with { Favorite = true };
            service.Configuration = service.Configuration with { Favorite = true };
            store.Changed(service, ServiceProperties.Favorite | ServiceProperties.AutoConnect);
        }

        store.Do(new ModelOutput.SaveService(service));
        ReplyConnect(service, ModelError.None);
    }
}
