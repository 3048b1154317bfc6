using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Daemon.Logging;
using Spindle.Drivers.NeighborDiscovery;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.NeighborDiscovery;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Execution;

/// <summary>Tells the kernel how links do IPv6, and the model what routers say.</summary>
internal sealed class RouterExecutor : IDisposable
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(64);

    private readonly NetlinkDriver netlink;
    private readonly Log log;
    private readonly Action<ModelInput> submit;
    private readonly RouterDiscoveryDriver discovery;
    private readonly NeighborDriver neighbors;
    private readonly TimerSource retry;
    private readonly SortedSet<int> refused = []; // links that could not be followed for want of a descriptor or of memory
    private readonly Backoff retryDelay = new(RetryDelayMin, RetryDelayMax);
    private readonly Ipv6Settings settings;

    public RouterExecutor(EventLoop loop, NetlinkDriver netlink, Log log, Action<ModelInput> submit)
    {
        this.netlink = netlink;
        this.log = log;
        this.submit = submit;
        discovery = new RouterDiscoveryDriver(loop, Hear);
        neighbors = new NeighborDriver(loop, Tell);
        retry = loop.AddTimer((_, _) => Retry(), name: "router discovery: try again");
        settings = new Ipv6Settings(loop.Kernel);
    }

    /// <summary>Advertisements that were dropped.</summary>
    public ulong Dropped => discovery.Dropped;

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.SetIpv6(int, string name, Ipv6Method method, Ipv6Privacy privacy):
                Configure(name, method, privacy);
                return true;
            case ModelOutput.StartRouterDiscovery(int link):
                Start(link);
                return true;
            case ModelOutput.StopRouterDiscovery(int link):
                discovery.Forget(link);
                neighbors.Follow(link, []);
                refused.Remove(link);
                return true;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        retry.Remove();
        neighbors.Dispose();
        discovery.Dispose();
    }

    private void Start(int link)
    {
        MacAddress mac = netlink.Mirror.TryGetLink(link, out Link facts) ? facts.HardwareAddress : default;
        neighbors.Follow(link, []);
        Result followed = discovery.Follow(link, mac);
        refused.Remove(link);
        if (followed.Error.IsShortage() || followed.Is(Errno.ENOSPC))
        {
            refused.Add(link);
            if (!retry.IsArmed)
            {
                retry.ArmAfter(retryDelay.Next());
            }
        }

        if (!followed.IsOk && log.Once("router discovery"))
        {
            log.Warning($"router advertisements cannot be heard: {followed.Error}");
        }
    }

    private void Retry()
    {
        foreach (int link in (int[])[.. refused])
        {
            Start(link);
        }

        if (refused.Count == 0)
        {
            retryDelay.Reset();
        }
    }

    private void Configure(string link, Ipv6Method method, Ipv6Privacy privacy)
    {
        bool isOn = method != Ipv6Method.Off;
        if (isOn)
        {
            AcceptRouters(link, method == Ipv6Method.Auto);
            Write(link, Ipv6Setting.UseTemporaryAddresses, privacy switch
            {
                Ipv6Privacy.Disabled => 0,
                Ipv6Privacy.Enabled => 1,
                Ipv6Privacy.Preferred => 2,
            });
        }

        Write(link, Ipv6Setting.DisableIpv6, isOn ? 0 : 1);
    }

    /// <summary>A machine that forwards accepts them with 2: what accepts already stays as it is.</summary>
    private void AcceptRouters(string link, bool isAuto)
    {
        if (!isAuto || settings.Read(link, Ipv6Setting.AcceptRouterAdvertisements) is not { IsOk: true, Value: 1 or 2 })
        {
            Write(link, Ipv6Setting.AcceptRouterAdvertisements, isAuto ? 1 : 0);
        }
    }

    /// <summary>Writes only what differs: a needless write restarts address configuration.</summary>
    private void Write(string link, Ipv6Setting setting, long value)
    {
        Result present = settings.Read(link, setting);
        Result written = present.IsOk && present.Value == value ? present : settings.Write(link, setting, value);
        if (!written.IsOk && written.Error is not (Errno.ENOENT or Errno.ENODEV) && log.Once($"{link} {setting}"))
        {
            log.Warning($"{link}: {setting} cannot be set to {value}: {written.Error}");
        }
    }

    private void Hear(int link, RouterDiscovery heard, RouterDiscoveryOutput change)
    {
        // Whether a router answers matters only while there is a choice: nothing is listened to otherwise.
        neighbors.Follow(link, heard.Routers.Count > 1 ? heard.Routers : []);
        submit(new ModelInput.RouterReported(link, heard.HasHeard
            ? new RouterFacts(
                heard.Router,
                [.. heard.Servers],
                [.. heard.SearchDomains],
                heard.IsManaged,
                heard.HasOtherConfiguration)
            : null));
    }

    private void Tell(in Neighbor neighbor)
    {
        if (neighbor.IsReachable is not { } isReachable
            || !discovery.TryGet(neighbor.InterfaceIndex, out RouterDiscovery heard))
        {
            return;
        }

        IpAddress? before = heard.Router;
        discovery.Report(neighbor.InterfaceIndex, neighbor.Address, isReachable);
        if (heard.Router is { } next && next != before)
        {
            string answer = isReachable ? "answers" : "does not answer";
            log.Information($"{NameOf(neighbor.InterfaceIndex)}: router {neighbor.Address} {answer}: the default router is {next}");
        }
    }

    private string NameOf(int link) => netlink.Mirror.TryGetLink(link, out Link facts) ? facts.Name : $"link {link}";
}
