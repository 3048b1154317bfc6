using System;
using System.Text;
using Spindle.Daemon.Logging;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>The daemon's log as part of the trace: what it says is part of what it does.</summary>
internal sealed class TraceSink(WorldTrace trace) : LogSink
{
    protected override int WriteHead(LogLevel level, Span<byte> destination) => 0;

    protected override bool TryHandOver(ReadOnlySpan<byte> line)
    {
        trace.Note("log", Encoding.UTF8.GetString(line[..^1]));
        return true;
    }
}
