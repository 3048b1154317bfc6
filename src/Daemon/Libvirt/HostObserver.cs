using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>What of the daemon the libvirt door looks at; on the loop alone.</summary>
/// <param name="Mirror">What is known of the kernel.</param>
/// <param name="Model">What is known of services.</param>
/// <param name="FactsOf">A link in the model's words.</param>
/// <param name="Provisioned">What all provisioning files say.</param>
internal sealed record HostSources(
    RtnetlinkMirror Mirror, NetworkModel Model, Func<int, LinkFacts?> FactsOf, Func<ImmutableArray<ProvisionedService>> Provisioned);

/// <summary>Makes pictures of the host's interfaces: on the loop, when somebody looks and something changed since the last one.</summary>
internal sealed class HostObserver(HostSources sources)
{
    private HostSnapshot published = HostSnapshot.Empty;
    private bool isStale = true;

    /// <summary>The last picture. Any thread.</summary>
    public HostSnapshot Published => Volatile.Read(ref published);

    /// <summary>Pictures made so far.</summary>
    public long Pictures { get; private set; }

    /// <summary>On the loop: something changed.</summary>
    public void Touch() => isStale = true;

    /// <summary>On the loop: somebody will look.</summary>
    public HostSnapshot Look()
    {
        if (isStale)
        {
            isStale = false;
            Pictures++;
            Volatile.Write(ref published, Make());
        }

        return published;
    }

    private HostSnapshot Make()
    {
        Dictionary<int, Link> links = [];
        Dictionary<int, List<string>> ports = [];
        foreach (Link link in sources.Mirror.Links)
        {
            links[link.Index] = link;
            if (link.MasterIndex != 0)
            {
                ListOf(ports, link.MasterIndex).Add(link.Name);
            }
        }

        Dictionary<int, List<IpPrefix>> addresses = [];
        foreach (TimedAddress timed in sources.Mirror.Addresses)
        {
            ListOf(addresses, timed.Address.InterfaceIndex).Add(timed.Address.Prefix);
        }

        Dictionary<int, Service> services = [];
        foreach (Service service in sources.Model.Services)
        {
            services[service.Link.Index] = service;
        }

        List<HostInterface> made = [];
        foreach (Link link in links.Values)
        {
            HostInterface shown = Describe(link, services.GetValueOrDefault(link.Index));
            made.Add(shown with
            {
                IsListed = !IsHidden(link, links),
                ParentName = links.TryGetValue(link.ParentIndex, out Link parent) ? parent.Name : "",
                Members = MembersOf(link, links, ports),
                Addresses = AddressesOf(link.Index, addresses),
            });
        }

        AddAbsent(made);
        return new HostSnapshot([.. made]);
    }

    private HostInterface Describe(in Link link, Service? service)
    {
        LinkFacts? facts = sources.FactsOf(link.Index);
        string? refusal = facts is null ? "not known yet" : LinkPolicy.Refusal(facts, sources.Model.Configuration);
        bool isManaged = refusal is null;
        return new HostInterface(link.Index, link.Name, link.HardwareAddress)
        {
            Kind = KindOf(link),
            IsActive = isManaged ? service is not null && service.State.IsConnected() : IsOn(link),
            IsWireless = facts?.DeviceType == "wlan",
            State = link.OperationalState,
            Mtu = link.Mtu,
            Details = link.Details,
            VlanTag = link.VlanId,
            Refusal = refusal,
            Settings = !isManaged ? null : service is not null ? SettingsOf(service) : SettingsOf(facts!),
        };
    }

    private static InterfaceKind KindOf(in Link link) => link.Kind switch
    {
        "bridge" => InterfaceKind.Bridge,
        "bond" => InterfaceKind.Bond,
        "vlan" when link.VlanId != 0 => InterfaceKind.Vlan,
        _ => InterfaceKind.Ethernet,
    };

    // A loopback and other links without a carrier of their own say "unknown" for as long as they are on.
    private static bool IsOn(in Link link) =>
        link.IsUp && link.OperationalState is (LinkOperationalState.Up or LinkOperationalState.Unknown);

    private static bool IsHidden(in Link link, Dictionary<int, Link> links) =>
        link.Kind is "tun" or "tap" || (links.TryGetValue(link.MasterIndex, out Link master) && master.Kind == "bridge");

    private static HostSettings SettingsOf(Service service) => new(
        service.Configuration.AutoConnect,
        service.Configuration.Ipv4,
        service.Configuration.Ipv6,
        service.State.IsConnected() ? service.Gateway(IpFamily.V4) : null,
        service.State.IsConnected() ? service.Gateway(IpFamily.V6) : null);

    /// <summary>No cable, no service: what it would be told by a provisioning file, or else by default.</summary>
    private HostSettings SettingsOf(LinkFacts facts)
    {
        ServiceConfiguration told = new();
        foreach (ProvisionedService entry in sources.Provisioned())
        {
            if (entry.Matches(facts))
            {
                told = entry.Over(told);
                break;
            }
        }

        return new(told.AutoConnect, told.Ipv4, told.Ipv6);
    }

    private static ImmutableArray<string> MembersOf(in Link link, Dictionary<int, Link> links, Dictionary<int, List<string>> ports)
    {
        if (!ports.TryGetValue(link.Index, out List<string>? names))
        {
            return [];
        }

        names.Sort(StringComparer.Ordinal);
        if (link.Details is BondDetails { ActiveIndex: not 0 } bond && links.TryGetValue(bond.ActiveIndex, out Link active)
            && names.Remove(active.Name))
        {
            names.Insert(0, active.Name);
        }

        return [.. names];
    }

    private static ImmutableArray<IpPrefix> AddressesOf(int index, Dictionary<int, List<IpPrefix>> addresses)
    {
        if (!addresses.TryGetValue(index, out List<IpPrefix>? list))
        {
            return [];
        }

        list.Sort(static (a, b) => a.Family != b.Family ? a.Family.CompareTo(b.Family)
            : string.CompareOrdinal(a.ToString(), b.ToString()));
        return [.. list];
    }

    /// <summary>Defined for a name that no link has.</summary>
    private void AddAbsent(List<HostInterface> made)
    {
        foreach (ProvisionedService entry in sources.Provisioned())
        {
            if (entry.DeviceName is { } name && !made.Exists(other => other.Name == name))
            {
                ServiceConfiguration told = entry.Over(new ServiceConfiguration());
                made.Add(new HostInterface(0, name, entry.Mac ?? default)
                {
                    Settings = new(told.AutoConnect, told.Ipv4, told.Ipv6),
                });
            }
        }
    }

    private static List<T> ListOf<T>(Dictionary<int, List<T>> lists, int index)
    {
        if (!lists.TryGetValue(index, out List<T>? list))
        {
            lists.Add(index, list = []);
        }

        return list;
    }
}
