using System;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>The kernel refuses to watch a descriptor.</summary>
internal sealed class WatchRefusedException(int fd, Errno error) : ArgumentException($"Descriptor {fd} cannot be watched: {error}.")
{
    /// <summary>Why.</summary>
    public Errno Error => error;
}
