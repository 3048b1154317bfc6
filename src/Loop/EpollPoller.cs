using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Waits by epoll. Holds the table of descriptors, one registration each, and tells epoll the union of what their
/// sources want.</summary>
internal sealed class EpollPoller : IDisposable
{
    private const int EventsMin = 64;
    private const int EventsMax = 16 * 1024;

    private readonly Kernel kernel;
    private readonly List<Registration> alwaysReady = [];
    private Registration?[] table = new Registration?[64];
    private EpollEvent[] events = new EpollEvent[EventsMin];
    private int count;
    private int epollFd;
    private uint generation;

    public EpollPoller(Kernel kernel)
    {
        this.kernel = kernel;
        epollFd = Create();
    }

    /// <summary>Events for registrations that are gone: their file lives on under another number.</summary>
    public long StaleEvents { get; private set; }

    /// <summary>How many events the wait found, until they are collected.</summary>
    public int FoundCount => count;

    /// <summary>True if a descriptor that epoll refuses is wanted: the loop must not wait.</summary>
    public bool HasAlwaysReady
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

    public void Dispose()
    {
        kernel.Close(epollFd);
        Array.Clear(table);
        alwaysReady.Clear();
        count = 0;
    }

    public void Attach(FdSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(source.Fd);
        Registration? known = Find(source.Fd);
        Registration registration = known ?? Register(source.Fd, waker: null);
        if (registration.Waker is not null)
        {
            throw new ArgumentException($"Descriptor {source.Fd} belongs to the loop itself.");
        }

        registration.Link(source);
        Errno error = Apply(registration, isCertain: known is null);
        if (error != Errno.None)
        {
            Unlink(source, registration);
            throw new ArgumentException($"Descriptor {source.Fd} cannot be watched: {error}.");
        }
    }

    public void Detach(FdSource source)
    {
        if (source.Registration is { } registration)
        {
            Unlink(source, registration);
        }
    }

    public void Update(FdSource source)
    {
        Errno error = Apply(source.Registration!);
        if (error != Errno.None)
        {
            throw new InvalidOperationException($"Descriptor {source.Fd} of '{source}' cannot be watched: {error}.");
        }
    }

    /// <summary>Watches a descriptor of the loop's own for reading.</summary>
    public void AddWaker(int fd, Action waker)
    {
        Errno error = Apply(Register(fd, waker));
        if (error != Errno.None)
        {
            table[fd] = null;
            throw new InvalidOperationException($"Descriptor {fd} cannot be watched: {error}.");
        }
    }

    public void RemoveWaker(int fd)
    {
        kernel.EpollControl(epollFd, EpollOperation.Delete, fd, 0, 0);
        table[fd] = null;
    }

    /// <summary>Waits until something is ready. A signal's interruption is an ordinary end with nothing.</summary>
    public void Wait(TimeSpan? timeout)
    {
        Result result = kernel.EpollWait(epollFd, events, timeout);
        if (!result.IsOk && !result.Is(Errno.EINTR))
        {
            throw new InvalidOperationException($"epoll_wait failed: {result.Error}.");
        }

        count = result.Int;
    }

    /// <summary>Offers all sources that <see cref="Wait"/> found ready, and fetches more if there was no room for them:
    /// a better priority may hide behind a full buffer.</summary>
    public void Collect(long turn, ReadyBatch batch)
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
            registration.Offer(FdEvents.Readable | FdEvents.Writable, turn, batch);
        }

        if (isStale)
        {
            Rebuild();
        }
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
                if (registration.Waker is { } waker)
                {
                    waker();
                }
                else
                {
                    registration.Offer((FdEvents)found.Events, turn, batch);
                }
            }
        }

        return isStale;
    }

    private Registration? Find(int fd) => (uint)fd < (uint)table.Length ? table[fd] : null;

    private Registration Register(int fd, Action? waker)
    {
        if (fd >= table.Length)
        {
            Array.Resize(ref table, Math.Max(fd + 1, table.Length * 2));
        }

        Registration registration = new(fd, ++generation, waker);
        table[fd] = registration;
        return registration;
    }

    private void Unlink(FdSource source, Registration registration)
    {
        registration.Unlink(source);
        if (registration.First is null)
        {
            table[registration.Fd] = null;
            alwaysReady.Remove(registration);
        }

        Apply(registration);
    }

    /// <summary>Tells epoll what is wanted now, where that is new to it, or where the number may have changed its file.</summary>
    private Errno Apply(Registration registration, bool isCertain = true)
    {
        FdEvents wanted = registration.Wanted;
        bool isKnown = wanted == registration.Watched && (isCertain || wanted == FdEvents.None);
        if (isKnown || registration.IsAlwaysReady)
        {
            return Errno.None;
        }

        EpollOperation operation = registration.Watched == FdEvents.None ? EpollOperation.Add
            : wanted == FdEvents.None ? EpollOperation.Delete : EpollOperation.Modify;
        Errno error = Control(operation, registration, wanted);

        // epoll's table and ours may differ once someone has closed or dup2'ed a watched descriptor.
        if (operation == EpollOperation.Delete)
        {
            error = Errno.None;
        }
        else if (error is Errno.EEXIST or Errno.ENOENT)
        {
            operation = error == Errno.EEXIST ? EpollOperation.Modify : EpollOperation.Add;
            registration.Generation = ++generation;
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

    private Errno Control(EpollOperation operation, Registration registration, FdEvents wanted) =>
        kernel.EpollControl(epollFd, operation, registration.Fd, (uint)wanted, registration.Data).Error;

    /// <summary>
    /// A descriptor was closed before its source was removed, while a duplicate (of a forked child, or passed on) keeps
    /// the file alive: epoll goes on reporting it, and its number no longer reaches it. Only a new epoll forgets it.
    /// </summary>
    private void Rebuild()
    {
        int fresh = Create();
        kernel.Close(epollFd);
        epollFd = fresh;
        foreach (Registration? registration in table)
        {
            if (registration is not null && registration.Watched != FdEvents.None)
            {
                Control(EpollOperation.Add, registration, registration.Watched);
            }
        }
    }

    private int Create()
    {
        Result result = kernel.EpollCreate();
        return result.IsOk ? result.Int : throw new InvalidOperationException($"epoll_create failed: {result.Error}.");
    }
}
