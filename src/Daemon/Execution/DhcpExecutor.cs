using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Basics;
using Spindle.Daemon.Configuration;
using Spindle.Daemon.Logging;
using Spindle.Drivers.Arp;
using Spindle.Drivers.Dhcp;
using Spindle.Drivers.Netlink;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Arp;
using Spindle.Protocols.Dhcp.V4;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Execution;

/// <summary>Gets IPv4 addresses for links: from DHCP servers, and link-local ones while none answers.</summary>
internal sealed class DhcpExecutor(
    EventLoop loop,
    Log log,
    NetlinkDriver netlink,
    Func<MainConfiguration> configuration,
    LeaseMemory leases,
    Action<ModelInput> submit)
{
    /// <summary>A server that appears late is found within this time: shorter than the 64 s of RFC 2131, section 4.1, so that a
    /// link-local address does not serve for a minute longer than it must.</summary>
    private static readonly TimeSpan ServerSearchMax = TimeSpan.FromSeconds(10);

    private readonly DhcpTransport dhcp = new(loop);
    private readonly ArpTransport arp = new(loop);
    private readonly Dictionary<int, Client> clients = [];
    private readonly Dictionary<DhcpRefusal, ulong> refusals = [];

    /// <summary>One link's share.</summary>
    private sealed class Client(string ident, string linkName, MacAddress mac)
    {
        public string Ident => ident;

        public string LinkName => linkName;

        public MacAddress Mac => mac;

        public DhcpDriver? Driver { get; set; }

        public AddressConflictDriver? Conflict { get; set; }

        public LinkLocalDriver? LinkLocal { get; set; }

        public DhcpLease? Saved { get; set; }
    }

    /// <summary>Messages of servers that were not followed, by reason.</summary>
    public IEnumerable<(string Reason, ulong Count)> Refusals
    {
        get
        {
            foreach ((DhcpRefusal refusal, ulong count) in refusals)
            {
                yield return ("dhcp4 " + refusal, count);
            }
        }
    }

    /// <summary>What became of packets before any client saw them.</summary>
    public DhcpCounters Counters => dhcp.Counters;

    /// <summary>Links with a client.</summary>
    public int ClientCount => clients.Count;

    /// <summary>Opens the sockets for the life of the process: one for IP, one for ARP.</summary>
    public void Open()
    {
        foreach ((string name, Result result) in ((string, Result)[])[("DHCP", dhcp.Open()), ("ARP", arp.Open())])
        {
            if (!result.IsOk)
            {
                log.Error($"no socket for {name}: {result.Error}");
            }
        }
    }

    public bool Execute(ModelOutput output)
    {
        switch (output)
        {
            case ModelOutput.StartDhcp(int link, string ident, _):
                Start(link, ident, ((ModelOutput.StartDhcp)output).Remembered);
                return true;
            case ModelOutput.StopDhcp(int link, bool release):
                Stop(link, release);
                return true;
            case ModelOutput.StartLinkLocal(int link):
                StartLinkLocal(link);
                return true;
            case ModelOutput.StopLinkLocal(int link):
                StopLinkLocal(link);
                return true;
            default:
                return false;
        }
    }

    private void Start(int link, string ident, IpAddress? remembered)
    {
        Stop(link, release: false);
        if (!netlink.Mirror.TryGetLink(link, out Link facts))
        {
            return;
        }

        MainConfiguration main = configuration();
        Client client = new(ident, facts.Name, facts.HardwareAddress);
        clients[link] = client;
        DhcpClientConfiguration told = new()
        {
            HardwareAddress = facts.HardwareAddress,
            HostName = loop.Kernel.HostName is { Length: > 0 } name and not "localhost" and not "(none)" ? name : null,
            VendorClass = main.VendorClassId,
            DetectsConflicts = main.AddressConflictDetection,
            RetransmitDelayMax = ServerSearchMax,
        };
        client.Driver = new DhcpDriver(dhcp, link, told, (DhcpDriver driver, in DhcpOutput output) =>
            Take(client, driver, output));
        if (leases.Load(ident) is { } lease && IsOnLink(link, lease.Address))
        {
            // It serves at once; the server is asked all the same, for the cable may lead elsewhere by now.
            client.Driver.Adopt(lease);
            client.Driver.ReturnCarrier();
        }
        else
        {
            client.Driver.Start(remembered ?? IpAddress.AnyV4);
        }
    }

    private bool IsOnLink(int link, IpPrefix prefix)
    {
        Address address = new() { InterfaceIndex = link, Local = prefix.Address, PrefixLength = prefix.Length };
        return netlink.Mirror.TryGetAddress(address.Key, out _);
    }

    private void Stop(int link, bool release)
    {
        if (!clients.Remove(link, out Client? client))
        {
            return;
        }

        if (release)
        {
            client.Driver?.Release();
            leases.Save(client.Ident, null);
        }

        client.Driver?.Dispose();
        client.Conflict?.Dispose();
        client.LinkLocal?.Dispose();
    }

    private void Take(Client client, DhcpDriver driver, in DhcpOutput output)
    {
        int link = driver.InterfaceIndex;
        switch (output.Kind)
        {
            case DhcpOutputKind.LeaseAcquired or DhcpOutputKind.LeaseRenewed when output.Lease is { } lease:
                Acquired(client, driver, lease);
                break;
            case DhcpOutputKind.LeaseLost:
                log.Information($"{client.LinkName} dhcp4: lease lost ({output.Reason})");
                client.Conflict?.Stop();
                leases.Save(client.Ident, null);
                submit(new ModelInput.LeaseLost(link));
                break;
            case DhcpOutputKind.NoLeaseYet:
                log.Information($"{client.LinkName} dhcp4: no server answers; a link-local address serves meanwhile");
                submit(new ModelInput.LeaseOverdue(link));
                break;
            case DhcpOutputKind.ProbeAddress:
                ConflictDriverOf(client, driver).Probe(output.Address);
                break;
            case DhcpOutputKind.MessageRefused:
                Refused(client, output);
                break;
            case DhcpOutputKind.StateChanged:
                Changed(client, output);
                break;
            case DhcpOutputKind.SendBroadcast or DhcpOutputKind.SendUnicast:
                // The driver's own affair; it never hands these out.
                break;
        }
    }

    private void Acquired(Client client, DhcpDriver driver, DhcpLease lease)
    {
        if (!lease.HasSameConfiguration(client.Saved))
        {
            log.Information($"{client.LinkName} dhcp4: {lease.Address} from {lease.ServerIdentifier} "
                + (lease.LeaseTime == TimeSpan.MaxValue ? "for ever" : string.Create(CultureInfo.InvariantCulture, $"for {lease.LeaseTime.TotalSeconds:F0} s")));
        }

        client.Saved = lease;
        leases.Save(client.Ident, lease);
        submit(new ModelInput.LeaseAcquired(driver.InterfaceIndex, Translate(lease)));
        if (configuration().AddressConflictDetection)
        {
            ConflictDriverOf(client, driver).Watch(lease.Address.Address);
        }
    }

    private void Refused(Client client, in DhcpOutput output)
    {
        refusals[output.Refusal] = refusals.GetValueOrDefault(output.Refusal) + 1;
        if (log.Once($"{client.LinkName} {output.Refusal} {output.Sender}"))
        {
            log.Warning(
                $"{client.LinkName} dhcp4: what {output.Sender} offers ({output.Address}) is refused: {output.Refusal}");
        }
    }

    private void Changed(Client client, in DhcpOutput output)
    {
        double next = (output.NextAt - loop.BoottimeNow).TotalSeconds;
        if (output.NextAt.IsNever)
        {
            log.Debug("dhcp", $"{client.LinkName} dhcp4: {output.From} -> {output.To}");
            return;
        }

        log.Debug("dhcp", $"{client.LinkName} dhcp4: {output.From} -> {output.To}, next in {next:F1} s");
    }

    private AddressConflictDriver ConflictDriverOf(Client client, DhcpDriver driver) =>
        client.Conflict ??= new AddressConflictDriver(
            arp,
            driver.InterfaceIndex,
            client.Mac,
            AddressDefence.DefendOnce,
            (AddressConflictDriver conflict, in AddressConflictOutput output) => Take(client, driver, output));

    private void Take(Client client, DhcpDriver driver, in AddressConflictOutput output)
    {
        switch (output.Kind)
        {
            case AddressConflictOutputKind.AddressFree:
                driver.ReportFree(output.Address);
                break;
            case AddressConflictOutputKind.AddressInUse or AddressConflictOutputKind.AddressLost:
                log.Warning($"{client.LinkName}: {output.Address} is used by {output.Rival}");
                long seconds = loop.Kernel.Now(ClockId.Realtime).Nanoseconds / 1_000_000_000;
                submit(new ModelInput.ConflictFound(driver.InterfaceIndex, output.Address, output.Rival, seconds));
                driver.ReportInUse(output.Address);
                break;
            case AddressConflictOutputKind.AddressDefended:
                log.Warning($"{client.LinkName}: {output.Rival} claimed {output.Address}; defended");
                break;
            case AddressConflictOutputKind.Send:
                break;
        }
    }

    private void StartLinkLocal(int link)
    {
        if (!clients.TryGetValue(link, out Client? client) || client.LinkLocal is not null)
        {
            return;
        }

        client.LinkLocal = new LinkLocalDriver(
            arp, link, client.Mac, (LinkLocalDriver driver, in LinkLocalOutput output) => Take(client, driver, output));
        client.LinkLocal.Start();
    }

    private void Take(Client client, LinkLocalDriver driver, in LinkLocalOutput output)
    {
        switch (output.Kind)
        {
            case LinkLocalOutputKind.AddressAcquired:
                log.Information($"{client.LinkName} ipv4ll: {output.Address}");
                submit(new ModelInput.LinkLocalClaimed(driver.InterfaceIndex, output.Address.Address));
                break;
            case LinkLocalOutputKind.AddressLost:
                log.Warning($"{client.LinkName} ipv4ll: {output.Address} lost");
                submit(new ModelInput.LinkLocalLost(driver.InterfaceIndex));
                break;
            default:
                break;
        }
    }

    private void StopLinkLocal(int link)
    {
        if (clients.TryGetValue(link, out Client? client))
        {
            client.LinkLocal?.Dispose();
            client.LinkLocal = null;
        }
    }

    /// <summary>A lease in the model's words: classless routes win over routers (RFC 3442).</summary>
    private static Ipv4Lease Translate(DhcpLease lease) => new(lease.Address)
    {
        Broadcast = lease.Broadcast,
        Routes = lease.ClasslessRoutes.Count > 0
            ? lease.ClasslessRoutes.Map(static route => new NetworkRoute(
                route.Destination, route.Router.IsUnspecified ? null : route.Router))
            : lease.Gateway is { } gateway
                ? [new NetworkRoute(new IpPrefix(IpAddress.AnyV4, 0), gateway)]
                : [],
        Nameservers = [.. lease.NameServers],
        Timeservers = [.. lease.NtpServers],
        DomainName = lease.DomainName,
        SearchDomains = [.. lease.SearchDomains],
        HostName = lease.HostName,
        Mtu = lease.Mtu == 0 ? null : lease.Mtu,
        ProxyUrl = lease.ProxyAutoConfigurationUrl,
        ValidUntil = lease.ExpiresAt,
    };
}
