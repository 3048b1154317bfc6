using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>Who sets the time or the time zone.</summary>
public enum TimeSetting
{
    /// <summary>We do.</summary>
    Auto,

    /// <summary>The user does.</summary>
    Manual,
}

/// <summary>The file <c>settings</c> in the storage directory.</summary>
public sealed record GlobalSettings
{
    private const string Global = "global";
    private const string Wired = "Wired";

    /// <summary><c>OfflineMode</c>.</summary>
    public bool OfflineMode { get; init; }

    /// <summary><c>TimeUpdates</c>; null: never set.</summary>
    public TimeSetting? TimeUpdates { get; init; }

    /// <summary><c>TimezoneUpdates</c>; null: never set.</summary>
    public TimeSetting? TimezoneUpdates { get; init; }

    /// <summary><c>Timeservers</c>.</summary>
    public ImmutableArray<string> Timeservers { get; init; } = [];

    /// <summary><c>Enable</c> in <c>[Wired]</c>; null: never set, so that the default counts.</summary>
    public bool? IsWiredEnabled { get; init; }

    /// <summary>Reads the file; what makes no sense counts as absent and is added to the defects.</summary>
    public static GlobalSettings Read(KeyFileDocument document, ICollection<KeyFileError> defects)
    {
        SettingsGroupReader global = new(document, Global, defects);
        SettingsGroupReader wired = new(document, Wired, defects);
        return new GlobalSettings
        {
            OfflineMode = global.Boolean("OfflineMode") ?? false,
            TimeUpdates = ReadTime(global, "TimeUpdates"),
            TimezoneUpdates = ReadTime(global, "TimezoneUpdates"),
            Timeservers = global.Strings("Timeservers"),
            IsWiredEnabled = wired.Boolean("Enable"),
        };
    }

    /// <summary>Writes it as ConnMan does; the groups of other technologies stay as they are.</summary>
    public void Write(KeyFileDocument document)
    {
        OrderedGroup global = new(document, Global);
        global.Set("OfflineMode", OfflineMode);
        global.SetOrRemove("TimeUpdates", Show(TimeUpdates));
        global.SetOrRemove("TimezoneUpdates", Show(TimezoneUpdates));
        global.SetList("Timeservers", Timeservers);
        if (IsWiredEnabled is { } isEnabled)
        {
            OrderedGroup wired = new(document, Wired);
            wired.Set("Enable", isEnabled);
            wired.SetIfAbsent("Tethering", "false");
            wired.SetIfAbsent("Tethering.Freq", "2412");
        }
    }

    private static TimeSetting? ReadTime(SettingsGroupReader group, string key)
    {
        switch (group.String(key))
        {
            case null:
                return null;
            case "auto":
                return TimeSetting.Auto;
            case "manual":
                return TimeSetting.Manual;
            case { } other:
                group.Complain(key, $"is '{other}', which is neither auto nor manual");
                return null;
        }
    }

    private static string? Show(TimeSetting? setting) => setting switch
    {
        null => null,
        TimeSetting.Auto => "auto",
        TimeSetting.Manual => "manual",
        _ => throw new InvalidOperationException("No such setting."),
    };
}
