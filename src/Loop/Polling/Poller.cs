using System;
using System.Runtime.CompilerServices;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits for descriptors. Holds the table of them, one registration each; how the kernel is told what their
/// sources want, and how it answers, is each poller's own.</summary>
/// <remarks>A turn calls <see cref="Wait"/> once and <see cref="Collect"/> once.</remarks>
internal abstract class Poller(Kernel kernel) : IDisposable
{
    private Registration?[] table = new Registration?[64];
    private uint generation;
    private int rowNext;
    private int rowEnd;

    /// <summary>Events for registrations that are gone: their file lives on under another number.</summary>
    public virtual long StaleEvents { get; protected set; }

    /// <summary>How it waits.</summary>
    public abstract WaitingBy Waiting { get; }

    /// <summary>How the kernel looks for packets before it sleeps.</summary>
    public virtual BusyPolling BusyPolling => default;

    /// <summary>The descriptor that becomes readable when something is ready, or -1 where there is no such thing.</summary>
    public abstract int Fd { get; }

    /// <summary>True if something is ready for ever that the kernel does not report: the loop must not wait.</summary>
    public bool HasAlwaysReady => MayHaveAlwaysReady && FindAlwaysReady();

    /// <summary>How many events the wait found, until they are collected.</summary>
    public abstract int FoundCount { get; }

    /// <summary>False: <see cref="HasAlwaysReady"/> need not look.</summary>
    protected bool MayHaveAlwaysReady { get; set; }

    protected Kernel Kernel { get; } = kernel;

    /// <summary>What the wait found; of a poller that cannot have it called the short way without room.</summary>
    protected EpollEvent[] Events { get; set; } = [];

    /// <summary>How many of <see cref="Events"/> the wait filled.</summary>
    protected int EventCount { get; set; }

    /// <summary>True if there may be more behind a full <see cref="Events"/>.</summary>
    protected virtual bool MayHideMore => false;

    /// <summary>By descriptor; null: not watched.</summary>
    protected ReadOnlySpan<Registration?> Table => table;

    /// <summary>Watches for a source.</summary>
    /// <exception cref="ArgumentException">The kernel refuses it.</exception>
    public void Attach(FdSource source)
    {
        Errno error = TryAttach(source);
        if (error != Errno.None)
        {
            throw new ArgumentException($"Descriptor {source.Fd} cannot be watched: {error}.");
        }
    }

    /// <summary>Watches for a source, unless the kernel refuses it.</summary>
    public virtual Errno TryAttach(FdSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(source.Fd);
        Refuse(source.Fd);
        Registration? known = Find(source.Fd);
        if (known is not null)
        {
            source.Loop.Turns.EndRow();
        }

        Registration registration = known ?? Register(source.Fd, waker: null);
        RefuseOwn(registration);
        RefuseBeside(registration.First, source);

        registration.Link(source);
        Errno error = Apply(registration, isCertain: known is null);
        if (error != Errno.None)
        {
            Unlink(source, registration);
        }

        return error;
    }

    /// <summary>Watches for it no longer; whether it was does not matter.</summary>
    public virtual void Detach(FdSource source)
    {
        if (source.Registration is { } registration)
        {
            Unlink(source, registration);
        }
    }

    /// <summary>What a source wants has changed, or is to be told anew; what the kernel refuses is not watched.</summary>
    public virtual Errno TryUpdate(FdSource source) => Apply(source.Registration!, isCertain: false);

    /// <summary>As <see cref="TryUpdate"/>.</summary>
    /// <exception cref="InvalidOperationException">The kernel refuses it.</exception>
    public void Update(FdSource source) => Require(source, TryUpdate(source));

    /// <summary>Throws what <see cref="Update"/> does.</summary>
    public static void Require(FdSource source, Errno error)
    {
        if (error != Errno.None)
        {
            throw new InvalidOperationException($"Descriptor {source.Fd} of '{source}' cannot be watched: {error}.");
        }
    }

    /// <summary>True if a waker can be told of edges alone, and need not take back what told it.</summary>
    public virtual bool HasEdgeWakers => false;

