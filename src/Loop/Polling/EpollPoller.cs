using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by epoll: tells it the union of what the sources of a descriptor want.</summary>
internal sealed class EpollPoller : Poller
{
    private const int EventsMin = 256;
    private const int EventsRoom = 16 * 1024;

    private readonly List<Registration> alwaysReady = [];
    private readonly BusyPolling? busyPolling;
    private readonly bool isLimited;
    private int epollFd;

    /// <param name="kernel">The kernel.</param>
    /// <param name="eventsMax">The most events a turn takes; 0: all.</param>
    /// <param name="busyPolling">How the kernel is to look for packets; null: not.</param>
    public EpollPoller(Kernel kernel, int eventsMax, BusyPolling? busyPolling)
        : base(kernel)
    {
        this.busyPolling = busyPolling;
        isLimited = eventsMax > 0;
        Events = new EpollEvent[isLimited ? eventsMax : EventsMin];
        epollFd = Create();
    }

    /// <inheritdoc/>
    public override WaitingBy Waiting => WaitingBy.Epoll;

    /// <inheritdoc/>
    public override BusyPolling BusyPolling =>
        Kernel.GetBusyPolling(epollFd, out BusyPolling polling).IsOk ? polling : default;

    /// <inheritdoc/>
    public override int Fd => epollFd;

    /// <inheritdoc/>
    public override int FoundCount => EventCount;

    /// <inheritdoc/>
    protected override bool MayHideMore => !isLimited;

