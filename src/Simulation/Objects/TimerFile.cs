using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Time;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A timerfd. A periodic one goes off once and then not again until it is read: one edge between two reads.</summary>
internal sealed class TimerFile(SimulatedMachine machine, ClockId clock = ClockId.Monotonic) : OpenFile(machine)
{
    private readonly WaitQueue queue = new();
    private Alarm? alarm;
    private Instant nextAt = Instant.Never;
    private long period;
    private bool hasExpired;

    public override bool IsWritable => true;

    public override WaitQueue? ReadersQueue => queue;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return hasExpired ? PollMask.In : PollMask.None;
    }

    /// <summary>An instant of the timer's own clock on the machine's.</summary>
    public Instant ToMonotonic(Instant at) => clock != ClockId.Realtime || at.IsNever ? at : new Instant(at.Nanoseconds - Machine.RealtimeOffset);

    /// <summary>Sets the timer anew: what had expired is forgotten, and nobody is woken.</summary>
    /// <param name="at">When it goes off; one in the past at once.</param>
    /// <param name="periodNanoseconds">How long after each time it goes off again; 0 for not at all.</param>
    public void Set(Instant at, long periodNanoseconds)
    {
        alarm?.Cancel();
        alarm = null;
        hasExpired = false;
        period = periodNanoseconds;
        nextAt = at;
        if (Machine.Breaks(Mutation.TimerSetWakes))
        {
            queue.Wake(PollMask.None);
        }

        Arm();
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

        MemoryMarshal.Write(destination, TakeExpirations());
        return Result.Ok(sizeof(ulong));
    }

    protected override void Release() => alarm?.Cancel();

    private ulong TakeExpirations()
    {
        hasExpired = false;
        if (period == 0)
        {
            return 1;
        }

        long missed = (Machine.Monotonic.Now.Nanoseconds - nextAt.Nanoseconds) / period;
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

        if (nextAt <= Machine.Monotonic.Now)
        {
            Expire();
        }
        else
        {
            alarm = Machine.Monotonic.Set(nextAt, Expire);
        }
    }

    private void Expire()
    {
        alarm = null;
        hasExpired = true;
        if (!Machine.Breaks(Mutation.TimerExpiryIsSilent))
        {
            queue.Wake(PollMask.In);
        }
    }
}
