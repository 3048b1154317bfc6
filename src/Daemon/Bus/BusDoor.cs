using System;
using Spindle.DBus;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>All that the daemon shows on the bus: objects come and go, and what changed is told.</summary>
internal sealed class BusDoor
{
    private readonly ObjectTable table;
    private readonly SignalSender signals;
    private readonly ServiceAnnouncer announcer;
    private readonly AgentRegistry agents;
    private readonly CounterRegistry counters;

    public BusDoor(
        EventLoop loop,
        ObjectTable table,
        BusConnection connection,
        ModelDoor model,
        AgentRegistry agents,
        CounterRegistry counters,
        SignalSender signals)
    {
        this.table = table;
        this.signals = signals;
        this.agents = agents;
        this.counters = counters;
        Model = model;
        announcer = new ServiceAnnouncer(loop, signals, model.Model);
        connection.Resynchronise += announcer.TellAll;
        connection.StateChanged += state =>
        {
            if (state is BusConnectionState.Waiting or BusConnectionState.Stopped)
            {
                agents.Clear();
                counters.Clear();
            }
        };
    }

    public ModelDoor Model { get; }

    /// <summary>Puts the objects that are always there into the table.</summary>
    public void Publish(ClockObject clock, Func<DaemonStatus> status) => table.Add(
        ManagerInterface.Path,
        new RootObject(Model, agents, counters, clock, status),
        ManagerInterface.Instance,
        ClockInterface.Instance,
        SpindleInterface.Instance);

    /// <summary>Tells what the model says changed; false if it is none of the bus's affair.</summary>
    public bool Tell(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.Reply(int ticket, ModelError error):
                Model.Answer(ticket, error);
                return true;
            case ModelOutput.ServiceAdded(Service service):
                table.Add(service.Path, new ServiceObject(service, Model, counters), ServiceInterface.Instance);
                announcer.Added(service);
                return true;
            case ModelOutput.ServiceRemoved(string ident):
                table.Remove("/net/connman/service/" + ident);
                counters.Forget(ident);
                announcer.Removed("/net/connman/service/" + ident);
                return true;
            case ModelOutput.ServiceChanged(Service service, ServiceProperties changed, ServiceState state):
                Changed(service, changed, state);
                return true;
            case ModelOutput.ServicesReordered:
                announcer.Reordered();
                return true;
            case ModelOutput.StateChanged(string state):
                signals.PropertyChanged(ManagerInterface.Path, ManagerInterface.Name, "State", state);
                return true;
            case ModelOutput.OfflineModeChanged(bool isOn):
                signals.PropertyChanged(ManagerInterface.Path, ManagerInterface.Name, "OfflineMode", isOn);
                return true;
            case ModelOutput.ReportError(Service service, string error):
                agents.ReportError(service, error, () => Model.Submit(new ModelInput.ConnectRequested(service.Ident, 0)));
                return true;
            default:
                return TellTechnology(output);
        }
    }

    private bool TellTechnology(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.TechnologyAdded(Technology technology):
                table.Add(technology.Path, new TechnologyObject(technology, Model), TechnologyInterface.Instance);
                signals.Outbox.Signal(
                    ManagerInterface.Path, ManagerInterface.Name, "TechnologyAdded", "oa{sv}", technology, static (it, writer) =>
                    {
                        writer.WriteObjectPath(it.Path);
                        writer.OpenArray();
                        TechnologyInterface.Write(it, writer);
                        writer.CloseArray();
                    });
                return true;
            case ModelOutput.TechnologyRemoved(Technology technology):
                table.Remove(technology.Path);
                signals.Outbox.Signal(
                    ManagerInterface.Path,
                    ManagerInterface.Name,
                    "TechnologyRemoved",
                    "o",
                    technology.Path,
                    static (path, writer) => writer.WriteObjectPath(path));
                return true;
            case ModelOutput.TechnologyPowered(Technology technology, bool isOn):
                signals.PropertyChanged(technology.Path, TechnologyInterface.Name, "Powered", isOn);
                return true;
            case ModelOutput.TechnologyConnected(Technology technology, bool isConnected):
                signals.PropertyChanged(technology.Path, TechnologyInterface.Name, "Connected", isConnected);
                return true;
            default:
                return false;
        }
    }

    private void Changed(Service service, ServiceProperties changed, ServiceState state)
    {
        if (changed.HasFlag(ServiceProperties.State) && state == ServiceState.Ready)
        {
            counters.Connected(service);
        }

        announcer.Changed(service, changed, state);
    }
}
