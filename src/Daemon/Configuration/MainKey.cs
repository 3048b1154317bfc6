using System;
using System.Collections.Immutable;
using System.Globalization;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>What reading a value came to.</summary>
/// <param name="Configuration">With the value in it; as it was if the value was refused.</param>
/// <param name="Reason">Why it was refused; null: it was not.</param>
/// <param name="Remark">What else should be known; null: nothing.</param>
internal readonly record struct MainReading(MainConfiguration Configuration, string? Reason, string? Remark = null);

/// <summary>A key of main.conf.</summary>
/// <param name="Name">The key.</param>
/// <param name="Effect">When it takes effect.</param>
internal sealed record MainKey(string Name, MainKeyEffect Effect)
{
    /// <summary>Reads its value into a configuration.</summary>
    public required Func<KeyFileEntry, MainConfiguration, MainReading> Read { get; init; }

    /// <summary>Its value in a configuration, for people and for comparing.</summary>
    public required Func<MainConfiguration, string> Show { get; init; }

    public static MainKey Flag(
        string name,
        MainKeyEffect effect,
        Func<MainConfiguration, bool> get,
        Func<MainConfiguration, bool, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Boolean(entry, out bool value), () => set(c, value)),
            Show = c => get(c) ? "true" : "false",
        };

    public static MainKey Number(
        string name,
        MainKeyEffect effect,
        int min,
        int max,
        Func<MainConfiguration, int> get,
        Func<MainConfiguration, int, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Number(entry, min, max, out int value), () => set(c, value)),
            Show = c => get(c).ToString(CultureInfo.InvariantCulture),
        };

    public static MainKey Seconds(
        string name,
        MainKeyEffect effect,
        Func<MainConfiguration, TimeSpan> get,
        Func<MainConfiguration, TimeSpan, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Seconds(entry, 1, 86400, out TimeSpan value), () => set(c, value)),
            Show = c => get(c).TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };

    public static MainKey Text(
        string name,
        MainKeyEffect effect,
        int max,
        Func<MainConfiguration, string?> get,
        Func<MainConfiguration, string, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Text(entry, max, out string value), () => set(c, value)),
            Show = c => get(c) ?? "",
        };

    public static MainKey Url(
        string name, Func<MainConfiguration, string> get, Func<MainConfiguration, string, MainConfiguration> set) =>
        new(name, MainKeyEffect.Live)
        {
            Read = (entry, c) => Reading(c, MainValue.Url(entry, out string value), () => set(c, value)),
            Show = get,
        };

    public static MainKey Strings(
        string name,
        MainKeyEffect effect,
        Func<MainConfiguration, ImmutableArray<string>> get,
        Func<MainConfiguration, ImmutableArray<string>, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Strings(entry, out ImmutableArray<string> value), () => set(c, value)),
            Show = c => string.Join(",", get(c)),
        };

    public static MainKey Technologies(
        string name,
        MainKeyEffect effect,
        Func<MainConfiguration, ImmutableArray<string>> get,
        Func<MainConfiguration, ImmutableArray<string>, MainConfiguration> set) =>
        new(name, effect)
        {
            Read = (entry, c) => Reading(c, MainValue.Technologies(entry, out ImmutableArray<string> value), () => set(c, value)),
            Show = c => string.Join(",", get(c)),
        };

    public static MainReading Reading(MainConfiguration before, string? reason, Func<MainConfiguration> set) =>
        reason is null ? new(set(), null) : new(before, reason);
}
