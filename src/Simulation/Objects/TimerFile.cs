using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Time;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A timerfd. A periodic one goes off once and then not again until it is read: one edge between two reads.</summary>
internal sealed class TimerFile(SimulatedMachine machine, ClockId clock = ClockId.Monotonic) : OpenFile(machine), IClockWatcher
{
    private readonly WaitQueue queue = new();
    private Alarm? alarm;
    private Instant nextAt = Instant.Never;
    private long period;
    private bool hasExpired;
    private bool isWatching;
    private bool cancels;
    private bool isCancelled;

    public override bool IsWritable => true;

    public override WaitQueue? ReadersQueue => queue;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return hasExpired ? PollMask.In : PollMask.None;
    }

    /// <summary>Sets the timer anew: what had expired is forgotten, and nobody is woken.</summary>
    /// <param name="at">When it goes off, on its own clock; one in the past at once.</param>
    /// <param name="periodNanoseconds">How long after each time it goes off again; 0 for not at all.</param>
    /// <param name="cancelOnSet">True: a step of the wall clock makes it readable, and the read fails with ECANCELED.</param>
    /// <returns>ECANCELED, though it is set: the clock was stepped before, and nobody has read that.</returns>
    public Result Set(Instant at, long periodNanoseconds, bool cancelOnSet = false)
    {
        alarm?.Cancel();
        hasExpired = false;
        period = periodNanoseconds;
        nextAt = at;
        cancels = cancelOnSet && clock == ClockId.Realtime;
        Watch();
        if (Machine.Breaks(Mutation.TimerSetWakes))
        {
            queue.Wake(PollMask.None);
        }

        Arm();
        bool wasCancelled = cancels && isCancelled && !at.IsNever;
        isCancelled &= cancels && !wasCancelled;
        return wasCancelled ? Result.Fail(Errno.ECANCELED) : Result.Ok();
    }

    /// <inheritdoc/>
    public void ClockWasSet()
    {
        bool isRunning = alarm is { IsSet: true };
        alarm?.Cancel();
        if (cancels)
        {
            isCancelled = true;
            hasExpired = true;
            queue.Wake(PollMask.In);
        }

        if (isRunning)
        {
            Arm();
        }
    }

    /// <summary>How often it went off since it was last read or set; EAGAIN for not at all.</summary>
    public override Result Read(Span<byte> destination)
    {
        if (destination.Length < sizeof(ulong))
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (!hasExpired)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        if (isCancelled)
        {
            isCancelled = hasExpired = false;
            return Result.Fail(Errno.ECANCELED);
        }

        MemoryMarshal.Write(destination, TakeExpirations());
        return Result.Ok(sizeof(ulong));
    }

    protected override void Release()
    {
        alarm?.Cancel();
        nextAt = Instant.Never;
        cancels = false;
        Watch();
    }

    private long Offset => clock switch
    {
        ClockId.Realtime => Machine.RealtimeOffset,
        ClockId.Boottime => Machine.Clocks.BootOffset,
        ClockId.Monotonic or ClockId.ProcessCpuTime => 0,
    };

    // Its clock may step: then it has to look anew.
    private void Watch()
    {
        bool mustWatch = clock != ClockId.Monotonic && (!nextAt.IsNever || cancels);
        if (mustWatch != isWatching)
        {
            isWatching = mustWatch;
            if (mustWatch)
            {
                Machine.Clocks.Join(this);
            }
            else
            {
                Machine.Clocks.Leave(this);
            }
        }
    }

    private ulong TakeExpirations()
    {
        hasExpired = false;
        if (period == 0)
        {
            return 1;
        }

        long missed = (Machine.Monotonic.Now.Nanoseconds + Offset - nextAt.Nanoseconds) / period;
        nextAt = new Instant(nextAt.Nanoseconds + ((missed + 1) * period));
        Arm();
        return (ulong)missed + 1;
    }

    private void Arm()
    {
        if (nextAt.IsNever)
        {
            return;
        }

        Instant at = new(nextAt.Nanoseconds - Offset);
        if (at <= Machine.Monotonic.Now)
        {
            Expire();
        }
        else
        {
            alarm ??= new Alarm(Machine.Monotonic, Expire);
            alarm.Set(at);
        }
    }

    private void Expire()
    {
        hasExpired = true;
        if (!Machine.Breaks(Mutation.TimerExpiryIsSilent))
        {
            queue.Wake(PollMask.In);
        }

        if (period > 0 && Machine.Breaks(Mutation.PeriodicTimerWakesAgain))
        {
            alarm ??= new Alarm(Machine.Monotonic, Expire);
            alarm.Set(Machine.Monotonic.Now + TimeSpan.FromTicks(Math.Max(period / 100, 1)));
        }
    }
}
