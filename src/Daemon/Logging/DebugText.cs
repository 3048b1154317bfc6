using System;
using System.Runtime.CompilerServices;

namespace Spindle.Daemon.Logging;

/// <summary>Builds the text of a debug message only if its area is wanted.</summary>
[InterpolatedStringHandler]
public ref struct DebugText
{
    private DefaultInterpolatedStringHandler inner;

    /// <summary>Called by the compiler.</summary>
    public DebugText(int literalLength, int formattedCount, Log log, string area, out bool isWanted)
    {
        ArgumentNullException.ThrowIfNull(log);
        isWanted = log.IsDebugging(area);
        IsWanted = isWanted;
        inner = isWanted ? new(literalLength, formattedCount) : default;
    }

    /// <summary>The text is built.</summary>
    public bool IsWanted { get; }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => inner.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => inner.AppendFormatted(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) => inner.AppendFormatted(value, format);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted(ReadOnlySpan<char> value) => inner.AppendFormatted(value);

    /// <summary>The text; once.</summary>
    public string ToStringAndClear() => inner.ToStringAndClear();
}
