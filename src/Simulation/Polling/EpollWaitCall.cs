using System;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>A thread in epoll_wait. Events beat the end of its time, which beats a signal.</summary>
internal sealed class EpollWaitCall(SimulatedProcess process, EventPoll epoll, EpollEvent[] events) : BlockedCall(process.Machine)
{
    private Sleeper? sleeper;

    /// <summary>What was found; the call's result says how many.</summary>
    public ReadOnlySpan<EpollEvent> Events => events.AsSpan(0, Result.Int);

    protected override bool TryFinish(out Result result)
    {
        bool isOver = HasTimedOut && sleeper is not null && process.Machine.Breaks(Mutation.TimeOverFindsNothing);
        result = isOver ? Result.Ok(0) : EpollCalls.Harvest(epoll, events);
        bool isWoken = sleeper is { Queue: null } && process.Machine.Breaks(Mutation.WakeForNothingEndsWait);
        if (!result.IsOk || result.Value > 0 || HasTimedOut || isWoken)
        {
            return true;
        }

        if (process.Signals.HasDeliverable && !process.Machine.Breaks(Mutation.SignalIsIgnored))
        {
            result = Result.Fail(Errno.EINTR);
            return true;
        }

        // Woken, it has left the queue; that nothing was found puts it there again.
        sleeper ??= new Sleeper(this);
        if (sleeper.Queue is null)
        {
            bool isLast = process.Machine.Breaks(Mutation.SleepersAreFirstComeFirstWoken);
            if (isLast)
            {
                epoll.Sleepers.AddExclusive(sleeper);
            }
            else
            {
                epoll.Sleepers.AddExclusiveFirst(sleeper);
            }
        }

        return false;
    }

    protected override void Hold()
    {
        if (!process.Machine.Breaks(Mutation.SleeperDoesNotHoldEpoll))
        {
            epoll.Hold();
        }
    }

    protected override void Leave()
    {
        sleeper?.Queue?.Remove(sleeper);
        if (!process.Machine.Breaks(Mutation.SleeperDoesNotHoldEpoll))
        {
            epoll.Drop();
        }
    }

    private sealed class Sleeper(EpollWaitCall call) : WaitEntry
    {
        public override bool Wake(PollMask key)
        {
            Queue!.Remove(this);
            call.MakeRunnable();
            return true;
        }
    }
}
