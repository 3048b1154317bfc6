using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Protocols.InterfaceXml;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Libvirt;

/// <summary>An interface of the host as it was at one moment. Never changes, so any thread may read it.</summary>
/// <param name="Index">The kernel's number; 0: it is defined, and no link has its name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Mac">Its address; zeros where there is none.</param>
internal sealed record HostInterface(int Index, string Name, MacAddress Mac)
{
    /// <summary>Its address as clients read it; empty where there is no link and none was defined.</summary>
    public string MacText { get; } = Index == 0 && Mac.IsZero ? "" : Mac.ToString().ToLowerInvariant();

    /// <summary>What libvirt takes it for.</summary>
    public InterfaceKind Kind { get; init; }

    /// <summary>Shown in lists: ports of a bridge and tunnels of programs are not, as with libvirt.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>In use: with a service on it, connected; else switched on with a carrier.</summary>
    public bool IsActive { get; init; }

    /// <summary>On the air.</summary>
    public bool IsWireless { get; init; }

    /// <summary>The state of RFC 2863.</summary>
    public LinkOperationalState State { get; init; } = LinkOperationalState.NotPresent;

    /// <summary>Octets in a packet at most; 0: no link.</summary>
    public uint Mtu { get; init; }

    /// <summary>All addresses on the link.</summary>
    public ImmutableArray<IpPrefix> Addresses { get; init; } = [];

    /// <summary>What a bridge or bond says of itself.</summary>
    public LinkDetails? Details { get; init; }

    /// <summary>The number of a VLAN.</summary>
    public ushort VlanTag { get; init; }

    /// <summary>The link under a VLAN; empty: none.</summary>
    public string ParentName { get; init; } = "";

    /// <summary>Ports of a bridge or bond, by their names' order; a bond's active one first.</summary>
    public ImmutableArray<string> Members { get; init; } = [];

    /// <summary>How it is configured; null: it is left alone.</summary>
    public HostSettings? Settings { get; init; }

    /// <summary>Why it is left alone; null: it is not.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What a managed interface is told, by its user or by a provisioning file.</summary>
/// <param name="AutoConnect">Connects by itself.</param>
/// <param name="Ipv4">IPv4.</param>
/// <param name="Ipv6">IPv6.</param>
/// <param name="Ipv4Gateway">The router in use.</param>
/// <param name="Ipv6Gateway">The router in use.</param>
internal sealed record HostSettings(
    bool AutoConnect, Ipv4Configuration Ipv4, Ipv6Configuration Ipv6, IpAddress? Ipv4Gateway = null, IpAddress? Ipv6Gateway = null);
