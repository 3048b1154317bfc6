using System.Globalization;

namespace Spindle.Daemon.Configuration;

/// <summary>Something that a person should know about a line of a configuration file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, counted from 1; 0: none.</param>
/// <param name="Reason">What is wrong, and what was done instead.</param>
/// <param name="IsMistake">True: something was refused. False: worth knowing alone (not yet, deprecated).</param>
public sealed record ConfigurationRemark(string File, int Line, string Reason, bool IsMistake)
{
    /// <summary><c>file:line: reason</c>.</summary>
    public override string ToString() => Line == 0
        ? $"{File}: {Reason}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Reason}");
}
