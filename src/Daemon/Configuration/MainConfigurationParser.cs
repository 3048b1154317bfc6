using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Configuration;

/// <summary>Reads the text of main.conf.</summary>
public static class MainConfigurationParser
{
    private const string General = "General";

    /// <summary>Reads a file. A bad value is refused by itself, and its default stays; unknown keys and groups are
    /// remarked.</summary>
    /// <param name="file">Its name, for remarks.</param>
    /// <param name="octets">Its content.</param>
    /// <param name="configuration">What it says.</param>
    /// <param name="remarks">What a person should know, in the order of the lines.</param>
    /// <returns>False if it is no key file at all; then the remark says why.</returns>
    public static bool TryParse(
        string file,
        ReadOnlySpan<byte> octets,
        [NotNullWhen(true)] out MainConfiguration? configuration,
        out ImmutableArray<ConfigurationRemark> remarks)
    {
        configuration = null;
        if (!KeyFileDocument.TryParse(octets, out KeyFileDocument? document, out KeyFileError error))
        {
            remarks = [new(file, error.Line, $"{error.Reason}: the whole file is refused", IsMistake: true)];
            return false;
        }

        List<ConfigurationRemark> found = [];
        configuration = ReadGroup(file, document, General, MainKeys.Find, new(), found);
        configuration = SettleOlderKeys(document, configuration);
        configuration = SettleIntervals(file, document, configuration, found);
        foreach (string group in document.Groups())
        {
            if (group == LibvirtKeys.Group)
            {
                configuration = ReadLibvirt(file, document, configuration, found);
            }
            else if (group != General)
            {
                found.Add(new(file, 0, $"unknown group '[{group}]' is ignored", IsMistake: true));
            }
        }

        remarks = [.. found];
        return true;
    }

    private static MainConfiguration ReadLibvirt(
        string file, KeyFileDocument document, MainConfiguration configuration, List<ConfigurationRemark> remarks)
    {
        configuration = configuration with { Libvirt = new() };
        configuration = ReadGroup(file, document, LibvirtKeys.Group, LibvirtKeys.Find, configuration, remarks);
        LibvirtConfiguration settled = LibvirtKeys.Settle(configuration.Libvirt!, (key, reason) =>
            remarks.Add(new(file, document.Find(LibvirtKeys.Group, key)?.Line ?? 0, reason, IsMistake: true)));
        return configuration with { Libvirt = settled };
    }

    private static MainConfiguration ReadGroup(
        string file,
        KeyFileDocument document,
        string group,
        Func<string, MainKey?> find,
        MainConfiguration configuration,
        List<ConfigurationRemark> remarks)
    {
        foreach (KeyFileEntry entry in document.Entries(group))
        {
            if (find(entry.Key) is not { } key)
            {
                remarks.Add(new(file, entry.Line, Ignored(group, entry.Key), IsMistake: true));
                continue;
            }

            // Of a key that stands twice the last one counts.
            if (document.Find(group, entry.Key) != entry)
            {
                continue;
            }

            MainReading reading = key.Read(entry, configuration);
            configuration = reading.Configuration;
            if (reading.Reason is { } reason)
            {
                remarks.Add(new(file, entry.Line, $"{reason}: refused, the default stays", IsMistake: true));
            }
            else if (key.Effect == MainKeyEffect.NotYet)
            {
                string notYet = $"'{entry.Key}' has no effect: what it is about is not here yet";
                remarks.Add(new(file, entry.Line, notYet, IsMistake: false));
            }
            else if (reading.Remark is { } remark)
            {
                remarks.Add(new(file, entry.Line, remark, IsMistake: false));
            }
        }

        return configuration;
    }

    private static string Ignored(string group, string key) =>
        group == LibvirtKeys.Group && LibvirtForeignKeys.TryFind(key, out string? consequence)
            ? $"'{key}' is ignored: {consequence}"
            : $"unknown key '{key}' is ignored";

    /// <summary>As ConnMan 2.0: the new key wins; without it the older ones say the mode.</summary>
    private static MainConfiguration SettleOlderKeys(KeyFileDocument document, MainConfiguration configuration)
    {
        if (document.Find(General, MainKeys.OnlineCheckModeName) is not null)
        {
            return configuration;
        }

        bool isOn = document.GetBoolean(General, MainKeys.EnableOnlineCheck) ?? true;
        bool isContinuous = document.GetBoolean(General, MainKeys.EnableOnlineToReadyTransition) ?? false;
        return configuration with
        {
            OnlineCheckMode = !isOn ? OnlineCheckMode.None
                : isContinuous ? OnlineCheckMode.Continuous
                : OnlineCheckMode.OneShot,
        };
    }

    private static MainConfiguration SettleIntervals(
        string file, KeyFileDocument document, MainConfiguration configuration, List<ConfigurationRemark> remarks)
    {
        if (configuration.OnlineCheckInitialInterval <= configuration.OnlineCheckMaxInterval)
        {
            return configuration;
        }

        int line = document.Find(General, "OnlineCheckInitialInterval")?.Line ?? 0;
        const string Reason = "'OnlineCheckInitialInterval' is above 'OnlineCheckMaxInterval': both refused, the defaults stay";
        remarks.Add(new(file, line, Reason, IsMistake: true));
        MainConfiguration defaults = new();
        return configuration with
        {
            OnlineCheckInitialInterval = defaults.OnlineCheckInitialInterval,
            OnlineCheckMaxInterval = defaults.OnlineCheckMaxInterval,
        };
    }
}
