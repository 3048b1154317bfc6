using System;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by handing all descriptors to the kernel each time, as poll and select do.</summary>
/// <remarks>
/// These know states alone, and no looking at states finds an edge that came and went between two looks. So edges are left
/// to an epoll, made for the first of them, which is one more descriptor to poll.
/// </remarks>
internal abstract class ScanningPoller(Kernel kernel) : Poller(kernel)
{
    private Registration[] registrations = new Registration[16];
    private PollEntry[] entries = new PollEntry[16];
    private int count;
    private EpollPoller? edges;
    private int edgesFd = -1;
    private bool hasEdges;
    private long staleEvents;

    /// <inheritdoc/>
    public override int Fd => -1;

    /// <inheritdoc/>
    public override long StaleEvents
    {
        get => staleEvents + (edges?.StaleEvents ?? 0);
        protected set => staleEvents = value;
    }

    /// <inheritdoc/>
    public override int FoundCount
    {
        get
        {
            int found = 0;
            foreach (ref readonly PollEntry entry in entries.AsSpan(0, count))
            {
                found += entry.Found != 0 ? 1 : 0;
            }

            return found;
        }
    }

    /// <inheritdoc/>
    public override Errno TryAttach(FdSource source)
    {
        if (source.Trigger != FdTrigger.Edge)
        {
            RefuseBeside(edges?.Find(source.Fd)?.First, source);
            return base.TryAttach(source);
        }

        if (Find(source.Fd) is { } registration)
        {
            RefuseBeside(registration.First, source);
            RefuseOwn(registration);
        }

        if (edges is null)
        {
            edges = new EpollPoller(Kernel, eventsMax: 0, busyPolling: null);
            MayHaveAlwaysReady = true;
            WatchEdges(edges.Fd);
        }

        return edges.TryAttach(source);
    }

    /// <inheritdoc/>
    public override void Detach(FdSource source)
    {
        if (source.Trigger == FdTrigger.Edge)
        {
            edges?.Detach(source);
        }
        else
        {
            base.Detach(source);
        }
    }

    /// <inheritdoc/>
    public override Errno TryUpdate(FdSource source) =>
        source.Trigger == FdTrigger.Edge ? edges!.TryUpdate(source) : base.TryUpdate(source);

    /// <inheritdoc/>
    public sealed override void Wait(TimeSpan? timeout)
    {
        Result result = WaitFor(entries.AsSpan(0, count), timeout);
        if (!result.IsOk)
        {
            ClearFound();
            if (!result.Is(Errno.EINTR))
            {
                throw new InvalidOperationException($"{Waiting} failed: {result.Error}.");
            }
        }
    }

    /// <inheritdoc/>
    public override void Collect(long turn, ReadyBatch batch)
    {
        for (int index = 0; index < count; index++)
        {
            ushort found = entries[index].Found;
            if (found != 0)
            {
                Registration registration = registrations[index];
                entries[index].Found = 0;
                Offer(registration, found, batch);
                if (registration.Place != index)
                {
                    index--; // it went, and the last one came to its place
                }
            }
        }

        if (hasEdges || HasAlwaysReady)
        {
            CollectEdges(turn, batch);
        }
    }

    /// <summary>Waits, and tells in the entries what was found.</summary>
    protected abstract Result WaitFor(Span<PollEntry> entries, TimeSpan? timeout);

    /// <inheritdoc/>
    protected override bool FindAlwaysReady() => edges is { HasAlwaysReady: true };

    /// <inheritdoc/>
    protected override Errno Apply(Registration registration, bool isCertain)
    {
        Wish wanted = registration.Wanted;
        if (wanted.IsNothing)
        {
            Forget(registration);
            return Errno.None;
        }

        if ((registration.Told.IsNothing || !isCertain) && IsClosed(registration.Fd))
        {
            Forget(registration);
            return Errno.EBADF;
        }

        registration.Told = wanted;
        Enter(registration);
        return Errno.None;
    }

    /// <inheritdoc/>
    protected override void Forget(Registration registration)
    {
        registration.Told = default;
        int place = registration.Place;
        if (place >= 0)
        {
            count--;
            registrations[place] = registrations[count];
            entries[place] = entries[count];
            registrations[place].Place = place;
            registrations[count] = null!;
            registration.Place = -1;
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        edges?.Dispose();
        Array.Clear(registrations);
        count = 0;
    }

    private void Offer(Registration registration, ushort found, ReadyBatch batch)
    {
        if ((found & PollEntry.NotOpen) != 0)
        {
            // Closed before its source was removed: nothing more comes of it.
            StaleEvents = staleEvents + 1;
            Forget(registration);
        }
        else if (registration.Offer((FdEvents)found, batch))
        {
            Apply(registration, isCertain: true);
        }
    }

    private void CollectEdges(long turn, ReadyBatch batch)
    {
        hasEdges = false;
        edges!.Wait(TimeSpan.Zero);
        edges.Collect(turn, batch);
        if (edges.Fd != edgesFd)
        {
            // It had to forget a file that outlived its descriptor, and began anew.
            RemoveWaker(edgesFd);
            WatchEdges(edges.Fd);
        }
    }

    private void WatchEdges(int fd)
    {
        edgesFd = fd;
        AddWaker(fd, () => hasEdges = true);
    }

    private void Enter(Registration registration)
    {
        if (registration.Place < 0)
        {
            if (count == entries.Length)
            {
                Array.Resize(ref entries, count * 2);
                Array.Resize(ref registrations, count * 2);
            }

            registration.Place = count;
            registrations[count++] = registration;
        }

        entries[registration.Place] = new PollEntry(registration.Fd, (ushort)registration.Told.Events);
    }

    private void ClearFound()
    {
        foreach (ref PollEntry entry in entries.AsSpan(0, count))
        {
            entry.Found = 0;
        }
    }
}
