using System;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>An eventfd: a counter of 64 bits, one less than it could hold at the most.</summary>
internal sealed class EventCounter(SimulatedMachine machine, ulong initial, bool isSemaphore) : OpenFile(machine)
{
    private const ulong Max = ulong.MaxValue - 1;

    private readonly WaitQueue queue = new();
    private ulong count = initial;

    public override WaitQueue? ReadersQueue => queue;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return (count > 0 ? PollMask.In : PollMask.None) | (count < Max ? PollMask.Out : PollMask.None);
    }

    public override Result Read(Span<byte> destination)
    {
        if (destination.Length < sizeof(ulong))
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (count == 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        ulong taken = isSemaphore ? 1 : count;
        count -= taken;
        MemoryMarshal.Write(destination, taken);
        if (!Machine.Breaks(Mutation.CounterReadIsSilent))
        {
            queue.Wake(PollMask.Out);
        }

        return Result.Ok(sizeof(ulong));
    }

    public override Result Write(ReadOnlySpan<byte> source)
    {
        if (source.Length != sizeof(ulong))
        {
            return Result.Fail(Errno.EINVAL);
        }

        ulong added = MemoryMarshal.Read<ulong>(source);
        if (added == ulong.MaxValue)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (added > Max - count)
        {
            if (Machine.Breaks(Mutation.FailedCounterWriteWakes))
            {
                queue.Wake(PollMask.In);
            }

            return Result.Fail(Errno.EAGAIN);
        }

        count += added;
        if (added > 0 || !Machine.Breaks(Mutation.CounterWriteOfZeroIsSilent))
        {
            queue.Wake(Machine.Breaks(Mutation.CounterWakesWithReadNormal) ? PollMask.PipeData : PollMask.In);
        }

        return Result.Ok(sizeof(ulong));
    }
}
