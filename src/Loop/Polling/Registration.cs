using System;
using System.Runtime.CompilerServices;

namespace Spindle.Loop.Polling;

/// <summary>One descriptor as the poller knows it: its generation, the sources that watch it, and what the kernel was told.</summary>
internal sealed class Registration(
    int fd, uint generation, Action? waker, FdEvents wakerInterest = FdEvents.Readable, WishKind wakerKind = WishKind.Level)
{
    public int Fd { get; } = fd;

    /// <summary>New whenever the number comes to mean another file.</summary>
    public uint Generation { get; set; } = generation;

    /// <summary>What the kernel carries for us: the slot, which is the descriptor's number, and the generation above it.</summary>
    public ulong Data
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ulong)Generation << 32 | (uint)Fd;
    }

    /// <summary>Called instead of sources, while events are collected: it only marks something ready.</summary>
    public Action? Waker { get; } = waker;

    /// <summary>How the waker wants to be told.</summary>
    public WishKind WakerKind { get; set; } = wakerKind;

    /// <summary>What the last call of the waker was for.</summary>
    public FdEvents WokenFor { get; private set; }

    public FdSource? First { get; set; }

    /// <summary>What the kernel watches for, of <see cref="Wish"/>; nothing: it reports nothing.</summary>
    public Wish Told { get; set; }

    /// <summary>True if epoll has an entry, be it one that reports nothing any more (one-shot).</summary>
    public bool HasEntry { get; set; }

    /// <summary>True for a kind of file that the kernel does not watch (EPERM): always ready.</summary>
    public bool IsAlwaysReady { get; set; }

    /// <summary>The turn that saw its event: a second event in one turn means that epoll's list went round. With io_uring:
    /// the gathering of events that has one of it.</summary>
    public long SeenTurn { get; set; }

    /// <summary>Belongs to the poller: a place in a list of its own, less than zero if in none.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Belongs to the poller: a place in another list.</summary>
    public bool IsListed { get; set; }

    /// <summary>True from io_uring's poll being armed to its first completion.</summary>
    public bool IsFresh { get; set; }

    /// <summary>Of an edge that is always ready: what was told.</summary>
    public FdEvents Seen { get; set; }

    /// <summary>Belongs to the poller: the place of its event among those found by the wait.</summary>
    public int FoundPlace { get; set; }

    /// <summary>What all sources together want, and how.</summary>
    public Wish Wanted
    {
        get
        {
            if (First is null)
            {
                return Waker is null ? default : new Wish(wakerInterest, WakerKind);
            }

            FdSource only = First;
            return only.NextOnFd is null ? new Wish(only.Watching, KindOf(only)) : Together();
        }
    }

    /// <summary>What <see cref="First"/> may be called for the short way, straight from what the kernel told: nothing where
    /// that needs more than the call, as of one of several sources. Here, and not in the source, as here everything is that
    /// an event is looked at for.</summary>
    public FdEvents Callable { get; private set; }

    public void UpdateCallable() => Callable = First is { NextOnFd: null } only ? only.Callable : FdEvents.None;

    public void Link(FdSource source)
    {
        source.Registration = this;
        source.NextOnFd = First;
        First = source;
        UpdateCallable();
    }

    public void Unlink(FdSource source)
    {
        if (First == source)
        {
            First = source.NextOnFd;
        }
        else
        {
            FdSource before = First!;
            while (before.NextOnFd != source)
            {
                before = before.NextOnFd!;
            }

            before.NextOnFd = source.NextOnFd;
        }

        source.NextOnFd = null;
        source.Registration = null;
        UpdateCallable();
    }

    /// <summary>Tells the sources, or the waker.</summary>
    /// <returns>True if a one-shot source is spent by it: what is wanted has changed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Offer(FdEvents events, ReadyBatch batch)
    {
        bool isSpent = false;
        FdSource? source = First;
        if (source is null && Waker is not null)
        {
            WokenFor = events;
            Waker();
        }

        for (; source is not null; source = source.NextOnFd)
        {
            isSpent |= source.Offer(events, batch);
        }

        return isSpent;
    }

    private static WishKind KindOf(FdSource source) => source.Watching == FdEvents.None ? WishKind.Level
        : source.IsExclusive ? (source.Trigger == FdTrigger.Edge ? WishKind.ExclusiveEdge : WishKind.Exclusive)
        : source.Trigger switch
        {
            FdTrigger.Level => WishKind.Level,
            FdTrigger.Edge => WishKind.Edge,
            FdTrigger.OneShot => WishKind.OneShot,
        };

    /// <summary>Level if any wants it; the kernel's one-shot is only for a source that is alone.</summary>
    private Wish Together()
    {
        FdEvents events = FdEvents.None;
        WishKind kind = WishKind.Level;
        bool isEdge = true;
        for (FdSource? source = First; source is not null; source = source.NextOnFd)
        {
            events |= source.Watching;
            isEdge &= source.Watching == FdEvents.None || source.Trigger == FdTrigger.Edge;
        }

        if (isEdge && events != FdEvents.None)
        {
            kind = WishKind.Edge;
        }

        return new Wish(events, kind);
    }
}
