using System;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>The kinds of sources that a loop knows nothing of by itself: steps of the clock, files, pressure, queues with a
/// bound; and descriptors for a program that must go on when the kernel refuses one.</summary>
public static class EventLoopSources
{
    /// <summary>As <see cref="EventLoop.AddFd"/>, for a program that goes on when the kernel has no more watches or memory.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="fd">The descriptor; stays the caller's.</param>
    /// <param name="interest">What for.</param>
    /// <param name="handler">Called when it is ready.</param>
    /// <param name="source">The source; null on failure.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <param name="trigger">When its readiness is told.</param>
    /// <param name="isExclusive">See <see cref="FdSource.IsExclusive"/>.</param>
    /// <returns>ENOSPC (too many watches), ENOMEM, EBADF (not open).</returns>
    /// <exception cref="ArgumentException">select cannot hold its number, or an exclusive source cannot be had this way.</exception>
    public static Result TryAddFd(
        this EventLoop loop,
        int fd,
        FdEvents interest,
        FdHandler handler,
        out FdSource? source,
        int priority = Priority.Default,
        string name = "",
        FdTrigger trigger = FdTrigger.Level,
        bool isExclusive = false)
    {
        loop.Enter(handler);
        FdSource made = new(loop, fd, interest, handler, priority, name) { Trigger = trigger, IsExclusive = isExclusive };
        source = null;
        try
        {
            made.Verify(interest);
            Errno error = loop.Poller.TryAttach(made);
            if (error != Errno.None)
            {
                return Result.Fail(error);
            }

            source = made;
            return Result.Ok();
        }
        finally
        {
            if (source is null)
            {
                made.Remove();
            }
        }
    }

    /// <summary>Watches for the wall clock being set.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="handler">Called afterwards.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public static ClockStepSource AddClockStep(
        this EventLoop loop, ClockStepHandler handler, int priority = Priority.Default, string name = "")
    {
        loop.Enter(handler);
        return new ClockStepSource(loop, handler, priority, name);
    }

    /// <summary>Watches a file or directory. See <see cref="FileWatchSource"/>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="path">Which.</param>
    /// <param name="events">What for, and how.</param>
    /// <param name="handler">Called for each event.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <exception cref="ArgumentException">It cannot be watched: not there, no permission, too many watches.</exception>
    public static FileWatchSource AddFileWatch(
        this EventLoop loop,
        string path,
        FileEvents events,
        FileWatchHandler handler,
        int priority = Priority.Default, string name = "")
    {
        Result result = loop.TryAddFileWatch(path, events, handler, out FileWatchSource? source, priority, name);
        return source ?? throw new ArgumentException($"'{path}' cannot be watched: {result.Error}.", nameof(path));
    }

    /// <summary>As <see cref="AddFileWatch"/>, for a path that may well not be there.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="path">Which.</param>
    /// <param name="events">What for, and how.</param>
    /// <param name="handler">Called for each event.</param>
    /// <param name="source">The source; null on failure.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <returns>ENOENT, EACCES, ENOTDIR, ENOSPC (too many watches), EMFILE (too many inotifys) ….</returns>
    public static Result TryAddFileWatch(
        this EventLoop loop,
        string path,
        FileEvents events,
        FileWatchHandler handler,
        out FileWatchSource? source,
        int priority = Priority.Default,
        string name = "")
    {
        loop.Enter(handler);
        ArgumentNullException.ThrowIfNull(path);
        source = new FileWatchSource(loop, path, events, handler, priority, name);
        Result result = FileWatchTable.Join(source);
        if (!result.IsOk)
        {
            source.Remove();
            source = null;
        }

        return result;
    }

    /// <summary>Adds a queue with a bound, by which any thread brings items here. See <see cref="PostQueue{T}"/>.</summary>
    /// <typeparam name="T">What is posted.</typeparam>
    /// <param name="loop">The loop.</param>
    /// <param name="capacity">The most items that wait; at least 1.</param>
    /// <param name="handler">Called for each item.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public static PostQueue<T> AddPostQueue<T>(
        this EventLoop loop, int capacity, PostHandler<T> handler, int priority = Priority.Default, string name = "")
    {
        loop.Enter(handler);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new PostQueue<T>(loop, capacity, handler, priority, name);
    }

    /// <summary>Watches for memory pressure, or another one. See <see cref="PressureSource"/>.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="trigger">How much of it is told; null: 150 ms of stalls for memory within 2 s.</param>
    /// <param name="handler">Called when there is that much, at most once in a window.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <exception cref="InvalidOperationException">It cannot be watched; the message says why.</exception>
    public static PressureSource AddPressure(
        this EventLoop loop,
        PressureTrigger? trigger,
        PressureHandler handler,
        int priority = Priority.Default, string name = "")
    {
        trigger ??= new PressureTrigger();
        Result result = loop.TryAddPressure(trigger, handler, out PressureSource? source, priority, name);
        return source ?? throw new InvalidOperationException(
            $"{trigger.Path} cannot be watched: {PressureSource.Explain(result.Error)}.");
    }

    /// <summary>As <see cref="AddPressure"/>, for a kernel that may not have it.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="trigger">How much of it is told.</param>
    /// <param name="handler">Called when there is that much, at most once in a window.</param>
    /// <param name="source">The source; null on failure.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <returns>ENOENT or EOPNOTSUPP (not in this kernel), EINVAL (stall or window out of range), EACCES ….</returns>
    public static Result TryAddPressure(
        this EventLoop loop,
        PressureTrigger trigger,
        PressureHandler handler,
        out PressureSource? source,
        int priority = Priority.Default,
        string name = "")
    {
        loop.Enter(handler);
        ArgumentNullException.ThrowIfNull(trigger);
        return PressureSource.TryMake(loop, trigger, handler, priority, name, out source);
    }
}