    /// <summary>Watches a descriptor of the loop's own.</summary>
    public Registration AddWaker(
        int fd, Action waker, FdEvents interest = FdEvents.Readable, WishKind kind = WishKind.Level)
    {
        Refuse(fd);
        Registration registration = Register(fd, waker, interest, kind);
        Errno error = Apply(registration, isCertain: true);
        if (error != Errno.None)
        {
            table[fd] = null;
            throw new InvalidOperationException($"Descriptor {fd} cannot be watched: {error}.");
        }

        return registration;
    }

    /// <summary>From now on a waker is told its level.</summary>
    public void TellLevel(Registration registration)
    {
        registration.WakerKind = WishKind.Level;
        Apply(registration, isCertain: true);
    }

    /// <summary>Ends <see cref="AddWaker"/>; before the descriptor is closed.</summary>
    public void RemoveWaker(int fd)
    {
        if (Find(fd) is { Waker: not null } registration)
        {
            Forget(registration);
            table[fd] = null;
        }
    }

    /// <summary>A wait elsewhere, on <see cref="Fd"/>, is about to begin: the kernel is told all that it was not told yet.</summary>
    /// <returns>True if that wait must not be: a turn has something to do already.</returns>
    public virtual bool PrepareApart() => false;

    /// <summary>The outermost run of the loop begins, on this thread.</summary>
    public virtual void BeginRun()
    {
    }

    /// <summary>It ends.</summary>
    public virtual void EndRun()
    {
    }

    /// <summary>The loop leaves this thread, and may go on on another one.</summary>
    /// <exception cref="InvalidOperationException">It cannot; nothing has changed.</exception>
    public virtual void ReleaseThread()
    {
    }

    /// <summary>Waits until something is ready. A signal's interruption is an ordinary end with nothing.</summary>
    /// <param name="timeout">Zero: does not wait. Null: without end.</param>
    public abstract void Wait(TimeSpan? timeout);

    /// <summary>
    /// The short way, instead of <see cref="Collect"/>: if what <see cref="Wait"/> found is of one priority, in the order in
    /// which its sources came to the loop, and needs nothing but to be called, it can be called straight from the
    /// kernel's own events, which are then taken one by one. Most turns are so.
    /// </summary>
    /// <returns>False: nothing was taken.</returns>
    public bool TryBeginRow()
    {
        if (MayHaveAlwaysReady || (EventCount == Events.Length && (EventCount == 0 || MayHideMore)) || !IsRow(Events.AsSpan(0, EventCount)))
        {
            return false;
        }

        rowNext = 0;
        rowEnd = EventCount;
        EventCount = 0;
        return true;
    }

    /// <summary>Takes what the wait found if it is one event, and could be a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeOnly(out FdSource? source, out FdEvents found)
    {
        if (EventCount == 1 && !MayHaveAlwaysReady)
        {
            ref readonly EpollEvent only = ref Events[0];
            found = Callable(only, out source);
            if (found != FdEvents.None && source!.List is null)
            {
                EventCount = 0;
                return true;
            }
        }

        source = null;
        found = FdEvents.None;
        return false;
    }

    /// <summary>True if the wait found nothing, and <see cref="Collect"/> would not either.</summary>
    public bool HasFoundNothing => EventCount == 0 && Events.Length > 0 && !MayHaveAlwaysReady;

    /// <summary>True if the row has events left.</summary>
    public bool HasRow => rowNext < rowEnd;

    /// <summary>Takes the next event of the row; what a callback before it has changed is heeded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeNext(out FdSource? source, out FdEvents found)
    {
        while (rowNext < rowEnd)
        {
            ref readonly EpollEvent next = ref Events[rowNext++];
            found = Callable(next, out source);
            if (found != FdEvents.None)
            {
                return true;
            }
        }

        source = null;
        found = FdEvents.None;
        return false;
    }

    /// <summary>What is left of the row is offered: something comes between that it is no match for.</summary>
    public void EndRow(ReadyBatch batch)
    {
        while (rowNext < rowEnd)
        {
            ref readonly EpollEvent next = ref Events[rowNext++];
            if (Find((int)(uint)next.Data) is { } registration && registration.Generation == (uint)(next.Data >> 32))
            {
                registration.Offer((FdEvents)next.Events, batch);
            }
        }
    }

    /// <summary>Offers all sources that <see cref="Wait"/> found ready.</summary>
    public abstract void Collect(long turn, ReadyBatch batch);

