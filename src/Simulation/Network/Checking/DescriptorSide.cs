using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A side whose sequences open descriptors, name them, and have them watched.</summary>
internal abstract class DescriptorSide : CheckSide
{
    private const ushort Everything = 0x27C7;

    protected DescriptorSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass) => Edges = new EdgeWatch(kernel, Require(kernel.EpollCreate()));

    protected Dictionary<string, int> Descriptors { get; } = new(StringComparer.Ordinal);

    protected EdgeWatch Edges { get; }

    public override void Dispose()
    {
        foreach (int fd in Descriptors.Values)
        {
            Kernel.Close(fd);
        }

        Edges.Dispose();
        base.Dispose();
    }

    /// <summary>What poll says of a descriptor.</summary>
    public string Poll(string name) => With(name, fd =>
    {
        PollEntry[] entries = [new PollEntry(fd, Everything)];
        Kernel.Poll(entries, TimeSpan.Zero);
        return entries[0].Found.ToString("x", CultureInfo.InvariantCulture);
    });

    protected string With(string name, Func<int, string> call) => Descriptors.TryGetValue(name, out int fd) ? call(fd) : "none";
}
