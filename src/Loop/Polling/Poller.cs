using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits for descriptors. Holds the table of them, one registration each; how the kernel is told what their
/// sources want, and how it answers, is each poller's own.</summary>
/// <remarks>A turn calls <see cref="Wait"/> once and <see cref="Collect"/> once.</remarks>
internal abstract class Poller(Kernel kernel) : IDisposable
{
    private Registration?[] table = new Registration?[64];
    private uint generation;

    /// <summary>Events for registrations that are gone: their file lives on under another number.</summary>
    public long StaleEvents { get; protected set; }

    /// <summary>The descriptor that becomes readable when something is ready, or -1 where there is no such thing.</summary>
    public abstract int Fd { get; }

    /// <summary>True if something is ready for ever that the kernel does not report: the loop must not wait.</summary>
    public abstract bool HasAlwaysReady { get; }

    /// <summary>How many events the wait found, until they are collected.</summary>
    public abstract int FoundCount { get; }

    protected Kernel Kernel { get; } = kernel;

    /// <summary>By descriptor; null: not watched.</summary>
    protected ReadOnlySpan<Registration?> Table => table;

    /// <summary>A poller as the options say.</summary>
    public static Poller Create(Kernel kernel, EventLoopOptions options) => options.Waiting switch
    {
        WaitingBy.Epoll => new EpollPoller(kernel),
    };

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
        Errno error = Apply(source.Registration!, isCertain: false);
        if (error != Errno.None)
        {
            throw new InvalidOperationException($"Descriptor {source.Fd} of '{source}' cannot be watched: {error}.");
        }
    }

    /// <summary>As <see cref="Update"/>; what the kernel refuses is not watched.</summary>
    public void TryUpdate(FdSource source) => Apply(source.Registration!, isCertain: false);

    /// <summary>Watches a descriptor of the loop's own.</summary>
    public Registration AddWaker(int fd, Action waker, FdEvents interest = FdEvents.Readable)
    {
        Registration registration = Register(fd, waker, interest);
        Errno error = Apply(registration, isCertain: true);
        if (error != Errno.None)
        {
            table[fd] = null;
            throw new InvalidOperationException($"Descriptor {fd} cannot be watched: {error}.");
        }

        return registration;
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

    /// <summary>Waits until something is ready. A signal's interruption is an ordinary end with nothing.</summary>
    /// <param name="timeout">Zero: does not wait. Null: without end.</param>
    public abstract void Wait(TimeSpan? timeout);

    /// <summary>Offers all sources that <see cref="Wait"/> found ready.</summary>
    public abstract void Collect(long turn, ReadyBatch batch);

    /// <summary>Tells what is watched, the loop's own descriptors included.</summary>
    /// <returns>How many there are, also where there was no room for all.</returns>
    public int Query(Span<WatchedFd> destination)
    {
        int found = 0;
        foreach (Registration? registration in table)
        {
            FdEvents wanted = registration?.Wanted ?? FdEvents.None;
            if (wanted != FdEvents.None)
            {
                if (found < destination.Length)
                {
                    destination[found] = new WatchedFd(registration!.Fd, wanted);
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

    /// <summary>Tells the kernel what is wanted now, where that is new to it, or where the number may have changed its file.</summary>
    /// <param name="registration">The descriptor.</param>
    /// <param name="isCertain">True if nobody can have closed it since the kernel was told last.</param>
    protected abstract Errno Apply(Registration registration, bool isCertain);

    /// <summary>The last source is gone, or the waker: the kernel no longer watches. Whatever it answers is well: the
    /// descriptor may be closed.</summary>
    protected abstract void Forget(Registration registration);

    /// <summary>Gives back what the poller holds in the kernel.</summary>
    protected abstract void Close();

    protected Registration? Find(int fd) => (uint)fd < (uint)table.Length ? table[fd] : null;

    protected uint NextGeneration() => ++generation;

    private Registration Register(int fd, Action? waker, FdEvents wakerInterest = FdEvents.Readable)
    {
        if (fd >= table.Length)
        {
            Array.Resize(ref table, Math.Max(fd + 1, table.Length * 2));
        }

        Registration registration = new(fd, NextGeneration(), waker, wakerInterest);
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
