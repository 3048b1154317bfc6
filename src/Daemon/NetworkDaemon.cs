using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.Daemon.Bus;
using Spindle.Daemon.CommandLine;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Execution;
using Spindle.Daemon.Libvirt;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Provisioning;
using Spindle.Daemon.Storage;
using Spindle.DBus;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon;

/// <summary>The daemon: the model, those who tell it what happened, and those who do what it says.</summary>
/// <remarks>Runs on any kernel and any bus transport; everything on the loop's thread.</remarks>
public sealed class NetworkDaemon
{
    /// <summary>How long an orderly end waits for the disk.</summary>
    private static readonly TimeSpan FlushDuration = TimeSpan.FromSeconds(5);

    private readonly EventLoop loop;
    private readonly Log log;
    private readonly DaemonOptions options;
    private readonly MainConfigurationSource configuration;
    private readonly SettingsStore store;
    private readonly ProvisioningDirectory provisioning;
    private readonly NetworkModel model;
    private readonly ModelRunner runner;
    private readonly NetlinkDriver netlink;
    private readonly KernelExecutor kernel;
    private readonly LinkReader reader;
    private readonly KernelWatch watch;
    private readonly ObjectTable table;
    private readonly DhcpExecutor dhcp;
    private readonly RouterExecutor routers;
    private readonly OnlineExecutor online;
    private readonly AgentRegistry agents;
    private readonly CounterRegistry counters;
    private readonly LibvirtDoorway? libvirt;
    private readonly Instant startedAt;

    /// <summary>Puts the parts together; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="transport">What carries bus messages.</param>
    /// <param name="options">The command line.</param>
    /// <param name="log">The log.</param>
    public NetworkDaemon(EventLoop loop, BusTransport transport, DaemonOptions options, Log log)
    {
        this.loop = loop;
        this.log = log;
        this.options = options;
        startedAt = loop.Now;
        configuration = new MainConfigurationSource(loop.Kernel, options.ConfigurationFile, log);
        MainConfiguration main = configuration.Load();

        store = new SettingsStore(loop, options.StorageDirectory, log);
        store.Open();
        LeaseMemory leases = new(loop, store);
        StorageExecutor storage = new(store, leases, Submit);
        GlobalSettings settings = storage.Load();

        model = new NetworkModel(RulesOf(main), settings.IsWiredEnabled, settings.OfflineMode, settings.Timeservers);
        runner = new ModelRunner(loop, model);
        provisioning = new ProvisioningDirectory(loop, options.StorageDirectory, log)
        {
            Changed = services => Submit(new ModelInput.ProvisioningChanged(services)),
        };

        reader = new LinkReader(loop.Kernel);
        watch = new KernelWatch(reader, log, Submit);
        netlink = new NetlinkDriver(loop, (in RtnetlinkOutput change) =>
        {
            watch.Take(change);
            libvirt?.Take(change);
        });
        kernel = new KernelExecutor(loop, netlink, log.Warning, Submit);
        watch.AddressVanished = gone => kernel.Forget(gone.LinkIndex, gone.Prefix);

        table = new ObjectTable(() => MachineId.Read(loop.Kernel));
        Bus = new BusConnection(loop, transport, table, "net.connman");
        SignalSender signals = new(Bus.Outbox);
        agents = new AgentRegistry(Bus, () => configuration.Current.BrowserLaunchTimeout);
        counters = new CounterRegistry(loop, Bus, model, ReadTraffic);
        BusDoor bus = new(loop, table, Bus, new ModelDoor(model, Submit), agents, counters, signals);
        ClockObject clock = new(
            loop.Kernel, signals, storage.Save, servers => Submit(new ModelInput.TimeserversSet([.. servers])));
        clock.Load(storage.Clock);
        bus.Publish(clock, Status);

        dhcp = new DhcpExecutor(loop, log, netlink, () => configuration.Current, leases, Submit);
        routers = new RouterExecutor(loop, netlink, log, Submit);
        online = new OnlineExecutor(loop, log, () => configuration.Current, agents, Submit);
        NameExecutor names = new(loop.Kernel, log, main.ResolvConf);
        if (main.Libvirt is { IsEnabled: true } door)
        {
            DoorwayParts parts = new(
                loop, log, Bus, netlink, model, watch.Find, provisioning, options.StorageDirectory.TrimEnd('/'), Submit);
            libvirt = new LibvirtDoorway(parts, door);
            runner.Add(libvirt.TryAnswer);
        }

        runner.Add(kernel.Execute);
        runner.Add(dhcp.Execute);
        runner.Add(routers.Execute);
        runner.Add(names.Execute);
        runner.Add(online.Execute);
        runner.Add(storage.Execute);
        runner.Add(output => TellOnline(output) || bus.Tell(output));
        runner.Add(Say);
    }

    /// <summary>Our place on the bus.</summary>
    public BusConnection Bus { get; }

    /// <summary>For whoever holds the daemon to its promises: what it thinks.</summary>
    internal NetworkModel Model => model;

    /// <summary>For whoever holds the daemon to its promises: how many things it holds, of each kind that could grow.</summary>
    internal IEnumerable<(string Kind, int Count)> Holdings =>
    [
        ("links", watch.LinkCount + reader.Count + netlink.Mirror.LinkCount),
        ("addresses", netlink.Mirror.AddressCount + kernel.ForeignCount),
        ("routes", netlink.Mirror.RouteCount),
        ("DHCP clients", dhcp.ClientCount),
        ("services", model.Services.Count + counters.RememberedCount),
        ("bus objects", table.Objects.Count),
        ("files", store.DocumentCount),
    ];

