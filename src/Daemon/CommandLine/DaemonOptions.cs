using System.Collections.Immutable;

namespace Spindle.Daemon.CommandLine;

/// <summary>What the command line of <c>spindled</c> says: connmand's options and <c>--storage-dir</c>.</summary>
public sealed record DaemonOptions
{
    /// <summary>The version that <c>-v</c> shows.</summary>
    public const string Version = "0.1.0";

    /// <summary>What the process ends with after a mistake on the command line; connmand's.</summary>
    public const int UsageExitCode = 1;

    /// <summary>Where main.conf is if nothing else is said.</summary>
    public const string DefaultConfigurationFile = "/etc/connman/main.conf";

    /// <summary>Where settings are kept if nothing else is said.</summary>
    public const string DefaultStorageDirectory = "/var/lib/connman";

    /// <summary><c>-c</c>: main.conf.</summary>
    public string ConfigurationFile { get; init; } = DefaultConfigurationFile;

    /// <summary><c>--storage-dir</c>: settings and provisioning files.</summary>
    public string StorageDirectory { get; init; } = DefaultStorageDirectory;

    /// <summary><c>-d</c>: debug messages are logged.</summary>
    public bool IsDebug { get; init; }

    /// <summary>Globs after <c>-d</c>: of these areas alone; empty: of all.</summary>
    public ImmutableArray<string> DebugGlobs { get; init; } = [];

    /// <summary><c>-i</c>: globs of the links to manage; empty: all that fit.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary><c>-I</c>: globs of the links to leave alone.</summary>
    public ImmutableArray<string> NoDevices { get; init; } = [];

    /// <summary><c>-n</c>: stays in the foreground.</summary>
    public bool IsForeground { get; init; }

    /// <summary><c>-r</c>: no DNS proxy; the real servers go to resolv.conf.</summary>
    public bool IsWithoutDnsProxy { get; init; }

    /// <summary><c>-v</c>: print the version and end.</summary>
    public bool IsVersionWanted { get; init; }

    /// <summary><c>-h</c>: print the help and end.</summary>
    public bool IsHelpWanted { get; init; }

    /// <summary>One line for the log about each option that was given and does nothing.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}