    /// <summary>Tells what is watched, the loop's own descriptors included.</summary>
    /// <returns>How many there are, also where there was no room for all.</returns>
    public int Query(Span<WatchedFd> destination)
    {
        int found = 0;
        foreach (Registration? registration in table)
        {
            Wish wanted = registration?.Wanted ?? default;
            if (!wanted.IsNothing)
            {
                if (found < destination.Length)
                {
                    destination[found] = new WatchedFd(registration!.Fd, wanted.Events);
                }

                found++;
            }
        }

        return found;
    }

    public void Dispose()
    {
        Close();
        Array.Clear(table);
    }

    /// <summary>True if something that the kernel does not report is to be told.</summary>
    protected virtual bool FindAlwaysReady() => false;

    /// <summary>Throws if the poller cannot have a descriptor of this number.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    protected virtual void Refuse(int fd)
    {
    }

    /// <summary>Throws if a descriptor is the loop's.</summary>
    protected static void RefuseOwn(Registration registration)
    {
        if (registration.Waker is not null)
        {
            throw new ArgumentException($"Descriptor {registration.Fd} belongs to the loop itself.");
        }
    }

    /// <summary>Throws if one of two sources of a descriptor is exclusive.</summary>
    protected static void RefuseBeside(FdSource? other, FdSource source)
    {
        if (other is not null && (other.IsExclusive || source.IsExclusive))
        {
            throw new ArgumentException($"Descriptor {source.Fd} has a source already, and one of the two is exclusive.");
        }
    }

    /// <summary>Tells the kernel what is wanted now, where that is new to it, or where the number may have changed its file.</summary>
    /// <param name="registration">The descriptor.</param>
    /// <param name="isCertain">True if nobody can have closed it since the kernel was told last.</param>
    protected abstract Errno Apply(Registration registration, bool isCertain);

    /// <summary>The last source is gone, or the waker: the kernel no longer watches. Whatever it answers is well: the
    /// descriptor may be closed.</summary>
    protected abstract void Forget(Registration registration);

    /// <summary>True if there is no such descriptor: for ways of waiting that do not say so when they are told of it.</summary>
    protected bool IsClosed(int fd)
    {
        PollEntry look = new(fd, 0);
        return Kernel.Poll(new Span<PollEntry>(ref look), TimeSpan.Zero).IsOk && (look.Found & PollEntry.NotOpen) != 0;
    }

    /// <summary>Gives back what the poller holds in the kernel.</summary>
    protected abstract void Close();

    internal Registration? Find(int fd)
    {
        Registration?[] known = table; // once, so that the index is looked at once
        return (uint)fd < (uint)known.Length ? known[fd] : null;
    }

    protected uint NextGeneration() => ++generation;

    private bool IsRow(ReadOnlySpan<EpollEvent> events)
    {
        int priority = int.MaxValue;
        long sequence = -1;
        foreach (ref readonly EpollEvent found in events)
        {
            if (Callable(found, out FdSource? source) == FdEvents.None || source!.List is not null
                || source.Sequence <= sequence || (source.Priority != priority && sequence >= 0))
            {
                return false;
            }

            sequence = source.Sequence;
            priority = source.Priority;
        }

        return true;
    }

    /// <summary>The source of an event, and what it may be called for the short way; nothing also if the event is out of
    /// date.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FdEvents Callable(in EpollEvent found, out FdSource? source)
    {
        if (Find((int)(uint)found.Data) is { } registration && registration.Generation == (uint)(found.Data >> 32))
        {
            source = registration.First;
            return (FdEvents)found.Events & registration.Callable;
        }

        source = null;
        return FdEvents.None;
    }

    private Registration Register(
        int fd, Action? waker, FdEvents wakerInterest = FdEvents.Readable, WishKind wakerKind = WishKind.Level)
    {
        if (fd >= table.Length)
        {
            Array.Resize(ref table, Math.Max(fd + 1, table.Length * 2));
        }

        Registration registration = new(fd, NextGeneration(), waker, wakerInterest, wakerKind);
        table[fd] = registration;
        return registration;
    }

    private void Unlink(FdSource source, Registration registration)
    {
        registration.Unlink(source);
        if (registration.First is null)
        {
            table[registration.Fd] = null;
            Forget(registration);
        }
        else
        {
            // What is left was watched already: an error says that the number has another file now, or none.
            Apply(registration, isCertain: true);
        }
    }
}
