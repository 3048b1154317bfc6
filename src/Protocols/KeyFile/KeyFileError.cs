using System.Globalization;

namespace Spindle.Protocols.KeyFile;

/// <summary>Why a key file, or one value in it, was refused.</summary>
/// <param name="Line">The line, counted from 1; 0 if no line is to blame.</param>
/// <param name="Reason">What is wrong, as the end of a sentence that names the file.</param>
public readonly record struct KeyFileError(int Line, string Reason)
{
    /// <summary><c>line 3: reason</c>.</summary>
    public override string ToString() => Line == 0
        ? Reason
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Reason}");
}
