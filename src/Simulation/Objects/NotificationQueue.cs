using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>An inotify instance: events of a folder, in their order; one that repeats the last is not queued again.</summary>
internal sealed class NotificationQueue(SimulatedMachine machine) : OpenFile(machine)
{
    private const int EventSize = 16; // struct inotify_event; one of the folder itself has no name

    private readonly WaitQueue queue = new();
    private readonly Queue<uint> events = new();
    private uint lastMask;

    public override bool IsWritable => false;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return events.Count > 0 ? PollMask.In | PollMask.ReadNormal : PollMask.None;
    }

    /// <summary>An event in the watched folder.</summary>
    public Result Add(uint mask = 0x4)
    {
        if (events.Count == 0 || mask != lastMask)
        {
            events.Enqueue(mask);
            lastMask = mask;
            queue.Wake(PollMask.None);
        }

        return Result.Ok();
    }

    public override Result Read(Span<byte> destination)
    {
        if (events.Count == 0)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        int count = 0;
        while (events.Count > 0 && destination.Length - count >= EventSize)
        {
            destination.Slice(count, EventSize).Clear();
            count += EventSize;
            events.Dequeue();
        }

        return count > 0 ? Result.Ok(count) : Result.Fail(Errno.EINVAL);
    }
}
