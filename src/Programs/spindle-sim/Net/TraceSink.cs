using System;
using System.Text;
using Spindle.Daemon.Logging;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>The daemon's log as part of the trace: what it says is part of what it does.</summary>
internal sealed class TraceSink(WorldTrace trace, Action<LogLevel> said) : LogSink
{
    private LogLevel level;

    protected override int WriteHead(LogLevel level, Span<byte> destination)
    {
        this.level = level;
        return 0;
    }

    protected override bool TryHandOver(ReadOnlySpan<byte> line)
    {
        trace.Note("log", Encoding.UTF8.GetString(line[..^1]));
        said(level);
        return true;
    }
}
