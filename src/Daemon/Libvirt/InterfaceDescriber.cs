using System;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>Puts a host's interface into libvirt's words. On any thread.</summary>
/// <param name="snapshot">The picture it is in.</param>
/// <param name="speedOf">Speed of a link in Mbit/s by its name; 0: not known. May block.</param>
internal sealed class InterfaceDescriber(HostSnapshot snapshot, Func<string, uint> speedOf)
{
    /// <summary>As it is now.</summary>
    public InterfaceDefinition Active(HostInterface shown) => Common(shown) with
    {
        StartMode = StartModeOf(shown.Settings),
        Mtu = shown.Mtu,
        Protocols = [.. Protocols(shown.Settings, shown)],
        Link = LinkOf(shown),
    };

    /// <summary>As it is configured: what define would take, for kinds that it takes.</summary>
    public InterfaceDefinition Inactive(HostInterface shown) => Common(shown) with
    {
        StartMode = StartModeOf(shown.Settings),
        Protocols = [.. Protocols(shown.Settings, null)],
    };

    private InterfaceDefinition Common(HostInterface shown) => new()
    {
        Kind = shown.Kind,
        Name = shown.Name,
        Mac = shown.Kind == InterfaceKind.Ethernet && !(shown.Mac.IsZero && shown.Index == 0) ? shown.Mac : null,
        Bridge = shown.Kind == InterfaceKind.Bridge ? BridgeOf(shown) : null,
        Bond = shown.Kind == InterfaceKind.Bond ? BondOf(shown) : null,
        Vlan = shown.Kind == InterfaceKind.Vlan ? new(shown.VlanTag, shown.ParentName) : null,
    };

    private static InterfaceStartMode StartModeOf(HostSettings? settings) =>
        settings is null ? InterfaceStartMode.Unspecified
        : settings.AutoConnect ? InterfaceStartMode.OnBoot
        : InterfaceStartMode.None;

    /// <param name="told">What it is told; null: nothing of ours.</param>
    /// <param name="shown">With the addresses that it has; null: as it is configured alone.</param>
    private static ImmutableArray<InterfaceProtocol> Protocols(HostSettings? told, HostInterface? shown)
    {
        ImmutableArray<InterfaceProtocol>.Builder protocols = ImmutableArray.CreateBuilder<InterfaceProtocol>(2);
        Add(protocols, new InterfaceProtocol(IpFamily.V4)
        {
            Dhcp = told?.Ipv4.Method == Ipv4Method.Dhcp,
            Addresses = shown is not null ? Addresses(shown, IpFamily.V4)
                : told?.Ipv4 is { Method: Ipv4Method.Manual, Address: { } v4 } ? [Address(v4)] : [],
            Gateway = shown is not null ? told?.Ipv4Gateway : told?.Ipv4.Method == Ipv4Method.Manual ? told.Ipv4.Gateway : null,
        });
        Add(protocols, new InterfaceProtocol(IpFamily.V6)
        {
            Autoconf = told?.Ipv6.Method == Ipv6Method.Auto,
            Addresses = shown is not null ? Addresses(shown, IpFamily.V6)
                : told?.Ipv6 is { Method: Ipv6Method.Manual, Address: { } v6 } ? [Address(v6)] : [],
            Gateway = shown is not null ? told?.Ipv6Gateway : told?.Ipv6.Method == Ipv6Method.Manual ? told.Ipv6.Gateway : null,
        });
        return protocols.ToImmutable();
    }

    private static void Add(ImmutableArray<InterfaceProtocol>.Builder protocols, InterfaceProtocol protocol)
    {
        if (protocol.Dhcp || protocol.Autoconf || !protocol.Addresses.IsEmpty)
        {
            protocols.Add(protocol);
        }
    }

    private static ImmutableArray<InterfaceAddress> Addresses(HostInterface shown, IpFamily family)
    {
        ImmutableArray<InterfaceAddress>.Builder addresses = ImmutableArray.CreateBuilder<InterfaceAddress>();
        foreach (IpPrefix prefix in shown.Addresses)
        {
            if (prefix.Family == family)
            {
                addresses.Add(Address(prefix));
            }
        }

        return addresses.ToImmutable();
    }

    private static InterfaceAddress Address(IpPrefix prefix) => new(prefix.Address, prefix.Length);

    private InterfaceLink LinkOf(HostInterface shown)
    {
        if (shown.Kind == InterfaceKind.Bridge || shown.Index == 0)
        {
            return default;
        }

        // As libvirt: the speed of a link that is not up says nothing.
        uint speed = shown.State == LinkOperationalState.Up ? speedOf(shown.Name) : 0;
        return new(speed, StateOf(shown.State));
    }

    /// <summary>The state in libvirt's words.</summary>
    public static InterfaceLinkState StateOf(LinkOperationalState state) => state switch
    {
        LinkOperationalState.NotPresent => InterfaceLinkState.NotPresent,
        LinkOperationalState.Down => InterfaceLinkState.Down,
        LinkOperationalState.LowerLayerDown => InterfaceLinkState.LowerLayerDown,
        LinkOperationalState.Testing => InterfaceLinkState.Testing,
        LinkOperationalState.Dormant => InterfaceLinkState.Dormant,
        LinkOperationalState.Up => InterfaceLinkState.Up,
        _ => InterfaceLinkState.Unknown,
    };

    private BridgeDefinition BridgeOf(HostInterface shown)
    {
        BridgeDetails? details = shown.Details as BridgeDetails;
        return new()
        {
            SpanningTree = details?.IsSpanningTreeOn,
            ForwardDelay = details?.ForwardDelayHundredths.ToString(CultureInfo.InvariantCulture),
            Members = MembersOf(shown),
        };
    }

    private BondDefinition BondOf(HostInterface shown)
    {
        BondDetails details = shown.Details as BondDetails ?? new BondDetails(0);
        ArpMonitor? arp = details is { ArpIntervalMilliseconds: not 0, ArpTarget: { } target }
            ? new(details.ArpIntervalMilliseconds, target, ValidationOf(details.ArpValidation)) : null;
        MiiMonitor? mii = arp is null && details.MiiIntervalMilliseconds != 0
            ? new(
                details.MiiIntervalMilliseconds,
                details.DownDelayMilliseconds,
                details.UpDelayMilliseconds,
                details.UsesCarrier ? MiiCarrier.Netif : MiiCarrier.Ioctl)
            : null;
        return new()
        {
            Mode = details.Mode <= 6 ? BondMode.BalanceRoundRobin + details.Mode : BondMode.Unspecified,
            Mii = mii,
            Arp = arp,
            Members = MembersOf(shown),
        };
    }

    private static ArpValidation ValidationOf(uint bits) => (bits & 3) switch
    {
        1 => ArpValidation.Active,
        2 => ArpValidation.Backup,
        3 => ArpValidation.All,
        _ => ArpValidation.None,
    };

    private ImmutableArray<InterfaceDefinition> MembersOf(HostInterface shown)
    {
        ImmutableArray<InterfaceDefinition>.Builder members = ImmutableArray.CreateBuilder<InterfaceDefinition>();
        foreach (string name in shown.Members)
        {
            // A bridge that is a port of another one is nothing that libvirt's schema knows.
            if (snapshot.Find(name) is { Kind: not InterfaceKind.Bridge } member)
            {
                members.Add(Common(member) with { Link = LinkOf(member) });
            }
        }

        return members.ToImmutable();
    }
}