    /// <inheritdoc/>
    public override bool HasEdgeWakers => true;

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        Result result = Kernel.EpollWait(epollFd, Events, timeout);
        EventCount = result.Int;
        if (!result.IsOk)
        {
            VerifyInterrupted(result);
        }
    }

    /// <summary>Offers what was found, and fetches more if there was no room for it: a better priority may hide behind a
    /// full buffer.</summary>
    public override void Collect(long turn, ReadyBatch batch)
    {
        bool isStale = CollectEvents(turn, batch, out bool wentRound);
        while (EventCount == Events.Length && !wentRound && !isLimited)
        {
            Events = new EpollEvent[Math.Min(Events.Length * 2, EventsRoom)];
            Wait(TimeSpan.Zero);
            isStale |= CollectEvents(turn, batch, out wentRound);
        }

        EventCount = 0;
        if (MayHaveAlwaysReady)
        {
            CollectAlwaysReady(batch);
        }

        if (isStale)
        {
            Rebuild();
        }
    }

    /// <summary>True if a descriptor that epoll refuses is wanted.</summary>
    protected override bool FindAlwaysReady()
    {
        foreach (Registration registration in alwaysReady)
        {
            if (FoundOf(registration) != FdEvents.None)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    protected override Errno Apply(Registration registration, bool isCertain)
    {
        Wish wanted = registration.Wanted;
        if (registration.IsAlwaysReady)
        {
            registration.Told = wanted;
            registration.Seen = isCertain ? registration.Seen : FdEvents.None;
            return Errno.None;
        }

        if (wanted == registration.Told && (isCertain || wanted.IsNothing))
        {
            return Errno.None;
        }

        // epoll does not change an exclusive entry; it comes and goes.
        if (wanted.IsNothing || wanted.IsExclusive || registration.Told.IsExclusive)
        {
            Forget(registration);
        }

        return wanted.IsNothing ? Errno.None : Tell(registration, wanted);
    }

    /// <inheritdoc/>
    protected override void Forget(Registration registration)
    {
        if (registration.IsAlwaysReady)
        {
            alwaysReady.Remove(registration);
            registration.IsAlwaysReady = false;
        }
        else if (registration.HasEntry)
        {
            Kernel.EpollControl(epollFd, EpollOperation.Delete, registration.Fd, 0, 0);
        }

        registration.HasEntry = false;
        registration.Told = default;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Kernel.Close(epollFd);
        alwaysReady.Clear();
        EventCount = 0;
    }

    private static void VerifyInterrupted(Result result)
    {
        if (!result.Is(Errno.EINTR))
        {
            throw new InvalidOperationException($"epoll_wait failed: {result.Error}.");
        }
    }

    private bool CollectEvents(long turn, ReadyBatch batch, out bool wentRound)
    {
        bool isStale = false;
        wentRound = false;
        foreach (ref readonly EpollEvent found in Events.AsSpan(0, EventCount))
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
                if (registration.Told.IsEdge)
                {
                    // An edge that is not told again. A source that is in the batch twice is called once: what it
                    // was found for is taken by the first call.
                    registration.Offer((FdEvents)found.Events, batch);
                }
            }
            else
            {
                registration.SeenTurn = turn;
                if (registration.Offer((FdEvents)found.Events, batch))
                {
                    Spend(registration);
                }
            }
        }

        return isStale;
    }

    /// <summary>What an always ready descriptor has to tell: of an edge nothing, once it was told.</summary>
    private static FdEvents FoundOf(Registration registration)
    {
        FdEvents found = registration.Told.Events & (FdEvents.Readable | FdEvents.Writable);
        return registration.Told.IsEdge ? found & ~registration.Seen : found;
    }

    private void CollectAlwaysReady(ReadyBatch batch)
    {
        foreach (Registration registration in alwaysReady)
        {
            FdEvents found = FoundOf(registration);
            registration.Seen |= found;
            if (found != FdEvents.None && registration.Offer(found, batch))
            {
                registration.Told = registration.Wanted;
            }
        }
    }

    /// <summary>A one-shot source was told. If it is alone, the kernel has shut its entry by itself.</summary>
    private void Spend(Registration registration)
    {
        if (registration.Told.Kind == WishKind.OneShot)
        {
            registration.Told = default;
        }
        else
        {
            Apply(registration, isCertain: true);
        }
    }

    private Errno Tell(Registration registration, Wish wanted)
    {
        EpollOperation operation = registration.HasEntry ? EpollOperation.Modify : EpollOperation.Add;
        Errno error = Control(operation, registration, wanted);

        // epoll's table and ours may differ once someone has closed or dup2'ed a watched descriptor.
        if (error is Errno.EEXIST or Errno.ENOENT)
        {
            operation = error == Errno.EEXIST ? EpollOperation.Modify : EpollOperation.Add;
            registration.Generation = NextGeneration();
            error = Control(operation, registration, wanted);
        }

        // What could not be changed is there as it was.
        registration.HasEntry = error == Errno.None || (operation == EpollOperation.Modify && error == Errno.ENOMEM);
        registration.Told = error == Errno.None ? wanted : default;
        if (error == Errno.EPERM)
        {
            registration.IsAlwaysReady = true;
            registration.Told = wanted;
            alwaysReady.Add(registration);
            MayHaveAlwaysReady = true;
            return Errno.None;
        }

        return error;
    }

    private Errno Control(EpollOperation operation, Registration registration, Wish wanted) =>
        Kernel.EpollControl(epollFd, operation, registration.Fd, wanted.EpollBits, registration.Data).Error;

    /// <summary>
    /// A descriptor was closed before its source was removed, while a duplicate (of a forked child, or passed on) keeps
    /// the file alive: epoll goes on reporting it, and its number no longer reaches it. Only a new epoll forgets it. If
    /// there is none to be had (EMFILE), the next turn tries again.
    /// </summary>
    private void Rebuild()
    {
        int fresh = TryCreate(out _);
        if (fresh < 0)
        {
            return;
        }

        Kernel.Close(epollFd);
        epollFd = fresh;
        foreach (Registration? registration in Table)
        {
            if (registration is not null && registration.HasEntry)
            {
                registration.HasEntry = !registration.Told.IsNothing
                    && Control(EpollOperation.Add, registration, registration.Told) == Errno.None;
            }
        }
    }

    private int Create()
    {
        int created = TryCreate(out string why);
        return created >= 0 ? created : throw new InvalidOperationException(why);
    }

    /// <returns>The epoll; -1: there is none, and why.</returns>
    private int TryCreate(out string why)
    {
        Result result = Kernel.EpollCreate();
        why = result.IsOk ? "" : $"epoll_create failed: {result.Error}.";
        if (result.IsOk && busyPolling is { } polling && Kernel.SetBusyPolling(result.Int, polling) is { IsOk: false } refused)
        {
            Kernel.Close(result.Int);
            why = $"This kernel refuses {polling}: {refused.Error}.";
        }

        return why.Length == 0 ? result.Int : -1;
    }
}
