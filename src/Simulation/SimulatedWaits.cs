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

        Instant deadline = DeadlineOf(timeout);
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
        Polling.PollEntry[] asked = new Polling.PollEntry[entries.Length];
        for (int index = 0; index < asked.Length; index++)
        {
            asked[index] = new Polling.PollEntry(entries[index].Fd, (PollMask)entries[index].Events);
        }

        Instant deadline = DeadlineOf(timeout);
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
        Instant deadline = DeadlineOf(timeout);
        ulong[][] asked = [readable.ToArray(), writable.ToArray(), urgent.ToArray()];
        Result result;
        do
        {
            result = SelectOnce(count, asked, readable, writable, urgent);
        }
        while (result.IsOk && result.Value == 0 && !IsOver(deadline, out result));

        if (!result.IsOk)
        {
            asked[0].CopyTo(readable);
            asked[1].CopyTo(writable);
            asked[2].CopyTo(urgent);
        }

        return result;
    }

    private Result SelectOnce(int count, ulong[][] asked, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent)
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

    private static int Bit(ulong[] set, int fd) => fd / 64 < set.Length ? (int)(set[fd / 64] >> (fd % 64) & 1) : 0;

    private static void Mark(Span<ulong> set, int fd, int isSet)
    {
        if (isSet != 0)
        {
            set[fd / 64] |= 1ul << (fd % 64);
        }
    }

    private Instant DeadlineOf(TimeSpan? timeout) => timeout is not { } span ? Instant.Never
        : span <= TimeSpan.Zero ? Instant.Zero : process.Machine.Monotonic.Now + span;

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
