using System;
using System.Collections.Generic;
using System.Diagnostics;
using Spindle.Kernels;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>An open file description: what descriptors, of one process or several, refer to.</summary>
internal abstract class OpenFile(SimulatedMachine machine)
{
    private int references;

    public SimulatedMachine Machine { get; } = machine;

    /// <summary>The registrations of epolls that watch this file, latest first.</summary>
    public EventPollItem? FirstWatcher { get; internal set; }

    /// <summary>False for files without a poll function: epoll refuses them, poll and select find them always ready.</summary>
    public virtual bool CanPoll => true;

    /// <summary>False: reading fails with EBADF.</summary>
    public virtual bool IsReadable => true;

    /// <summary>False: writing fails with EBADF.</summary>
    public virtual bool IsWritable => true;

    /// <summary>True for O_PATH: only poll and select see such a descriptor at all.</summary>
    public virtual bool IsPathOnly => false;

    /// <summary>True for what carries octets without bounds between them: a read or write may do less than it was asked.</summary>
    public virtual bool IsStream => false;

    /// <summary>True for pipes and sockets: what comes or goes there does so in its own time.</summary>
    public virtual bool IsTransport => false;

    /// <summary>O_NONBLOCK.</summary>
    public bool IsNonBlocking { get; set; } = true;

    public bool IsOpen => references > 0;

    /// <summary>What the file is ready for now.</summary>
    /// <param name="registrar">Told the wait queues whose wakes announce a change, unless null.</param>
    public abstract PollMask Poll(WaitRegistrar? registrar);

    /// <summary>The same for one who asks for certain bits: most files look at all of them.</summary>
    /// <param name="registrar">As above.</param>
    /// <param name="asked">What is asked for; other bits may be missing.</param>
    public virtual PollMask Poll(WaitRegistrar? registrar, PollMask asked) => Poll(registrar);

    /// <summary>Reads without sleeping: EAGAIN where a blocking reader would sleep.</summary>
    public virtual Result Read(Span<byte> destination) => Result.Fail(Errno.EINVAL);

    /// <summary>Writes without sleeping: EAGAIN where a blocking writer would sleep.</summary>
    public virtual Result Write(ReadOnlySpan<byte> source) => Result.Fail(Errno.EINVAL);

    /// <summary>Where blocked readers wait; null for files whose reads never sleep.</summary>
    public virtual WaitQueue? ReadersQueue => null;

    /// <summary>A reader that had to sleep has left something: the next may have it.</summary>
    public virtual void PassOnToReaders()
    {
    }

    /// <summary>True if a read, or a write, would not have to wait.</summary>
    public bool IsReadyFor(bool writing)
    {
        PollMask wanted = writing ? PollMask.Out : PollMask.In | PollMask.HangUp;
        return (Poll(null) & (wanted | PollMask.Error)) != PollMask.None;
    }

    /// <summary>Wakes all who wait for this file, with what it is ready for: those to whom it has not told everything.</summary>
    public void WakeAgain()
    {
        QueueCollector collector = new();
        PollMask mask = Poll(collector);
        foreach (WaitQueue queue in collector.Found)
        {
            queue.WakeAll(mask);
        }
    }

    /// <summary>One reference more: a descriptor, or a call that is inside.</summary>
    public void Hold() => references++;

    /// <summary>One reference less. With the last one the file leaves all epolls, and only then is released.</summary>
    public void Drop()
    {
        Debug.Assert(references > 0, "a file is dropped as often as it was held");
        if (--references > 0)
        {
            return;
        }

        bool isEarly = Machine.Breaks(Mutation.ReleaseComesBeforeRemoval);
        if (isEarly)
        {
            Release();
        }

        while (FirstWatcher is { } item)
        {
            item.Owner.Remove(item);
        }

        if (!isEarly)
        {
            Release();
        }
    }

    /// <summary>The last reference is gone.</summary>
    protected virtual void Release()
    {
    }

    private sealed class QueueCollector : WaitRegistrar
    {
        public List<WaitQueue> Found { get; } = [];

        public override void Register(WaitQueue queue) => Found.Add(queue);
    }
}
