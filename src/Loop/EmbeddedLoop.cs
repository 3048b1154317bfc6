using System;

namespace Spindle.Loop;

/// <summary>A loop inside a foreign one, which waits in its place: <see cref="Prepare"/>, then wait for <see cref="WaitFd"/> or
/// <see cref="WatchedFds"/>, then <see cref="EventLoop.Iterate"/> without blocking.</summary>
/// <param name="Loop">The loop.</param>
public readonly record struct EmbeddedLoop(EventLoop Loop)
{
    /// <summary>The descriptor that is readable when a turn has something to do, -1 where the way of waiting has none (then
    /// see <see cref="WatchedFds"/>). It may change; ask before each wait.</summary>
    public int WaitFd => Loop.Poller.Fd;

    /// <summary>Does the part of a turn that comes before its wait, and tells how long that may be; the next Iterate that
    /// does not block makes the rest. Changes in between, by this thread or another, wake the wait.</summary>
    /// <returns>Zero: do not wait. Null: without end.</returns>
    public TimeSpan? Prepare()
    {
        LoopEntry entry = Loop.Turns.Enter();
        try
        {
            return Loop.Full.PrepareApart();
        }
        finally
        {
            Loop.Turns.Leave(entry);
        }
    }

    /// <summary>For a foreign loop without epoll: what to wait for, level-triggered as poll(2) has it. Ask before each wait.</summary>
    /// <param name="destination">Where the descriptors go.</param>
    /// <returns>How many there are; more than fit: ask again with more room.</returns>
    public int WatchedFds(Span<WatchedFd> destination)
    {
        Loop.VerifyThread();
        Loop.Posts.TellLevel();
        return Loop.Poller.Query(destination);
    }
}
