using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by handing all descriptors to the kernel each time, as poll and select do.</summary>
/// <remarks>
/// These know states alone. An edge is made of them: what was told is not asked for again until it was seen gone, which is
/// looked for, without waiting, before each wait.
/// </remarks>
internal abstract class ScanningPoller(Kernel kernel) : Poller(kernel)
{
    private const FdEvents Unasked = FdEvents.Error | FdEvents.HangUp;

    private readonly List<Registration> told = [];
    private Registration[] registrations = new Registration[16];
    private PollEntry[] entries = new PollEntry[16];
    private PollEntry[] looks = new PollEntry[16];
    private int count;
    private bool hasEarlyFinds;

    /// <inheritdoc/>
    public override int Fd => -1;

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
    public sealed override void Wait(TimeSpan? timeout)
    {
        hasEarlyFinds = told.Count > 0 && LookAtTold();
        Result result = WaitFor(entries.AsSpan(0, count), hasEarlyFinds ? TimeSpan.Zero : timeout);
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
            Registration registration = registrations[index];
            FdEvents found = (FdEvents)entries[index].Found | registration.Found;
            if (found != FdEvents.None)
            {
                entries[index].Found = 0;
                registration.Found = FdEvents.None;
                Offer(registration, found, turn, batch);
                if (registration.Place != index)
                {
                    index--; // it went, and the last one came to its place
                }
            }
        }
    }

    /// <summary>Waits, and tells in the entries what was found. A negative descriptor is passed over.</summary>
    protected abstract Result WaitFor(Span<PollEntry> entries, TimeSpan? timeout);

    /// <inheritdoc/>
    protected override Errno Apply(Registration registration, bool isCertain)
    {
        Wish wanted = registration.Wanted;
        if (wanted.IsNothing)
        {
            Forget(registration);
            return Errno.None;
        }

        if (registration.Told.IsNothing || !isCertain)
        {
            PollEntry look = new(registration.Fd, 0);
            if (Kernel.Poll(new Span<PollEntry>(ref look), TimeSpan.Zero).IsOk && (look.Found & PollEntry.NotOpen) != 0)
            {
                Forget(registration);
                return Errno.EBADF;
            }
        }

        registration.Told = wanted;
        if (!isCertain || !wanted.IsEdge)
        {
            registration.Seen = FdEvents.None;
        }

        Enter(registration);
        SetEntry(registration);
        return Errno.None;
    }

    /// <inheritdoc/>
    protected override void Forget(Registration registration)
    {
        registration.Told = default;
        registration.Seen = FdEvents.None;
        registration.Found = FdEvents.None;
        int place = registration.Place;
        if (place < 0)
        {
            return;
        }

        count--;
        registrations[place] = registrations[count];
        entries[place] = entries[count];
        registrations[place].Place = place;
        registrations[count] = null!;
        registration.Place = -1;
        if (registration.IsListed)
        {
            registration.IsListed = false;
            told.Remove(registration);
        }
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        Array.Clear(registrations);
        told.Clear();
        count = 0;
    }

    private void Offer(Registration registration, FdEvents found, long turn, ReadyBatch batch)
    {
        if (((uint)found & PollEntry.NotOpen) != 0)
        {
            // Closed before its source was removed: nothing more comes of it.
            StaleEvents++;
            Forget(registration);
            return;
        }

        if (registration.Told.IsEdge)
        {
            found &= ~registration.Seen;
            registration.Seen |= found;
            SetEntry(registration);
        }

        if (registration.Offer(found, turn, batch))
        {
            Apply(registration, isCertain: true);
        }
    }

    /// <summary>Looks whether edges that were told are gone since, and whether there are others.</summary>
    private bool LookAtTold()
    {
        bool hasFinds = false;
        if (looks.Length < told.Count)
        {
            Array.Resize(ref looks, Math.Max(told.Count, looks.Length * 2));
        }

        for (int index = 0; index < told.Count; index++)
        {
            looks[index] = new PollEntry(told[index].Fd, (ushort)told[index].Told.Events);
        }

        if (!Kernel.Poll(looks.AsSpan(0, told.Count), TimeSpan.Zero).IsOk)
        {
            return false;
        }

        for (int index = told.Count - 1; index >= 0; index--)
        {
            Registration registration = told[index];
            FdEvents found = (FdEvents)looks[index].Found;
            registration.Found |= found & ~registration.Seen;
            registration.Seen &= found;
            hasFinds |= registration.Found != FdEvents.None;
            SetEntry(registration);
            if (registration.Seen == FdEvents.None)
            {
                told.RemoveAt(index);
                registration.IsListed = false;
            }
        }

        return hasFinds;
    }

    private void Enter(Registration registration)
    {
        if (registration.Place >= 0)
        {
            return;
        }

        if (count == entries.Length)
        {
            Array.Resize(ref entries, count * 2);
            Array.Resize(ref registrations, count * 2);
        }

        registration.Place = count;
        registrations[count] = registration;
        entries[count++] = default;
    }

    /// <summary>What poll is asked for: of an edge only what was not told. An error or hang-up comes unasked, so that one
    /// that was told takes the descriptor out.</summary>
    private void SetEntry(Registration registration)
    {
        FdEvents asked = registration.Told.Events & ~registration.Seen;
        bool isOut = asked == FdEvents.None || (registration.Seen & Unasked) != FdEvents.None;
        entries[registration.Place] = new PollEntry(isOut ? -1 : registration.Fd, (ushort)asked);
        if (registration.Seen != FdEvents.None && !registration.IsListed)
        {
            registration.IsListed = true;
            told.Add(registration);
        }
    }

    private void ClearFound()
    {
        foreach (ref PollEntry entry in entries.AsSpan(0, count))
        {
            entry.Found = 0;
        }
    }
}
