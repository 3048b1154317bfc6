using System;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Basics;
using Spindle.Protocols.KeyFile;
using static Spindle.Daemon.Configuration.MainKeyEffect;

namespace Spindle.Daemon.Configuration;

/// <summary>All keys of main.conf, in the order of ConnMan's documentation.</summary>
internal static class MainKeys
{
    /// <summary>Older than <c>OnlineCheckMode</c>: false means <c>none</c>.</summary>
    public const string EnableOnlineCheck = "EnableOnlineCheck";

    /// <summary>Older than <c>OnlineCheckMode</c>: true means <c>continuous</c>.</summary>
    public const string EnableOnlineToReadyTransition = "EnableOnlineToReadyTransition";

    /// <summary>The key that the two above became.</summary>
    public const string OnlineCheckModeName = "OnlineCheckMode";

    /// <summary>The numbers of intervals beyond which nobody would wait.</summary>
    public const int IntervalMax = 3600;

    private static readonly (string, OnlineCheckMode)[] Modes =
        [("none", OnlineCheckMode.None), ("one-shot", OnlineCheckMode.OneShot), ("continuous", OnlineCheckMode.Continuous)];

    private static readonly (string, OnlineCheckIntervalStyle)[] Styles =
        [("geometric", OnlineCheckIntervalStyle.Geometric), ("fibonacci", OnlineCheckIntervalStyle.Fibonacci)];

