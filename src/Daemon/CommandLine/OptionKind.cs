namespace Spindle.Daemon.CommandLine;

/// <summary>What an option wants behind it.</summary>
internal enum OptionValue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A value.</summary>
    Required,

    /// <summary>A value, unless the next argument is an option.</summary>
    Optional,
}

/// <summary>An option as the command line knows it.</summary>
/// <param name="Short">One letter; NUL: none.</param>
/// <param name="Long">The name behind <c>--</c>.</param>
/// <param name="Value">What it wants behind it.</param>
/// <param name="Hint">What the value is called in the help.</param>
/// <param name="Help">One line.</param>
internal sealed record OptionKind(char Short, string Long, OptionValue Value, string Hint, string Help)
{
    /// <summary>All of them, in the order of the help.</summary>
    public static OptionKind[] All { get; } =
    [
        new('c', "config", OptionValue.Required, "FILE", "main.conf (default /etc/connman/main.conf)"),
        new('d', "debug", OptionValue.Optional, "AREA,..", "log debug messages (of these areas alone)"),
        new('i', "device", OptionValue.Required, "DEV,..", "manage these links alone (globs)"),
        new('I', "nodevice", OptionValue.Required, "DEV,..", "leave these links alone (globs)"),
        new('p', "plugin", OptionValue.Required, "NAME,..", "taken and ignored: there are no plugins"),
        new('P', "noplugin", OptionValue.Required, "NAME,..", "taken and ignored: there are no plugins"),
        new('W', "wifi", OptionValue.Required, "NAME", "taken and ignored: Wi-Fi is not here yet"),
        new('n', "nodaemon", OptionValue.None, "", "stay in the foreground"),
        new('r', "nodnsproxy", OptionValue.None, "", "no DNS proxy: the real servers go to resolv.conf"),
        new('\0', "nobacktrace", OptionValue.None, "", "taken and ignored: no backtraces are printed"),
        new('\0', "storage-dir", OptionValue.Required, "DIR", "settings (default /var/lib/connman)"),
        new('v', "version", OptionValue.None, "", "print the version and end"),
        new('h', "help", OptionValue.None, "", "print this help and end"),
    ];

    public static OptionKind? Find(char letter) => System.Array.Find(All, kind => kind.Short == letter && letter != '\0');

    public static OptionKind? Find(string name) => System.Array.Find(All, kind => kind.Long == name);

    /// <summary>As a person writes it.</summary>
    public override string ToString() => Short == '\0' ? $"--{Long}" : $"-{Short}, --{Long}";
}
