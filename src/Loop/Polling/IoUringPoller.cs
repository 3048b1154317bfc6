using System;
using System.Runtime.CompilerServices;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>Waits by io_uring: one multishot poll a descriptor, armed by the system call that waits.</summary>
/// <remarks>
/// A multishot poll tells that something happened, not how things are. Of an edge that is all there is to tell. A level is
/// looked at: a descriptor of which something was told becomes a suspect, and before each turn's events are collected one
/// poll(2), which does not wait, asks how all suspects are; it stays one until it is seen not ready, and from then on its
/// multishot poll tells of the next change. So what a turn is told is as true as epoll's.
/// A poll holds its file: removing one is handed over at once, so that a close that follows really closes.
/// The ring knows but one thread, its first user. So a loop that leaves its thread gets another ring, and arms all anew.
/// </remarks>
internal sealed class IoUringPoller : Poller
{
    private const uint Requests = 256;
    private const uint Completions = 4096;
    private const int EventsMin = 64;
    // The kernel makes at most so many completions of what it holds back in one call (IO_LOCAL_TW_DEFAULT_MAX).
    private const int CompletionsPerEnter = 20;

    // A descriptor that tells without end must not hold the turn.
    private const int EntersPerTurnMax = 1000;

    private readonly RingPolls polls;
    private readonly SuspectList suspects = new();
    private long gathering;

    public IoUringPoller(Kernel kernel, IoUring ring)
        : base(kernel)
    {
        polls = new RingPolls(ring, () => Drain());
        Events = new EpollEvent[EventsMin];
    }

    /// <inheritdoc/>
    public override WaitingBy Waiting => WaitingBy.IoUring;

    /// <inheritdoc/>
    public override int Fd => polls.Ring.Fd;

    /// <inheritdoc/>
    public override int FoundCount => EventCount;

    /// <summary>Makes a ring as a poller needs it.</summary>
    public static Result CreateRing(Kernel kernel, out IoUring? ring) =>
        kernel.IoUringCreate(Requests, Completions, out ring);

    /// <inheritdoc/>
    public override bool PrepareApart()
    {
        Wait(TimeSpan.Zero);
        return EventCount > 0;
    }

    /// <inheritdoc/>
    public override void BeginRun()
    {
        polls.Enable();
        polls.Ring.Register(); // where it is refused, the descriptor does as well
    }

    /// <inheritdoc/>
    public override void EndRun() => polls.Ring.Unregister();

    /// <inheritdoc/>
    public override void ReleaseThread()
    {
        if (!polls.IsEnabled)
        {
            return;
        }

        Result created = CreateRing(Kernel, out IoUring? fresh);
        if (fresh is null)
        {
            throw new InvalidOperationException($"The loop stays on its thread, there is no other io_uring: {created.Error}.");
        }

        EndPolls();
        polls.Renew(fresh);
        foreach (Registration? registration in Table)
        {
            if (registration is not null && !registration.Told.IsNothing)
            {
                polls.Mark(registration);
            }
        }
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        polls.Enable();
        if (EventCount == 0)
        {
            gathering++;
        }

        Drain();
        bool mayWait = timeout != TimeSpan.Zero;
        if (EventCount + suspects.Count > 0 || !mayWait)
        {
            ArmAll();
            if (polls.Ring.QueuedCount > 0 || polls.Ring.NeedsEnter)
            {
                Enter(TimeSpan.Zero);
            }

            LookAtSuspects();
        }

        if (EventCount == 0 && mayWait)
        {
            WaitOn(timeout);
        }
    }

    /// <inheritdoc/>
    public override void Collect(long turn, ReadyBatch batch)
    {
        foreach (ref readonly EpollEvent found in Events.AsSpan(0, EventCount))
        {
            Registration? registration = found.Events == 0 ? null : Find((int)(uint)found.Data);
            if (registration?.Data == found.Data && registration.Offer((FdEvents)found.Events, batch))
            {
                Spend(registration);
            }
        }

        EventCount = 0;
    }

    /// <inheritdoc/>
    protected override Errno Apply(Registration registration, bool isCertain)
    {
        Wish wanted = registration.Wanted;
        if (wanted == registration.Told && isCertain)
        {
            return Errno.None;
        }

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

        Disarm(registration);
        registration.Told = wanted;
        polls.Mark(registration);
        return Errno.None;
    }

    /// <inheritdoc/>
    protected override void Forget(Registration registration)
    {
        Disarm(registration);
        registration.Told = default;
        if (polls.Ring.QueuedCount > 0)
        {
            polls.Flush();
        }
    }

    /// <summary>Ends all polls, so that files which are closed after the loop are closed.</summary>
    protected override void Close()
    {
        EndPolls();
        polls.Close();
        suspects.Cut(0);
        EventCount = 0;
    }

    // What was found stays found.
    private void EndPolls()
    {
        foreach (Registration? registration in Table)
        {
            if (registration is not null)
            {
                suspects.Remove(registration);
                polls.End(registration);
            }
        }

        polls.Flush();
    }

    /// <summary>Waits until something is really there, or the time is over, or a signal comes.</summary>
    private void WaitOn(TimeSpan? timeout)
    {
        if (timeout is { } span)
        {
            WaitUntil(Kernel.Now(ClockId.Monotonic) + span, span);
            return;
        }

        bool isOver = false;
        while (EventCount == 0 && !isOver)
        {
            ArmAll();
            isOver = !Enter(null);
            LookAtSuspects();
        }
    }

