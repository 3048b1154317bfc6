using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Daemon.Bus;
using Spindle.DBus;
using Spindle.DBus.Tests;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;

namespace Spindle.Daemon.Tests.Bus;

/// <summary>The bus objects over a real model, with a caller made by hand; what the model wants done is only noted.</summary>
internal sealed class BusWorld : IDisposable
{
    public const string Ident = "ethernet_020000000001_cable";
    public const string Wired = "/net/connman/service/" + Ident;
    public const string Ethernet = "/net/connman/technology/ethernet";

    private readonly BusConnection connection;
    private readonly ModelRunner runner;

    public BusWorld()
    {
        Loop = new EventLoop(new LinuxKernel());
        Model = new NetworkModel(new ModelConfiguration(), null, false, []);
        connection = new BusConnection(Loop, new MemoryTransport(Loop), Table);
        runner = new ModelRunner(Loop, Model);
        AgentRegistry agents = new(connection, () => TimeSpan.FromSeconds(1));
        CounterRegistry counters = new(Loop, connection, Model, (_, _) => { });
        SignalSender signals = new(Recorder.Outbox);
        BusDoor door = new(Loop, Table, connection, new ModelDoor(Model, Submit), agents, counters, signals);
        door.Publish(
            new ClockObject(Loop.Kernel, signals, _ => { }, _ => { }),
            () => new DaemonStatus("1", 2, Model.State, 3, 4, 5, 6, 7, [("a reason", 8)]));
        runner.Add(door.Tell);
        runner.Add(Note);
    }

    public EventLoop Loop { get; }

    public NetworkModel Model { get; }

    public ObjectTable Table { get; } = new(() => new string('0', 32));

    public Recorder Recorder { get; } = new();

    public List<ModelOutput> Done { get; } = [];

    public void Submit(ModelInput input) => runner.Submit(input);

    /// <summary>A cable with a lease: one wired service that is ready.</summary>
    public BusWorld Connected()
    {
        Assert.True(MacAddress.TryParse("02:00:00:00:00:01", out MacAddress mac));
        Submit(new ModelInput.LinkReported(new LinkFacts(2, "eth0", mac) { IsUp = true, HasCarrier = true }));
        Submit(new ModelInput.KernelKnown());
        Submit(new ModelInput.LeaseAcquired(2, new Ipv4Lease(IpPrefix.Parse("10.0.0.5/24"))
        {
            Routes = [new NetworkRoute(IpPrefix.Parse("0.0.0.0/0"), IpAddress.Parse("10.0.0.1"))],
            Nameservers = [IpAddress.Parse("10.0.0.53")],
        }));
        return this;
    }

    /// <summary>Calls and takes the answer.</summary>
    public Received Ask(string path, string face, string member, string signature = "", Action<BusWriter>? body = null) =>
        Recorder.Ask(Table, path, "net.connman." + face, member, signature, body);

    /// <summary>Calls; signals may come beside the answer, which is what is returned.</summary>
    public Received Answer(string path, string face, string member, string signature = "", Action<BusWriter>? body = null)
    {
        int before = Recorder.Sent.Count;
        Recorder.Dispatch(Table, Recorder.Call(path, "net.connman." + face, member, signature, body));
        return Recorder.Sent.Skip(before).Single(static m => m.Kind is BusMessageKind.MethodReturn or BusMessageKind.Error);
    }

    /// <summary>Sets a property of the wired service; the name of the error, or an empty text.</summary>
    public string Set(string name, Action<BusWriter> variant) => Answer(Wired, "Service", "SetProperty", "sv", writer =>
    {
        writer.WriteString(name);
        variant(writer);
    }).ErrorName;

    public IEnumerable<Received> Signals(string member) =>
        Recorder.Sent.Where(m => m.Kind == BusMessageKind.Signal && m.Member == member);

    /// <summary>Turns the loop until a signal was sent.</summary>
    public Received Await(string member)
    {
        while (!Signals(member).Any())
        {
            Loop.Iterate(true);
        }

        return Signals(member).First();
    }

    public void Dispose()
    {
        connection.Dispose();
        Loop.Dispose();
    }

    private bool Note(ModelOutput output)
    {
        Done.Add(output);
        if (output is ModelOutput.LoadService(string ident))
        {
            Submit(new ModelInput.ServiceLoaded(ident, new ServiceConfiguration { Ipv6 = new(Ipv6Method.Off) }));
        }

        return true;
    }
}
