using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>
/// The running kernel with clocks of its own: they stand still until the loop waits, and then jump to where the wait ends.
/// A timerfd is an eventfd that is written when its time has come. Descriptors are real.
/// </summary>
internal sealed class VirtualKernel : LinuxKernel
{
    private readonly Dictionary<int, Timer> timers = [];
    private readonly List<(Instant At, Action Action)> plan = [];
    private TimeSpan? interruptAfter;
    private long monotonic = 1_000_000_000_000;
    private long boottimeAhead = 5_000_000_000;
    private long realtimeAhead = 1_700_000_000_000_000_000;

    private sealed class Timer
    {
        public ClockId Clock { get; init; }

        public Instant At { get; set; } = Instant.Never;

        public bool CancelsOnSet { get; set; }

        public bool IsCancelled { get; set; }
    }

    /// <summary>When waits ended, on the monotonic clock, that found nothing to do at first.</summary>
    public List<Instant> WakeUps { get; } = [];

    /// <summary>The slacks that were set.</summary>
    public List<TimeSpan> Slacks { get; } = [];

    /// <summary>When clean pages were given back, on the monotonic clock.</summary>
    public List<Instant> Releases { get; } = [];

    /// <summary>Timerfds that are open.</summary>
    public int TimerFds => timers.Count;

    /// <summary>How many nanoseconds later than asked a wait ends that nothing else ends.</summary>
    public Func<long> Lateness { get; set; } = () => 0;

    /// <summary>How often a clock was read.</summary>
    public int ClockReads { get; private set; }

    /// <summary>What adding a watch to an epoll fails with.</summary>
    public Errno WatchError { get; set; }

    public override Instant Now(ClockId clock)
    {
        ClockReads++;
        return At(clock);
    }

    /// <summary>Does something at an instant of the monotonic clock, in a wait that lasts so long.</summary>
    public void Plan(Instant at, Action action)
    {
        plan.Add((at, action));
        plan.Sort((left, right) => left.At.CompareTo(right.At));
    }

    /// <summary>The next wait is ended by a signal after a span.</summary>
    public void Interrupt(TimeSpan after) => interruptAfter = after;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan span)
    {
        monotonic += (Instant.Zero + span).Nanoseconds;
        Expire();
    }

    /// <summary>The machine sleeps: only the monotonic clock stands still.</summary>
    public void Suspend(TimeSpan span)
    {
        boottimeAhead += (Instant.Zero + span).Nanoseconds;
        realtimeAhead += (Instant.Zero + span).Nanoseconds;
        Expire();
    }

    /// <summary>The wall clock is set.</summary>
    public void Step(TimeSpan span)
    {
        realtimeAhead += (Instant.Zero + span).Nanoseconds;
        foreach ((int fd, Timer timer) in timers)
        {
            if (timer.CancelsOnSet)
            {
                timer.IsCancelled = true;
                base.Write(fd, One);
            }
        }

        Expire();
    }

    public override Result TimerFdCreate(ClockId clock)
    {
        Result result = EventFd(0);
        timers.Add(result.Int, new Timer { Clock = clock });
        return result;
    }

    public override Result TimerFdSet(int fd, Instant at, bool cancelOnSet = false)
    {
        base.Read(fd, stackalloc byte[8]);
        Timer timer = timers[fd];
        bool wasCancelled = timer.IsCancelled && !at.IsNever;
        timer.IsCancelled &= at.IsNever;
        timer.CancelsOnSet = cancelOnSet;
        timer.At = at;
        Expire();
        return wasCancelled ? Result.Fail(Errno.ECANCELED) : Result.Ok();
    }

    public override Result Read(int fd, Span<byte> destination)
    {
        Result result = base.Read(fd, destination);
        if (timers.TryGetValue(fd, out Timer? timer) && timer.IsCancelled)
        {
            timer.IsCancelled = false;
            return Result.Fail(Errno.ECANCELED);
        }

        return result;
    }

    public override Result Close(int fd)
    {
        timers.Remove(fd);
        return base.Close(fd);
    }

    public override Result SetTimerSlack(TimeSpan slack)
    {
        Slacks.Add(slack);
        return Result.Ok();
    }

    public override Result ReleaseCleanPages()
    {
        Releases.Add(Now(ClockId.Monotonic));
        return Result.Ok();
    }

    public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
        operation == EpollOperation.Add && WatchError != Errno.None
            ? Result.Fail(WatchError)
            : base.EpollControl(epollFd, operation, fd, events, data);

    public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout)
    {
        Result ready = base.EpollWait(epollFd, events, TimeSpan.Zero);
        if (!ready.IsOk || ready.Value > 0 || timeout == TimeSpan.Zero)
        {
            return ready;
        }

        if (interruptAfter is { } after)
        {
            interruptAfter = null;
            Advance(after);
            return Result.Fail(Errno.EINTR);
        }

        Instant end = timeout is { } span ? Now(ClockId.Monotonic) + span : Instant.Never;
        while (ready is { IsOk: true, Value: 0 } && Next(end) is { IsNever: false } next)
        {
            monotonic = Math.Max(monotonic, next.Nanoseconds);
            Expire();
            bool isEnd = next == end;
            while (plan.Count > 0 && plan[0].At <= next)
            {
                Action action = plan[0].Action;
                plan.RemoveAt(0);
                action();
            }

            ready = base.EpollWait(epollFd, events, TimeSpan.Zero);
            if (isEnd)
            {
                monotonic += Lateness();
                break;
            }
        }

        WakeUps.Add(Now(ClockId.Monotonic));
        return ready.Value > 0 || !end.IsNever ? ready : base.EpollWait(epollFd, events, null);
    }

    private static ReadOnlySpan<byte> One => [1, 0, 0, 0, 0, 0, 0, 0];

    private Instant At(ClockId clock) => new(clock switch
    {
        ClockId.Monotonic => monotonic,
        ClockId.Boottime => monotonic + boottimeAhead,
        ClockId.Realtime => monotonic + realtimeAhead,
        _ => throw new ArgumentOutOfRangeException(nameof(clock)),
    });

    /// <summary>The next thing to happen, on the monotonic clock.</summary>
    private Instant Next(Instant end)
    {
        Instant next = plan.Count > 0 ? Instant.Min(plan[0].At, end) : end;
        foreach (Timer timer in timers.Values)
        {
            if (!timer.At.IsNever)
            {
                next = Instant.Min(next, new(timer.At.Nanoseconds - Now(timer.Clock).Nanoseconds + monotonic));
            }
        }

        return next;
    }

    private void Expire()
    {
        foreach ((int fd, Timer timer) in timers)
        {
            if (timer.At <= Now(timer.Clock))
            {
                timer.At = Instant.Never;
                base.Write(fd, One);
            }
        }
    }
}
