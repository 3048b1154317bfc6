using System;
using Spindle.Daemon.Bus;
using Spindle.Daemon.Storage;
using Spindle.Model;

namespace Spindle.Daemon.Execution;

/// <summary>Reads and keeps what the model and the Clock want kept.</summary>
internal sealed class StorageExecutor(SettingsStore store, LeaseMemory leases, Action<ModelInput> submit)
{
    private GlobalSettings settings = new();

    /// <summary>Reads what is of no service.</summary>
    public GlobalSettings Load() => settings = store.LoadGlobal();

    /// <summary>What the Clock keeps.</summary>
    public ClockSettings Clock => new(
        settings.TimeUpdates == TimeSetting.Manual ? "manual" : "auto",
        settings.TimezoneUpdates == TimeSetting.Manual ? "manual" : "auto",
        settings.Timeservers);

    public void Save(ClockSettings clock) => Save(settings with
    {
        TimeUpdates = clock.TimeUpdates == "manual" ? TimeSetting.Manual : TimeSetting.Auto,
        TimezoneUpdates = clock.TimezoneUpdates == "manual" ? TimeSetting.Manual : TimeSetting.Auto,
        Timeservers = [.. clock.Timeservers],
    });

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.LoadService(string ident):
                store.LoadService(ident, (service, lease) =>
                {
                    leases.Remember(ident, lease);
                    submit(new ModelInput.ServiceLoaded(ident, service?.Configuration));
                });
                return true;
            case ModelOutput.SaveService(Service service):
                store.SaveService(service.Ident, new StoredService(service.Stored with { LastAddress = service.LastAddress })
                {
                    Name = service.Name,
                    ConfigFile = service.Provision?.File,
                    ConfigEntry = service.Provision?.Entry,
                });
                return true;
            case ModelOutput.SaveTechnology(bool isEthernetEnabled, bool isOffline):
                Save(settings with { IsWiredEnabled = isEthernetEnabled, OfflineMode = isOffline });
                return true;
            default:
                return false;
        }
    }

    private void Save(GlobalSettings changed)
    {
        settings = changed;
        store.SaveGlobal(changed);
    }
}
