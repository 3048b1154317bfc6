using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by epoll: tells it the union of what the sources of a descriptor want.</summary>
internal sealed class EpollPoller : Poller
{
    private const int EventsMin = 64;
    private const int EventsMax = 16 * 1024;

    private readonly List<Registration> alwaysReady = [];
    private EpollEvent[] events = new EpollEvent[EventsMin];
    private int count;
    private int epollFd;

    public EpollPoller(Kernel kernel)
        : base(kernel) => epollFd = Create();

    /// <inheritdoc/>
    public override int Fd => epollFd;

    /// <inheritdoc/>
    public override int FoundCount => count;

    /// <summary>True if a descriptor that epoll refuses is wanted.</summary>
    public override bool HasAlwaysReady
    {
        get
        {
            foreach (Registration registration in alwaysReady)
            {
                if ((registration.Wanted & (FdEvents.Readable | FdEvents.Writable)) != FdEvents.None)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        Result result = Kernel.EpollWait(epollFd, events, timeout);
        if (!result.IsOk && !result.Is(Errno.EINTR))
        {
            throw new InvalidOperationException($"epoll_wait failed: {result.Error}.");
        }

        count = result.Int;
    }

    /// <summary>Offers what was found, and fetches more if there was no room for it: a better priority may hide behind a
    /// full buffer.</summary>
    public override void Collect(long turn, ReadyBatch batch)
    {
        bool isStale = CollectEvents(turn, batch, out bool wentRound);
        while (count == events.Length && !wentRound)
        {
            Array.Resize(ref events, Math.Min(events.Length * 2, EventsMax));
            Wait(TimeSpan.Zero);
            isStale |= CollectEvents(turn, batch, out wentRound);
        }

        count = 0;
        foreach (Registration registration in alwaysReady)
        {
            registration.Offer(FdEvents.Readable | FdEvents.Writable, batch);
        }

        if (isStale)
        {
            Rebuild();
        }
    }

    /// <inheritdoc/>
    protected override Errno Apply(Registration registration, bool isCertain)
    {
        FdEvents wanted = registration.Wanted;
        bool isKnown = wanted == registration.Watched && (isCertain || wanted == FdEvents.None);
        if (isKnown || registration.IsAlwaysReady)
        {
            return Errno.None;
        }

        if (wanted == FdEvents.None)
        {
            Forget(registration);
            return Errno.None;
        }

        EpollOperation operation = registration.Watched == FdEvents.None ? EpollOperation.Add : EpollOperation.Modify;
        Errno error = Control(operation, registration, wanted);

        // epoll's table and ours may differ once someone has closed or dup2'ed a watched descriptor.
        if (error is Errno.EEXIST or Errno.ENOENT)
        {
            operation = error == Errno.EEXIST ? EpollOperation.Modify : EpollOperation.Add;
            registration.Generation = NextGeneration();
            error = Control(operation, registration, wanted);
        }

        if (error == Errno.EPERM)
        {
            registration.IsAlwaysReady = true;
            alwaysReady.Add(registration);
            return Errno.None;
        }

        registration.Watched = error == Errno.None ? wanted : FdEvents.None;
        return error;
    }

    /// <inheritdoc/>
    protected override void Forget(Registration registration)
    {
        if (registration.IsAlwaysReady)
        {
            if (registration.First is null)
            {
                alwaysReady.Remove(registration);
            }
        }
        else if (registration.Watched != FdEvents.None)
        {
            Control(EpollOperation.Delete, registration, FdEvents.None);
            registration.Watched = FdEvents.None;
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Kernel.Close(epollFd);
        alwaysReady.Clear();
        count = 0;
    }

    private bool CollectEvents(long turn, ReadyBatch batch, out bool wentRound)
    {
        bool isStale = false;
        wentRound = false;
        foreach (ref readonly EpollEvent found in events.AsSpan(0, count))
        {
            Registration? registration = Find((int)(uint)found.Data);
            if (registration is null || registration.Generation != (uint)(found.Data >> 32))
            {
                StaleEvents++;
                isStale = true;
            }
            else if (registration.SeenTurn == turn)
            {
                wentRound = true;
            }
            else
            {
                registration.SeenTurn = turn;
                if (registration.Waker is not null)
                {
                    registration.Wake((FdEvents)found.Events);
                }
                else
                {
                    registration.Offer((FdEvents)found.Events, batch);
                }
            }
        }

        return isStale;
    }

    private Errno Control(EpollOperation operation, Registration registration, FdEvents wanted) =>
        Kernel.EpollControl(epollFd, operation, registration.Fd, (uint)wanted, registration.Data).Error;

    /// <summary>
    /// A descriptor was closed before its source was removed, while a duplicate (of a forked child, or passed on) keeps
    /// the file alive: epoll goes on reporting it, and its number no longer reaches it. Only a new epoll forgets it.
    /// </summary>
    private void Rebuild()
    {
        int fresh = Create();
        Kernel.Close(epollFd);
        epollFd = fresh;
        foreach (Registration? registration in Table)
        {
            if (registration is not null && registration.Watched != FdEvents.None)
            {
                Control(EpollOperation.Add, registration, registration.Watched);
            }
        }
    }

    private int Create()
    {
        Result result = Kernel.EpollCreate();
        return result.IsOk ? result.Int : throw new InvalidOperationException($"epoll_create failed: {result.Error}.");
    }
}
