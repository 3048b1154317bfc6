using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Spindle.Basics;
using Spindle.Daemon.Bus;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Logging;
using Spindle.Drivers.Http;
using Spindle.Drivers.Sockets;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Dns;
using Spindle.Protocols.Http;
using CheckMode = Spindle.Daemon.Configuration.OnlineCheckMode;
using CheckStyle = Spindle.Daemon.Configuration.OnlineCheckIntervalStyle;
using OnlineVerdict = Spindle.Model.OnlineVerdict;

namespace Spindle.Daemon.Execution;

/// <summary>Runs the online checks that the model asks for, and shows portals to the user.</summary>
internal sealed class OnlineExecutor
{
    private readonly EventLoop loop;
    private readonly Log log;
    private readonly Func<MainConfiguration> configuration;
    private readonly AgentRegistry agents;
    private readonly Action<ModelInput> submit;
    private readonly Dictionary<(string Ident, IpFamily Family), OnlineCheckDriver> checks = [];

    /// <summary>Portals that nobody could be shown, for lack of an agent.</summary>
    private readonly List<(OnlineCheckDriver Check, Service Service)> unseen = [];

    public OnlineExecutor(
        EventLoop loop, Log log, Func<MainConfiguration> configuration, AgentRegistry agents, Action<ModelInput> submit)
    {
        this.loop = loop;
        this.log = log;
        this.configuration = configuration;
        this.agents = agents;
        this.submit = submit;
        agents.Registered += ShowUnseen;
    }

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.StartOnlineCheck(Service service, IpFamily family):
                Start(service, family);
                return true;
            case ModelOutput.StopOnlineCheck(string ident, IpFamily family):
                if (checks.Remove((ident, family), out OnlineCheckDriver? check))
                {
                    check.Dispose();
                    unseen.RemoveAll(portal => portal.Check == check);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>A service's name servers or addresses changed: its checks ask those that it has an address for.</summary>
    public void UpdateServers(Service service)
    {
        foreach (((string ident, _), OnlineCheckDriver check) in checks)
        {
            if (ident == service.Ident)
            {
                check.Servers = ServersOf(service);
            }
        }
    }

    public void Dispose()
    {
        foreach (OnlineCheckDriver check in checks.Values)
        {
            check.Dispose();
        }

        checks.Clear();
    }

    // Those of a family in which the link has no address would be asked from another link's address, in an ARP or neighbour request that
    // claims it here.
    private static ImmutableArray<DnsServer> ServersOf(Service service) =>
        [.. service.Shown.Nameservers.Where(service.Shown.HasAddressFor).Select(static server => new DnsServer(server))];

    private void Start(Service service, IpFamily family)
    {
        MainConfiguration main = configuration();
        string url = family == IpFamily.V4 ? main.OnlineCheckIpv4Url : main.OnlineCheckIpv6Url;
        if (!HttpUri.TryParse(url, out HttpUri? uri) || uri.IsSecure)
        {
            if (log.Once("online check " + url))
            {
                log.Warning($"online check: '{url}' is no http URL; nothing is checked");
            }

            return;
        }

        if (checks.Remove((service.Ident, family), out OnlineCheckDriver? earlier))
        {
            earlier.Dispose();
        }

        LinkScope link = new(service.Link.Name, service.Link.Index);
        OnlineCheckDriver check = new(
            loop, link, OptionsOf(main, uri, family), (OnlineCheckDriver driver, in OnlineCheckOutput report) =>
                Report(driver, service, family, report))
        {
            Servers = ServersOf(service),
        };
        checks.Add((service.Ident, family), check);
        check.Start();
    }

    private static OnlineCheckOptions OptionsOf(MainConfiguration main, HttpUri uri, IpFamily family) => new()
    {
        Uri = uri,
        Family = family,
        Mode = main.OnlineCheckMode switch
        {
            CheckMode.None => Protocols.Http.OnlineCheckMode.None,
            CheckMode.OneShot => Protocols.Http.OnlineCheckMode.OneShot,
            CheckMode.Continuous => Protocols.Http.OnlineCheckMode.Continuous,
        },
        IntervalStyle = main.OnlineCheckIntervalStyle switch
        {
            CheckStyle.Geometric => Protocols.Http.OnlineCheckIntervalStyle.Geometric,
            CheckStyle.Fibonacci => Protocols.Http.OnlineCheckIntervalStyle.Fibonacci,
        },
        IntervalInitial = main.OnlineCheckInitialInterval,
        IntervalMax = main.OnlineCheckMaxInterval,
        FailuresThreshold = main.OnlineCheckFailuresThreshold,
        SuccessesThreshold = main.OnlineCheckSuccessesThreshold,
        ConnectTimeout = main.OnlineCheckConnectTimeout,
    };

    private void Report(OnlineCheckDriver driver, Service service, IpFamily family, in OnlineCheckOutput report)
    {
        switch (report.Kind)
        {
            case OnlineCheckOutputKind.ReportOnline:
                submit(new ModelInput.OnlineChecked(service.Ident, family, OnlineVerdict.Online));
                break;
            case OnlineCheckOutputKind.ReportCheckFailed:
                submit(new ModelInput.OnlineChecked(service.Ident, family, OnlineVerdict.Failed));
                break;
            case OnlineCheckOutputKind.ReportFailure:
                log.Debug("online", $"{service.Link.Name} {family}: {report.Result}");
                break;
            case OnlineCheckOutputKind.RequestBrowser:
                ShowPortal(driver, service, report.Url);
                break;
            case OnlineCheckOutputKind.StartResolve or OnlineCheckOutputKind.StartFetch or OnlineCheckOutputKind.CancelFetch:
                // The driver's own affair; it never reports these.
                break;
        }
    }

    private void ShowPortal(OnlineCheckDriver driver, Service service, string url)
    {
        log.Information($"{service.Link.Name}: a portal wants a login at {url}");
        if (!agents.IsThere)
        {
            unseen.Add((driver, service));
            return;
        }

        agents.RequestBrowser(service, url, isThrough =>
        {
            if (isThrough && checks.ContainsValue(driver))
            {
                driver.Recheck();
            }
        });
    }

    private void ShowUnseen()
    {
        (OnlineCheckDriver Check, Service Service)[] waiting = [.. unseen];
        unseen.Clear();
        foreach ((OnlineCheckDriver check, Service service) in waiting)
        {
            if (check.PortalUrl is { } url && checks.ContainsValue(check))
            {
                ShowPortal(check, service, url);
            }
        }
    }
}