    public static MainKey[] All { get; } =
    [
        MainKey.Seconds("InputRequestTimeout", NotYet,
            c => c.InputRequestTimeout, (c, v) => c with { InputRequestTimeout = v }),
        MainKey.Seconds("BrowserLaunchTimeout", Live,
            c => c.BrowserLaunchTimeout, (c, v) => c with { BrowserLaunchTimeout = v }),
        MainKey.Flag("BackgroundScanning", NotYet,
            c => c.BackgroundScanning, (c, v) => c with { BackgroundScanning = v }),
        MainKey.Flag("UseGatewaysAsTimeservers", Live,
            c => c.UseGatewaysAsTimeservers, (c, v) => c with { UseGatewaysAsTimeservers = v }),
        MainKey.Strings("FallbackTimeservers", Live,
            c => c.FallbackTimeservers, (c, v) => c with { FallbackTimeservers = v }),
        new("FallbackNameservers", Live)
        {
            Read = ReadFallbackNameservers,
            Show = static c => string.Join(",", c.FallbackNameservers),
        },
        MainKey.Technologies("DefaultAutoConnectTechnologies", Live,
            c => c.DefaultAutoConnectTechnologies, (c, v) => c with { DefaultAutoConnectTechnologies = v }),
        MainKey.Technologies("DefaultEnabledTechnologies", Restart,
            c => c.DefaultEnabledTechnologies, (c, v) => c with { DefaultEnabledTechnologies = v }),
        MainKey.Technologies("DefaultFavoriteTechnologies", Live,
            c => c.DefaultFavoriteTechnologies, (c, v) => c with { DefaultFavoriteTechnologies = v }),
        MainKey.Technologies("PreferredTechnologies", Live,
            c => c.PreferredTechnologies, (c, v) => c with { PreferredTechnologies = v }),
        MainKey.Technologies("AlwaysConnectedTechnologies", NotYet,
            c => c.AlwaysConnectedTechnologies, (c, v) => c with { AlwaysConnectedTechnologies = v }),
        MainKey.Strings("NetworkInterfaceBlacklist", Live,
            c => c.NetworkInterfaceBlacklist, (c, v) => c with { NetworkInterfaceBlacklist = v }),
        MainKey.Flag("AllowHostnameUpdates", Live,
            c => c.AllowHostnameUpdates, (c, v) => c with { AllowHostnameUpdates = v }),
        MainKey.Flag("AllowDomainnameUpdates", Live,
            c => c.AllowDomainnameUpdates, (c, v) => c with { AllowDomainnameUpdates = v }),
        MainKey.Flag("SingleConnectedTechnology", NotYet,
            c => c.SingleConnectedTechnology, (c, v) => c with { SingleConnectedTechnology = v }),
        MainKey.Technologies("TetheringTechnologies", NotYet,
            c => c.TetheringTechnologies, (c, v) => c with { TetheringTechnologies = v }),
        MainKey.Flag("PersistentTetheringMode", NotYet,
            c => c.PersistentTetheringMode, (c, v) => c with { PersistentTetheringMode = v }),
        MainKey.Flag("Enable6to4", NotYet, c => c.Enable6to4, (c, v) => c with { Enable6to4 = v }),
        MainKey.Text("VendorClassID", Live, 255,
            c => c.VendorClassId, (c, v) => c with { VendorClassId = v.Length == 0 ? null : v }),
        new(EnableOnlineCheck, Live) { Read = ReadOlder, Show = static _ => "" },
        new(EnableOnlineToReadyTransition, Live) { Read = ReadOlder, Show = static _ => "" },
        new(OnlineCheckModeName, Live)
        {
            Read = static (entry, c) => MainKey.Reading(
                c, MainValue.Word(entry, Modes, out OnlineCheckMode mode), () => c with { OnlineCheckMode = mode }),
            Show = static c => Array.Find(Modes, mode => mode.Item2 == c.OnlineCheckMode).Item1,
        },
        MainKey.Url("OnlineCheckIPv4URL", c => c.OnlineCheckIpv4Url, (c, v) => c with { OnlineCheckIpv4Url = v }),
        MainKey.Url("OnlineCheckIPv6URL", c => c.OnlineCheckIpv6Url, (c, v) => c with { OnlineCheckIpv6Url = v }),
        new("OnlineCheckConnectTimeout", Live)
        {
            Read = static (entry, c) => MainKey.Reading(
                c, MainValue.Decimal(entry, 3600, out TimeSpan value), () => c with { OnlineCheckConnectTimeout = value }),
            Show = static c => c.OnlineCheckConnectTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        },
        MainKey.Number("OnlineCheckInitialInterval", Live, 1, IntervalMax,
            c => c.OnlineCheckInitialInterval, (c, v) => c with { OnlineCheckInitialInterval = v }),
        MainKey.Number("OnlineCheckMaxInterval", Live, 1, IntervalMax,
            c => c.OnlineCheckMaxInterval, (c, v) => c with { OnlineCheckMaxInterval = v }),
        MainKey.Number("OnlineCheckFailuresThreshold", Live, 1, 1000,
            c => c.OnlineCheckFailuresThreshold, (c, v) => c with { OnlineCheckFailuresThreshold = v }),
        MainKey.Number("OnlineCheckSuccessesThreshold", Live, 1, 1000,
            c => c.OnlineCheckSuccessesThreshold, (c, v) => c with { OnlineCheckSuccessesThreshold = v }),
        new("OnlineCheckIntervalStyle", Live)
        {
            Read = static (entry, c) => MainKey.Reading(
                c,
                MainValue.Word(entry, Styles, out OnlineCheckIntervalStyle style),
                () => c with { OnlineCheckIntervalStyle = style }),
            Show = static c => Array.Find(Styles, style => style.Item2 == c.OnlineCheckIntervalStyle).Item1,
        },
        MainKey.Flag("AutoConnectRoamingServices", NotYet,
            c => c.AutoConnectRoamingServices, (c, v) => c with { AutoConnectRoamingServices = v }),
        MainKey.Flag("AddressConflictDetection", Live,
            c => c.AddressConflictDetection, (c, v) => c with { AddressConflictDetection = v }),
        MainKey.Text("Localtime", NotYet, 4096, c => c.Localtime, (c, v) => c with { Localtime = v }),
        MainKey.Flag("RegdomFollowsTimezone", NotYet,
            c => c.RegdomFollowsTimezone, (c, v) => c with { RegdomFollowsTimezone = v }),
        new("ResolvConf", Restart) { Read = ReadResolvConf, Show = static c => c.ResolvConf ?? "(unset)" },
    ];

    public static MainKey? Find(string name) => Array.Find(All, key => key.Name == name);

    private static MainReading ReadFallbackNameservers(KeyFileEntry entry, MainConfiguration configuration)
    {
        string? reason = MainValue.Addresses(entry, out ImmutableArray<IpAddress> value, out string? left);
        return reason is null
            ? new(configuration with { FallbackNameservers = value }, null, left)
            : new(configuration, reason);
    }

    /// <summary>Only looked at: what both come to is settled once all keys are read.</summary>
    private static MainReading ReadOlder(KeyFileEntry entry, MainConfiguration configuration) => new(
        configuration,
        MainValue.Boolean(entry, out _),
        $"'{entry.Key}' is deprecated, use '{OnlineCheckModeName}'");

    private static MainReading ReadResolvConf(KeyFileEntry entry, MainConfiguration configuration)
    {
        string? reason = MainValue.Text(entry, 4096, out string path);
        reason ??= path.Length == 0 || path[0] == '/' ? null : $"'{entry.Key}' is no absolute path";
        return MainKey.Reading(configuration, reason, () => configuration with { ResolvConf = path == "/dev/null" ? "" : path });
    }
}
