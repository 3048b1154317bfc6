using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Daemon.Logging;

namespace Spindle.Daemon.Tests.Logging;

/// <summary>A sink that keeps lines as <c>Level text</c>; while it is full it takes none.</summary>
public sealed class RecordingSink : LogSink
{
    public List<string> Lines { get; } = [];

    public bool IsFull { get; set; }

    protected override int WriteHead(LogLevel level, Span<byte> destination) =>
        Encoding.UTF8.GetBytes($"{level} ", destination);

    protected override bool TryHandOver(ReadOnlySpan<byte> line)
    {
        if (!IsFull)
        {
            Lines.Add(Encoding.UTF8.GetString(line[..^1]));
        }

        return !IsFull;
    }
}
