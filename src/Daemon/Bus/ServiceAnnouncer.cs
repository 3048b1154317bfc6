using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.DBus;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Bus;

/// <summary>Tells clients of services: coalesced as ConnMan does, since clients rely on it.</summary>
/// <remarks>
/// ServicesChanged comes 100 ms after the first change and lists every service in order, new ones in full and others
/// with an empty dictionary. A service that nobody was told of yet has no PropertyChanged.
/// </remarks>
internal sealed class ServiceAnnouncer
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly SignalSender signals;
    private readonly NetworkModel model;
    private readonly TimerSource timer;
    private readonly HashSet<string> added = [];
    private readonly List<string> removed = [];

    public ServiceAnnouncer(EventLoop loop, SignalSender signals, NetworkModel model)
    {
        this.signals = signals;
        this.model = model;
        timer = loop.AddTimer((_, _) => Flush(), name: "ServicesChanged");
    }

    public void Added(Service service)
    {
        added.Add(service.Path);
        removed.Remove(service.Path);
        Arm();
    }

    public void Removed(string path)
    {
        if (!added.Remove(path))
        {
            removed.Add(path);
            Arm();
        }
    }

    public void Reordered() => Arm();

    /// <summary>Everybody has to be told everything again: signals were lost.</summary>
    public void TellAll()
    {
        foreach (Service service in model.Services)
        {
            added.Add(service.Path);
        }

        Arm();
    }

    public void Changed(Service service, ServiceProperties changed, ServiceState state)
    {
        if (added.Contains(service.Path))
        {
            return;
        }

        foreach ((ServiceProperties property, string name) in ServiceDictionary.Names)
        {
            if ((changed & property) == 0)
            {
                continue;
            }

            if (property == ServiceProperties.State)
            {
                signals.PropertyChanged(service.Path, ServiceInterface.Name, name, state.ToWord());
            }
            else
            {
                signals.PropertyChanged(service.Path, ServiceInterface.Name, name, (service, name), static (it, writer) =>
                    ServiceDictionary.WriteValue(it.service, it.name, writer));
            }
        }
    }

    private void Arm()
    {
        if (!timer.IsArmed)
        {
            timer.ArmAfter(Delay);
        }
    }

    private void Flush()
    {
        signals.Outbox.Signal(
            ManagerInterface.Path, ManagerInterface.Name, "ServicesChanged", "a(oa{sv})ao", this, static (it, writer) => it.Write(writer));
        added.Clear();
        removed.Clear();
    }

    private void Write(BusWriter writer)
    {
        writer.OpenArray();
        foreach (Service service in model.Services)
        {
            writer.OpenStruct();
            writer.WriteObjectPath(service.Path);
            writer.OpenArray();
            if (added.Contains(service.Path))
            {
                ServiceDictionary.Write(service, writer);
            }

            writer.CloseArray();
            writer.CloseStruct();
        }

        writer.CloseArray();
        writer.WriteObjectPaths(removed);
    }
}
