using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>A thread that a script has started: it is in one call, or has come back from it.</summary>
internal abstract class ScriptThread(ScriptThreadKind kind)
{
    public ScriptThreadKind Kind { get; } = kind;

    public abstract bool IsDone { get; }

    /// <summary>What the call returned.</summary>
    public abstract Result Result { get; }

    /// <summary>What epoll_wait returned.</summary>
    public abstract IReadOnlyList<EpollEvent> Events { get; }

    /// <summary>What poll found of its one descriptor.</summary>
    public abstract PollMask Found { get; }
}

/// <summary>Which call a <see cref="ScriptThread"/> is in.</summary>
internal enum ScriptThreadKind
{
    Wait,
    Poll,
    Read,
}
