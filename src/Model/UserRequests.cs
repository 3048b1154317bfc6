using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What users ask for over the bus.</summary>
internal sealed class UserRequests(ModelStore store, ServiceLifecycle lifecycle, LinkKeeper links)
{
    /// <summary>A technology that is not on or off by then is reported as such (ConnMan's 10 s).</summary>
    private static readonly TimeSpan PowerDuration = TimeSpan.FromSeconds(10);

    private int? powerTicket;
    private bool powerTarget;
    private Instant powerBy = Instant.Never;

    public void Take(ModelInput input)
    {
        switch (input)
        {
            case ModelInput.ConnectRequested(string ident, int ticket):
                Connect(store.Find(ident), ticket);
                break;
            case ModelInput.DisconnectRequested(string ident, int ticket):
                Disconnect(store.Find(ident), ticket);
                break;
            case ModelInput.RemoveRequested(string ident, int ticket):
                // A wired service can't be removed: it stands for a cable.
                Reply(ticket, store.Find(ident) is null ? ModelError.NotFound : ModelError.NotSupported);
                break;
            case ModelInput.ErrorCleared(string ident):
                ClearError(store.Find(ident));
                break;
            case ModelInput.MoveRequested(string ident, string target, bool isBefore, int ticket):
                Reply(ticket, Move(store.Find(ident), store.Find(target), isBefore));
                break;
            case ModelInput.ServiceConfigured(string ident, ServiceConfiguration configuration, ServiceProperties touched):
                Configure(store.Find(ident), configuration, touched);
                break;
            case ModelInput.PowerRequested(_, bool isOn, int ticket):
                Power(isOn, ticket);
                break;
            case ModelInput.OfflineModeRequested(bool isOn):
                SetOffline(isOn);
                break;
        }
    }

    /// <summary>A link changed: perhaps the technology is on or off now.</summary>
    public void LinksChanged()
    {
        if (powerTicket is not { } ticket || !IsPowerReached())
        {
            return;
        }

        powerTicket = null;
        powerBy = Instant.Never;
        store.Tell(new ModelOutput.TechnologyPowered(store.Ethernet, powerTarget));
        Reply(ticket, ModelError.None);
    }

    /// <summary>Answers what took too long; the answer is when to look again.</summary>
    public Instant Expire()
    {
        if (powerBy <= store.Now && powerTicket is { } ticket)
        {
            powerTicket = null;
            powerBy = Instant.Never;
            Reply(ticket, ModelError.OperationTimeout);
        }

        return powerBy;
    }

    private void Reply(int ticket, ModelError error) => store.Tell(new ModelOutput.Reply(ticket, error));

    private void Connect(Service? service, int ticket)
    {
        ModelError error = service is null ? ModelError.NotFound
            : service.State.IsConnected() ? ModelError.AlreadyConnected
            : service.ConnectTicket is not null || service.State.IsConnecting() ? ModelError.InProgress
            : ModelError.None;
        if (error != ModelError.None)
        {
            Reply(ticket, error);
            return;
        }

        service!.ConnectTicket = ticket;
        lifecycle.Connect(service, isByUser: true);
    }

    private void Disconnect(Service? service, int ticket)
    {
        if (service is null || service.State is ServiceState.Idle or ServiceState.Disconnect)
        {
            Reply(ticket, service is null ? ModelError.NotFound : ModelError.NotConnected);
            return;
        }

        service.IsIgnored = true;
        lifecycle.ClearError(service);
        lifecycle.Disconnect(service, ModelError.OperationAborted, isGoodbye: true);
        Reply(ticket, ModelError.None);
    }

    private void ClearError(Service? service)
    {
        if (service is not null)
        {
            lifecycle.ClearError(service);
        }
    }

    private ModelError Move(Service? service, Service? target, bool isBefore)
    {
        if (service is null || target is null || service == target)
        {
            return ModelError.InvalidService;
        }

        if (!service.Configuration.Favorite)
        {
            return ModelError.NotSupported;
        }

        if (!target.Configuration.Favorite || !service.State.IsConnected() || !target.State.IsConnected())
        {
            return ModelError.InvalidService;
        }

        // Online would hold its place against the user's wish: the check of the new first one decides anew.
        foreach (Service online in (ReadOnlySpan<Service>)[service, target])
        {
            Downgrade(online);
        }

        store.Services.Remove(service);
        store.Services.Insert(store.Services.IndexOf(target) + (isBefore ? 0 : 1), service);
        store.Tell(new ModelOutput.ServicesReordered());
        return ModelError.None;
    }

    private void Downgrade(Service service)
    {
        foreach (IpFamily family in (ReadOnlySpan<IpFamily>)[IpFamily.V4, IpFamily.V6])
        {
            if (service.StateOf(family) == ServiceState.Online)
            {
                lifecycle.StopCheck(service, family);
                lifecycle.SetState(service, family, ServiceState.Ready);
            }
        }
    }

    private void Configure(Service? service, ServiceConfiguration stored, ServiceProperties touched)
    {
        if (service is null)
        {
            return;
        }

        ServiceConfiguration before = service.Configuration;
        service.Stored = stored;
        service.Configuration = service.Provision?.Over(stored) ?? stored;
        store.Do(new ModelOutput.SaveService(service));
        store.Changed(service, touched);
        links.Reapply(service, before);
    }

    private void Power(bool isOn, int ticket)
    {
        if (store.Ethernet.IsPowered == isOn)
        {
            Reply(ticket, powerTicket is not null ? ModelError.InProgress
                : isOn ? ModelError.AlreadyEnabled : ModelError.AlreadyDisabled);
            return;
        }

        if (powerTicket is { } earlier)
        {
            powerTicket = null;
            Reply(earlier, ModelError.OperationAborted);
        }

        store.Ethernet.IsEnabledByUser = isOn;
        powerTicket = ticket;
        powerTarget = isOn;
        powerBy = store.Now + PowerDuration;
        SetPower(isOn);
        store.Do(new ModelOutput.SaveTechnology(isOn, store.IsOffline));
        LinksChanged();
    }

    private void SetOffline(bool isOn)
    {
        if (store.IsOffline == isOn)
        {
            return;
        }

        store.IsOffline = isOn;
        store.Tell(new ModelOutput.OfflineModeChanged(isOn));
        bool isPowered = store.Ethernet.IsEnabledByUser && !isOn;
        if (isPowered != store.Ethernet.IsPowered)
        {
            SetPower(isPowered);
            store.Tell(new ModelOutput.TechnologyPowered(store.Ethernet, isPowered));
        }

        store.Do(new ModelOutput.SaveTechnology(store.Ethernet.IsEnabledByUser, isOn));
    }

    private void SetPower(bool isOn)
    {
        store.Ethernet.IsPowered = isOn;
        links.JudgeAll();
        if (isOn)
        {
            return;
        }

        foreach (Device device in store.Devices.Values)
        {
            if (device.IsManaged && device.Link.IsUp)
            {
                store.Do(new ModelOutput.SetLinkUp(device.Link.Index, false));
            }
        }
    }

    private bool IsPowerReached()
    {
        foreach (KeyValuePair<int, Device> entry in store.Devices)
        {
            if (entry.Value.IsManaged && entry.Value.Link.IsUp != powerTarget)
            {
                return false;
            }
        }

        return true;
    }
}