    private void WaitUntil(Instant due, TimeSpan left)
    {
        bool isOver = false;
        while (EventCount == 0 && !isOver)
        {
            ArmAll();
            isOver = !Enter(left);
            LookAtSuspects();
            long nanoseconds = due.Nanoseconds - Kernel.Now(ClockId.Monotonic).Nanoseconds;
            isOver |= nanoseconds <= 0;
            left = new TimeSpan((nanoseconds / TimeSpan.NanosecondsPerTick) + 1);
        }
    }

    /// <summary>Hands over and takes all that is there: a better priority may hide behind what one call brings.</summary>
    /// <returns>False if the time is over, or a signal came.</returns>
    private bool Enter(TimeSpan? timeout)
    {
        Result result = polls.Ring.Enter(timeout);
        int taken = Drain();
        for (int again = 0; taken >= CompletionsPerEnter && again < EntersPerTurnMax; again++)
        {
            polls.Ring.Enter(TimeSpan.Zero);
            taken = Drain();
        }

        return result.Error switch
        {
            Errno.None or Errno.EBUSY or Errno.EAGAIN => true,
            Errno.ETIME or Errno.EINTR => false,
            _ => throw new InvalidOperationException($"io_uring_enter failed: {result.Error}."),
        };
    }

    private int Drain()
    {
        int taken = 0;
        for (; polls.Ring.TryTake(out IoCompletion completion); taken++)
        {
            // What a removed poll still says meets another generation.
            Registration? registration = completion.Data == RingPolls.NoRegistration ? null : Find((int)(uint)completion.Data);
            if (registration is not null && registration.HasEntry && registration.Data == completion.Data)
            {
                Take(registration, completion);
            }
        }

        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(Registration registration, in IoCompletion completion)
    {
        if (completion.HasMore && completion.Value >= 0 && registration.Told.IsEdge)
        {
            registration.IsFresh = false;
            Find(registration, (FdEvents)completion.Value);
        }
        else
        {
            TakeOther(registration, completion);
        }
    }

    private void TakeOther(Registration registration, in IoCompletion completion)
    {
        if (!completion.HasMore)
        {
            // The kernel ends a multishot poll when it is short of room, and at once on a file that is always ready.
            registration.HasEntry = false;
            bool isEnded = !registration.IsFresh && completion.Error is Errno.None or Errno.ECANCELED;
            if (isEnded && registration.Told.Kind != WishKind.OneShot)
            {
                polls.Mark(registration);
            }
        }

        registration.IsFresh = false;
        if (completion.Error == Errno.EBADF)
        {
            StaleEvents++; // closed before its source was removed, and before the poll was armed
            Disarm(registration);
            registration.Told = default;
        }
        else if (!registration.Told.IsEdge)
        {
            suspects.Add(registration);
        }
        else if (completion.Error != Errno.ECANCELED)
        {
            // A file that cannot be polled is always ready, as poll(2) says.
            Find(registration, completion.Error == Errno.None ? (FdEvents)completion.Value : registration.Told.Events);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ArmAll()
    {
        if (polls.HasUnarmed)
        {
            ArmThese();
        }
    }

    private void ArmThese()
    {
        while (polls.TryTakeUnarmed(out Registration? registration))
        {
            registration.Generation = NextGeneration();
            if (IsFound(registration))
            {
                Events[registration.FoundPlace] = new EpollEvent(Events[registration.FoundPlace].Events, registration.Data);
            }

            polls.Arm(registration);
        }
    }

    private void Disarm(Registration registration)
    {
        if (IsFound(registration))
        {
            Events[registration.FoundPlace] = default;
            registration.SeenTurn = 0;
        }

        suspects.Remove(registration);
        polls.End(registration);
    }

    private void Spend(Registration registration)
    {
        if (registration.Told.Kind == WishKind.OneShot)
        {
            Disarm(registration);
            registration.Told = default;
        }
        else
        {
            Apply(registration, isCertain: true);
        }
    }

    private bool IsFound(Registration registration) =>
        EventCount > 0 && registration.SeenTurn == gathering;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Find(Registration registration, FdEvents events)
    {
        if (IsFound(registration))
        {
            ref EpollEvent known = ref Events[registration.FoundPlace];
            known = new EpollEvent(known.Events | (uint)events, registration.Data);
            return;
        }

        if (EventCount == Events.Length)
        {
            Enlarge();
        }

        registration.SeenTurn = gathering;
        registration.FoundPlace = EventCount;
        Events[EventCount++] = new EpollEvent((uint)events, registration.Data);
    }

    private void Enlarge()
    {
        EpollEvent[] larger = new EpollEvent[EventCount * 2];
        Events.CopyTo(larger, 0);
        Events = larger;
    }

    /// <summary>Finds the suspects that are ready, and lets go of those that are not.</summary>
    private void LookAtSuspects()
    {
        if (suspects.Count == 0 || !suspects.Look(Kernel))
        {
            return;
        }

        // In the order in which they came: it is mostly that of the sources, and saves the sorting.
        int kept = 0;
        int looked = suspects.Count;
        for (int index = 0; index < looked; index++)
        {
            Registration registration = suspects.At(index, out ushort state);
            if (state != 0 && (state & PollEntry.NotOpen) == 0)
            {
                suspects.Keep(index, kept++);
                Find(registration, (FdEvents)state);
            }
            else
            {
                registration.Place = -1;
                LetGo(registration, state);
            }
        }

        // Letting one go may have brought completions, and new suspects behind those that were looked at.
        for (int index = looked; index < suspects.Count; index++)
        {
            suspects.Keep(index, kept++);
        }

        suspects.Cut(kept);
    }

    private void LetGo(Registration registration, ushort state)
    {
        if (state != 0)
        {
            StaleEvents++;
            Disarm(registration);
            registration.Told = default;
        }
        else if (!registration.HasEntry)
        {
            polls.Mark(registration);
        }
    }
}
