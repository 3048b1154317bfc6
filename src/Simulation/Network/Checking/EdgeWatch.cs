using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Watches descriptors by name, edge-triggered: each wake with a key that counts is seen.</summary>
internal sealed class EdgeWatch(Kernel kernel, int epoll) : IDisposable
{
    private const uint Interests = 0x2007 | (1u << 31); // IN PRI OUT RDHUP, edge-triggered

    private readonly List<string> names = [];

    public Result Add(string name, int fd)
    {
        names.Add(name);
        return kernel.EpollControl(epoll, EpollOperation.Add, fd, Interests, (ulong)(names.Count - 1));
    }

    /// <summary>The edges since it was last asked, by name.</summary>
    public void AppendTo(StringBuilder text)
    {
        SortedDictionary<string, uint> edges = new(StringComparer.Ordinal);
        Span<EpollEvent> events = stackalloc EpollEvent[16];
        Result found = kernel.EpollWait(epoll, events, TimeSpan.Zero);
        for (int index = 0; index < found.Int; index++)
        {
            edges[names[(int)events[index].Data]] = events[index].Events;
        }

        foreach ((string name, uint mask) in edges)
        {
            text.Append(CultureInfo.InvariantCulture, $" {name}:{mask:x}");
        }
    }

    public void Dispose() => kernel.Close(epoll);
}
