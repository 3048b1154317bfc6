using System;
using System.Collections.Generic;

namespace Spindle.Loop;

/// <summary>The signals that a loop watches, each with the sources that do.</summary>
internal sealed class SignalTable(EventLoop loop) : IDisposable
{
    private readonly Dictionary<int, SignalWatch> watches = [];

    public void Join(SignalSource source)
    {
        if (!watches.TryGetValue(source.Signal, out SignalWatch? watch))
        {
            watch = new SignalWatch(loop, source.Signal);
            watches.Add(source.Signal, watch);
        }

        watch.Sources.Add(source);
    }

    public void Leave(SignalSource source)
    {
        if (watches.TryGetValue(source.Signal, out SignalWatch? watch) && watch.Sources.Remove(source)
            && watch.Sources.Count == 0)
        {
            watches.Remove(source.Signal);
            watch.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (SignalWatch watch in watches.Values)
        {
            watch.Dispose();
        }

        watches.Clear();
    }
}
