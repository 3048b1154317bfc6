using System;

namespace Spindle.Loop;

/// <summary>Makes a loop the current one of a thread (<see cref="EventLoop.Current"/>) until disposed, on the same thread
/// and in reverse order.</summary>
public sealed class CurrentLoop : IDisposable
{
    private readonly LoopThread thread;
    private readonly bool isClaimed;

    internal CurrentLoop(EventLoop loop, LoopThread thread, CurrentLoop? outer, bool isClaimed)
    {
        Loop = loop;
        Outer = outer;
        this.thread = thread;
        this.isClaimed = isClaimed;
    }

    /// <summary>The loop.</summary>
    public EventLoop Loop { get; }

    internal CurrentLoop? Outer { get; }

    /// <summary>What was the current loop before is so again.</summary>
    /// <exception cref="InvalidOperationException">Another thread, or not the one made current last; or as
    /// <see cref="EventLoop.ReleaseThread"/>, where the loop had no thread before.</exception>
    public void Dispose() => thread.Pop(this, isClaimed);
}
