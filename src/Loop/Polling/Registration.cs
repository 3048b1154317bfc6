using System;

namespace Spindle.Loop.Polling;

/// <summary>One descriptor as the poller knows it: its generation, the sources that watch it, and what epoll was told.</summary>
internal sealed class Registration(
    int fd, uint generation, Action? waker, FdEvents wakerInterest = FdEvents.Readable)
{
    public int Fd { get; } = fd;

    /// <summary>New whenever the number comes to mean another file.</summary>
    public uint Generation { get; set; } = generation;

    /// <summary>What epoll carries for us: the slot, which is the descriptor's number, and the generation above it.</summary>
    public ulong Data => (ulong)Generation << 32 | (uint)Fd;

    /// <summary>Called instead of sources, while events are collected: it only marks something ready.</summary>
    public Action? Waker { get; } = waker;

    /// <summary>What the last call of the waker was for.</summary>
    public FdEvents Found { get; private set; }

    public FdSource? First { get; set; }

    /// <summary>What epoll watches for; none: epoll does not know the descriptor.</summary>
    public FdEvents Watched { get; set; }

    /// <summary>True for a kind of file that epoll refuses (EPERM): always ready.</summary>
    public bool IsAlwaysReady { get; set; }

    /// <summary>The turn that saw its event: a second event in one turn means that epoll's list went round.</summary>
    public long SeenTurn { get; set; }

    /// <summary>What all sources together want.</summary>
    public FdEvents Wanted
    {
        get
        {
            FdEvents wanted = Waker is null ? FdEvents.None : wakerInterest;
            for (FdSource? source = First; source is not null; source = source.NextOnFd)
            {
                wanted |= source.Wanted;
            }

            return wanted;
        }
    }

    /// <summary>Calls the waker.</summary>
    public void Wake(FdEvents found)
    {
        Found = found;
        Waker!();
    }

    public void Link(FdSource source)
    {
        source.Registration = this;
        source.NextOnFd = First;
        First = source;
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
    }

    public void Offer(FdEvents events, ReadyBatch batch)
    {
        for (FdSource? source = First; source is not null; source = source.NextOnFd)
        {
            source.Offer(events, batch);
        }
    }
}