    /// <summary>For whoever holds the daemon to its promises: what it keeps.</summary>
    internal SettingsStore Store => store;

    /// <summary>For whoever holds the daemon to its promises: what it knows of the kernel.</summary>
    internal NetlinkDriver Netlink => netlink;

    /// <summary>The libvirt door; null: there is none.</summary>
    internal LibvirtDoorway? Libvirt => libvirt;

    /// <summary>For whoever holds the daemon to its promises: false while the kernel is still to be asked something again.</summary>
    internal bool IsKernelAsTold => !kernel.IsRetrying;

    /// <summary>Begins: everything that can fail is tried here.</summary>
    /// <returns>False, after the log said why, if the daemon can't do its work.</returns>
    public bool Start()
    {
        Bus.Start();
        RollBackTransaction();
        Submit(new ModelInput.ProvisioningChanged(provisioning.Start()));
        dhcp.Open();
        Result result = netlink.Start();
        if (!result.IsOk)
        {
            log.Error($"no netlink socket: {result.Error}");
            return false;
        }

        libvirt?.Open();
        return true;
    }

    /// <summary>Reads main.conf again, applies what can be applied live, and says what needs a restart.</summary>
    public void Reload()
    {
        log.Information($"reading {options.ConfigurationFile} again");
        if (!configuration.Reload().IsEmpty)
        {
            Submit(new ModelInput.Reconfigured(RulesOf(configuration.Current)));
        }

        if (configuration.Current.Libvirt is { } door)
        {
            libvirt?.Reconfigure(door);
        }
    }

    /// <summary>Ends in order. Addresses and routes stay with their lifetimes, for the next start to adopt.</summary>
    /// <param name="done">Called when the settings are on disk, or after a while if the disk does not answer.</param>
    public void Stop(Action done)
    {
        agents.Release();
        counters.Release();
        online.Dispose();
        if (libvirt is null)
        {
            Flush(done);
        }
        else
        {
            libvirt.Stop(FlushDuration, _ => Flush(done));
        }
    }

    private void Flush(Action done) =>
        store.Flush(FlushDuration, isWritten =>
        {
            if (!isWritten)
            {
                log.Error("the disk does not answer; the last changes of settings are lost");
            }

            done();
        });

    private void Submit(ModelInput input)
    {
        runner.Submit(input);
        libvirt?.Changed();
    }

    /// <summary>A change of interfaces that was begun, and neither committed nor rolled back before the daemon ended, is undone,
    /// whether there is a libvirt door now or not.</summary>
    private void RollBackTransaction()
    {
        TransactionFile transaction = new(loop.Kernel, options.StorageDirectory.TrimEnd('/'));
        switch (transaction.RollBack())
        {
            case TransactionOutcome.None:
                break;
            case TransactionOutcome.Done:
                log.Warning("libvirt: a transaction was not committed: the provisioning files are as they were before it");
                break;
            case TransactionOutcome.Foreign:
                log.Error($"{options.StorageDirectory}/{TransactionFile.Name} is none of ours, and was put out of the way");
                break;
            default:
                log.Error($"libvirt: a transaction cannot be rolled back: {transaction.Error}");
                break;
        }
    }

    private ModelConfiguration RulesOf(MainConfiguration main) =>
        ModelConfigurationMapping.ToModel(main, options, RootInterface.Find(loop.Kernel));

    private bool TellOnline(ModelOutput output)
    {
        const ServiceProperties Servers = ServiceProperties.Nameservers | ServiceProperties.Ipv4 | ServiceProperties.Ipv6;
        if (output is ModelOutput.ServiceChanged(Service service, ServiceProperties changed, _) && (changed & Servers) != 0)
        {
            online.UpdateServers(service);
        }

        return false;
    }

    private bool Say(ModelOutput output)
    {
        if (output is ModelOutput.Say(string text))
        {
            log.Information(text);
            return true;
        }

        return false;
    }

    private void ReadTraffic(int link, Action<LinkTraffic> done) =>
        netlink.Send(NetlinkRequest.GetLink(link), _ =>
        {
            if (netlink.Mirror.TryGetLink(link, out Link found))
            {
                LinkStatistics s = found.Statistics;
                done(new LinkTraffic(
                    s.ReceivedPackets,
                    s.SentPackets,
                    s.ReceivedOctets,
                    s.SentOctets,
                    s.ReceiveErrors,
                    s.SendErrors,
                    s.ReceiveDropped,
                    s.SendDropped));
            }
        });

    private DaemonStatus Status()
    {
        List<(string, ulong)> drops =
        [
            ("netlink messages not understood", netlink.Counters.Dropped),
            ("netlink messages not from the kernel", netlink.ForeignMessages),
            ("netlink dumps taken again", netlink.Counters.DumpsRetaken),
            ("dbus signals not sent", (ulong)Bus.Outbox.DroppedSignals),
            ("dbus messages not understood", (ulong)Bus.BadMessages),
            ("log lines", (ulong)log.Dropped),
            .. dhcp.Refusals,
        ];
        return new DaemonStatus(
            DaemonOptions.Version,
            (uint)loop.Kernel.ProcessId,
            model.State,
            (ulong)(loop.Now - startedAt).TotalSeconds,
            (uint)netlink.Mirror.LinkCount,
            (uint)netlink.Mirror.AddressCount,
            (uint)netlink.Mirror.RouteCount,
            (uint)netlink.Counters.Overruns,
            drops.FindAll(static drop => drop.Item2 > 0));
    }
}
