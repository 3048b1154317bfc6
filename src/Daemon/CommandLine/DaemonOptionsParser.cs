using System;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;

namespace Spindle.Daemon.CommandLine;

/// <summary>Reads the command line by hand: a parser library would cost more than the daemon's whole start.</summary>
public static class DaemonOptionsParser
{
    /// <summary>Reads the arguments (without the program's name).</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">What they say.</param>
    /// <param name="error">What is wrong, for standard error, a hint included; empty if nothing is.</param>
    /// <param name="currentDirectory">What relative paths are relative to: the daemon goes to <c>/</c> later.</param>
    public static bool TryParse(
        ReadOnlySpan<string> arguments,
        [NotNullWhen(true)] out DaemonOptions? options,
        out string error,
        string currentDirectory = "/")
    {
        DaemonOptions read = new();
        OptionReader reader = new(arguments);
        while (reader.TryRead(out GivenOption option))
        {
            read = Apply(read, option);
        }

        error = reader.Error.Length == 0 ? "" : $"spindled: {reader.Error}\nTry 'spindled --help'.\n";
        options = error.Length > 0 ? null : read with
        {
            ConfigurationFile = Path.GetFullPath(read.ConfigurationFile, currentDirectory),
            StorageDirectory = Path.GetFullPath(read.StorageDirectory, currentDirectory),
        };
        return options is not null;
    }

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help()
    {
        StringBuilder text = new("Usage: spindled [OPTION...]\nManages network connections, as connmand does.\n\n");
        foreach (OptionKind kind in OptionKind.All)
        {
            string letter = kind.Short == '\0' ? "    " : $"-{kind.Short}, ";
            string value = kind.Value switch
            {
                OptionValue.None => "",
                OptionValue.Required => $"={kind.Hint}",
                OptionValue.Optional => $"[={kind.Hint}]",
            };
            text.Append("  ").Append(letter).Append($"--{kind.Long}{value}".PadRight(22)).Append(kind.Help).Append('\n');
        }

        return text.Append("\nSIGHUP reads main.conf again; SIGTERM and SIGINT end in order, connections stay.\n").ToString();
    }

    private static DaemonOptions Apply(DaemonOptions options, GivenOption option) => option.Kind.Long switch
    {
        "config" => options with { ConfigurationFile = option.Value! },
        "storage-dir" => options with { StorageDirectory = option.Value! },
        "debug" => options with { IsDebug = true, DebugGlobs = options.DebugGlobs.AddRange(Split(option.Value)) },
        "device" => options with { Devices = options.Devices.AddRange(Split(option.Value)) },
        "nodevice" => options with { NoDevices = options.NoDevices.AddRange(Split(option.Value)) },
        "nodaemon" => options with { IsForeground = true },
        "nodnsproxy" => options with { IsWithoutDnsProxy = true },
        "version" => options with { IsVersionWanted = true },
        "help" => options with { IsHelpWanted = true },
        _ => Remark(options, option),
    };

    private static DaemonOptions Remark(DaemonOptions options, GivenOption option)
    {
        string remark = option.Kind.Long switch
        {
            "wifi" => $"option {option.Spelling} does nothing yet: Wi-Fi is not here",
            "nobacktrace" => $"option {option.Spelling} does nothing: no backtraces are printed",
            _ => $"option {option.Spelling} does nothing: there are no plugins",
        };
        return options.Remarks.Contains(remark) ? options : options with { Remarks = options.Remarks.Add(remark) };
    }

    private static ImmutableArray<string> Split(string? list) => list is null
        ? []
        : [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
