using System;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Daemon.Configuration;

/// <summary>The keys of <c>main.conf</c> with their defaults, which apply when the file is missing, too.</summary>
public sealed record MainConfiguration
{
    /// <summary><c>InputRequestTimeout</c>: how long an agent may take over its answer.</summary>
    public TimeSpan InputRequestTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary><c>BrowserLaunchTimeout</c>: how long an agent may take over its browser.</summary>
    public TimeSpan BrowserLaunchTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>BackgroundScanning</c>.</summary>
    public bool BackgroundScanning { get; init; } = true;

    /// <summary><c>UseGatewaysAsTimeservers</c>.</summary>
    public bool UseGatewaysAsTimeservers { get; init; }

    /// <summary><c>FallbackTimeservers</c>: names or addresses.</summary>
    public ImmutableArray<string> FallbackTimeservers { get; init; } = [];

    /// <summary><c>FallbackNameservers</c>.</summary>
    public ImmutableArray<IpAddress> FallbackNameservers { get; init; } = [];

    /// <summary><c>DefaultAutoConnectTechnologies</c>.</summary>
    public ImmutableArray<string> DefaultAutoConnectTechnologies { get; init; } = ["wifi", "ethernet", "cellular"];

    /// <summary><c>DefaultEnabledTechnologies</c>.</summary>
    public ImmutableArray<string> DefaultEnabledTechnologies { get; init; } = ["ethernet"];

    /// <summary><c>DefaultFavoriteTechnologies</c>.</summary>
    public ImmutableArray<string> DefaultFavoriteTechnologies { get; init; } = ["ethernet"];

    /// <summary><c>PreferredTechnologies</c>, the most preferred first.</summary>
    public ImmutableArray<string> PreferredTechnologies { get; init; } = [];

    /// <summary><c>AlwaysConnectedTechnologies</c>.</summary>
    public ImmutableArray<string> AlwaysConnectedTechnologies { get; init; } = [];

    /// <summary><c>NetworkInterfaceBlacklist</c>: how the names of links begin that are left alone.</summary>
    public ImmutableArray<string> NetworkInterfaceBlacklist { get; init; } =
        ["vmnet", "vboxnet", "virbr", "ifb", "ve-", "vb-", "ham", "veth"];

    /// <summary><c>AllowHostnameUpdates</c>.</summary>
    public bool AllowHostnameUpdates { get; init; } = true;

    /// <summary><c>AllowDomainnameUpdates</c>.</summary>
    public bool AllowDomainnameUpdates { get; init; } = true;

    /// <summary><c>SingleConnectedTechnology</c>.</summary>
    public bool SingleConnectedTechnology { get; init; }

    /// <summary><c>TetheringTechnologies</c>.</summary>
    public ImmutableArray<string> TetheringTechnologies { get; init; } = ["wifi", "bluetooth", "gadget"];

    /// <summary><c>PersistentTetheringMode</c>.</summary>
    public bool PersistentTetheringMode { get; init; }

    /// <summary><c>Enable6to4</c>.</summary>
    public bool Enable6to4 { get; init; }

    /// <summary><c>VendorClassID</c>: DHCP option 60, 1 to 255 octets; null: not sent.</summary>
    public string? VendorClassId { get; init; }

    /// <summary><c>OnlineCheckMode</c>, or what the two older keys come to.</summary>
    public OnlineCheckMode OnlineCheckMode { get; init; } = OnlineCheckMode.OneShot;

    /// <summary><c>OnlineCheckIPv4URL</c>.</summary>
    public string OnlineCheckIpv4Url { get; init; } = "http://ipv4.connman.net/online/status.html";

    /// <summary><c>OnlineCheckIPv6URL</c>.</summary>
    public string OnlineCheckIpv6Url { get; init; } = "http://ipv6.connman.net/online/status.html";

    /// <summary><c>OnlineCheckConnectTimeout</c>; zero: the kernel's.</summary>
    public TimeSpan OnlineCheckConnectTimeout { get; init; }

    /// <summary><c>OnlineCheckInitialInterval</c>: the number of the first interval, from 1.</summary>
    public int OnlineCheckInitialInterval { get; init; } = 1;

    /// <summary><c>OnlineCheckMaxInterval</c>: the number of the last interval.</summary>
    public int OnlineCheckMaxInterval { get; init; } = 12;

    /// <summary><c>OnlineCheckFailuresThreshold</c>: failures in a row that take a service back to ready.</summary>
    public int OnlineCheckFailuresThreshold { get; init; } = 6;

    /// <summary><c>OnlineCheckSuccessesThreshold</c>: successes in a row that bring it to online again.</summary>
    public int OnlineCheckSuccessesThreshold { get; init; } = 6;

    /// <summary><c>OnlineCheckIntervalStyle</c>.</summary>
    public OnlineCheckIntervalStyle OnlineCheckIntervalStyle { get; init; }

    /// <summary><c>AutoConnectRoamingServices</c>.</summary>
    public bool AutoConnectRoamingServices { get; init; }

    /// <summary><c>AddressConflictDetection</c>: RFC 5227.</summary>
    public bool AddressConflictDetection { get; init; }

    /// <summary><c>Localtime</c>.</summary>
    public string Localtime { get; init; } = "/etc/localtime";

    /// <summary><c>RegdomFollowsTimezone</c>.</summary>
    public bool RegdomFollowsTimezone { get; init; }

    /// <summary><c>ResolvConf</c>: where resolv.conf goes; null: the usual places; empty: nowhere.</summary>
    public string? ResolvConf { get; init; }

    /// <summary>The group <c>[Libvirt]</c>; null: it is not there, and neither is the libvirt door.</summary>
    public LibvirtConfiguration? Libvirt { get; init; }
}
