using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Time;
using Spindle.Simulation.Waiting;
using Spindle.Simulation.World;

namespace Spindle.Simulation;

/// <summary>Calls that wait, of a process with one thread: while it waits time passes, in one step to what happens next. Work of its
/// other threads happens at moments drawn from the choices, on this one.</summary>
internal sealed class SimulatedWaits(SimulatedProcess process)
{
    private const long LookNanoseconds = 1000; // what a look takes that finds nothing
    private const long WorkMax = 50_000;       // how long a thread usually takes to get its processor
    private const long WorkMaxLate = 20_000_000;

    private readonly Choices choices = process.Machine.Choices.Fork("threads");
    private readonly ulong[][] asked = [[], [], []];
    private Polling.PollEntry[] entriesAsked = [];
    private int pending;

    /// <summary>Work of another thread: it runs soon, while the process waits or looks.</summary>
    public void Enqueue(Action piece)
    {
        bool isLate = choices.Chance(20_000);
        TimeSpan delay = choices.Between(TimeSpan.Zero, TimeSpan.FromMicroseconds((isLate ? WorkMaxLate : WorkMax) / 1000));
        VirtualClock clock = process.Machine.Monotonic;
        pending++;
        clock.Set(clock.Now + delay, () =>
        {
            pending--;
            if (process.IsAlive)
            {
                piece();
            }
        });
    }

    public Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout)
    {
        Result found = EpollCalls.Find(process, epollFd, events.Length, out EventPoll? epoll);
        if (!found.IsOk)
        {
            return found;
        }

        Instant deadline = Begin(timeout);
        while (true)
        {
            Result result = EpollCalls.Harvest(epoll!, events);
            if (!result.IsOk || result.Value > 0)
            {
                return result;
            }

            if (IsOver(deadline, out Result end))
            {
                return end;
            }
        }
    }

    public Result Poll(Span<Kernels.PollEntry> entries, TimeSpan? timeout)
    {
        if (entriesAsked.Length < entries.Length)
        {
            entriesAsked = new Polling.PollEntry[entries.Length * 2];
        }

        Span<Polling.PollEntry> asked = entriesAsked.AsSpan(0, entries.Length);
        for (int index = 0; index < asked.Length; index++)
        {
            asked[index] = new Polling.PollEntry(entries[index].Fd, (PollMask)entries[index].Events);
        }

        Instant deadline = Begin(timeout);
        Result result;
        do
        {
            result = PollCalls.Poll(process, asked);
        }
        while (result.IsOk && result.Value == 0 && !IsOver(deadline, out result));

        for (int index = 0; index < asked.Length; index++)
        {
            entries[index].Found = (ushort)asked[index].Found;
        }

        return result;
    }

    public Result Select(int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout)
    {
        Instant deadline = Begin(timeout);
        Keep(0, readable);
        Keep(1, writable);
        Keep(2, urgent);
        Result result;
        do
        {
            result = SelectOnce(count, readable, writable, urgent);
        }
        while (result.IsOk && result.Value == 0 && !IsOver(deadline, out result));

        if (!result.IsOk)
        {
            asked[0].AsSpan(0, readable.Length).CopyTo(readable);
            asked[1].AsSpan(0, writable.Length).CopyTo(writable);
            asked[2].AsSpan(0, urgent.Length).CopyTo(urgent);
        }

        return result;
    }

    private Result SelectOnce(int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent)
    {
        int bits = 0;
        readable.Clear();
        writable.Clear();
        urgent.Clear();
        for (int fd = 0; fd < count; fd++)
        {
            int wanted = Bit(asked[0], fd) | (Bit(asked[1], fd) << 1) | (Bit(asked[2], fd) << 2);
            Result result = PollCalls.Select(process, fd, wanted, out int found);
            if (!result.IsOk)
            {
                return result;
            }

            bits += result.Int;
            Mark(readable, fd, found & 1);
            Mark(writable, fd, found & 2);
            Mark(urgent, fd, found & 4);
        }

        return Result.Ok(bits);
    }

    private void Keep(int index, ReadOnlySpan<ulong> set)
    {
        if (asked[index].Length < set.Length)
        {
            asked[index] = new ulong[set.Length];
        }

        Array.Clear(asked[index]);
        set.CopyTo(asked[index]);
    }

    private static int Bit(ulong[] set, int fd) => fd / 64 < set.Length ? (int)(set[fd / 64] >> (fd % 64) & 1) : 0;

    private static void Mark(Span<ulong> set, int fd, int isSet)
    {
        if (isSet != 0)
        {
            set[fd / 64] |= 1ul << (fd % 64);
        }
    }

    // What has become due since the last wait happens now. Then: when this one ends at the latest.
    private Instant Begin(TimeSpan? timeout)
    {
        SimulatedMachine machine = process.Machine;
        Instant now = machine.Monotonic.Now;
        if (machine.NextAt <= now)
        {
            machine.AdvanceTo(now);
            ThrowIfEnded();
        }

        return timeout is not { } span ? Instant.Never : span <= TimeSpan.Zero ? Instant.Zero : now + span;
    }

    // False: something has happened, or some time has passed, and it is worth another look.
    private bool IsOver(Instant deadline, out Result end)
    {
        SimulatedMachine machine = process.Machine;
        end = Result.Ok(0);
        if (deadline <= machine.Monotonic.Now)
        {
            Look(machine);
            return true;
        }

        if (process.Signals.HasDeliverable)
        {
            // Delivered: its handler, of which the model knows nothing, has run.
            process.Signals.Take(~process.Signals.Blocked);
            end = Result.Fail(Errno.EINTR);
            return true;
        }

        machine.FallAsleep();
        Instant next = Instant.Min(machine.NextAt, deadline);
        if (next.IsNever)
        {
            throw new InvalidOperationException("The process sleeps, and nothing in this world will ever wake it.");
        }

        machine.AdvanceTo(next);
        ThrowIfEnded();
        return false;
    }

    // Other threads run while this one looks: who does nothing but look would wait for them for ever, if that took no time.
    private void Look(SimulatedMachine machine)
    {
        if (pending > 0)
        {
            machine.AdvanceTo(new Instant(machine.Monotonic.Now.Nanoseconds + LookNanoseconds));
            ThrowIfEnded();
        }
    }

    public void ThrowIfEnded()
    {
        if (!process.IsAlive)
        {
            throw new ProcessEndedException();
        }
    }
}
