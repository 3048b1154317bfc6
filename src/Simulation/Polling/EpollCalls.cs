using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>epoll_ctl, epoll_wait and their kin: arguments are looked at in the kernel's order, which decides what error is told.</summary>
internal static class EpollCalls
{
    /// <summary>The most events one wait may ask for: INT_MAX octets of them.</summary>
    public const int EventsMax = int.MaxValue / 12;

    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const PollMask AllowedWithExclusive =
        PollMask.In | PollMask.Out | PollMask.Unasked | PollMask.WakeUp | PollMask.EdgeTriggered | PollMask.Exclusive;
    private const PollMask WithoutMeaning = (PollMask)0x0FFF_D800;

    public static Result Create(SimulatedProcess process, int flags = SimulatedProcess.CloseOnExec)
    {
        return (flags & ~SimulatedProcess.CloseOnExec) != 0
            ? Result.Fail(Errno.EINVAL)
            : process.Open(new EventPoll(process.Machine, process.User));
    }

    /// <summary>epoll_ctl with any operation number.</summary>
    /// <param name="process">Who calls.</param>
    /// <param name="epollFd">The epoll.</param>
    /// <param name="operation">1 adds, 2 deletes, 3 modifies; others are errors of their own.</param>
    /// <param name="fd">What is watched.</param>
    /// <param name="events">The mask; null if the event cannot be read.</param>
    /// <param name="data">What is reported with it.</param>
    public static Result Control(SimulatedProcess process, int epollFd, int operation, int fd, PollMask? events, ulong data)
    {
        SimulatedMachine machine = process.Machine;
        bool isUnreadable = events is null && ReadsEvent(machine, operation);
        if (isUnreadable && !machine.Breaks(Mutation.BadDescriptorBeatsUnreadableEvent))
        {
            return Result.Fail(Errno.EFAULT);
        }

        if (!process.Files.TryGet(epollFd, out OpenFile? epollFile) || !TryGetWatched(process, fd, out OpenFile? file))
        {
            return Result.Fail(machine.Breaks(Mutation.BadDescriptorIsInvalid) ? Errno.EINVAL : Errno.EBADF);
        }

        if (isUnreadable)
        {
            return Result.Fail(Errno.EFAULT);
        }

        bool isInvalid = file == epollFile || epollFile is not EventPoll;
        if (!file.CanPoll && !(isInvalid && machine.Breaks(Mutation.InvalidBeatsNotPermitted)))
        {
            return Result.Fail(machine.Breaks(Mutation.UnpollableIsInvalid) ? Errno.EINVAL : Errno.EPERM);
        }

        if (isInvalid || epollFile is not EventPoll epoll)
        {
            return Result.Fail(epollFile is EventPoll && machine.Breaks(Mutation.SelfIsCircle) ? Errno.ELOOP : Errno.EINVAL);
        }

        PollMask mask = events ?? PollMask.None;
        mask &= machine.Breaks(Mutation.UnknownBitsAreDropped) ? ~WithoutMeaning : mask;
        if (!machine.Rules.HasWakeupSources && !machine.Breaks(Mutation.WakeUpIsKept))
        {
            mask &= ~PollMask.WakeUp;
        }

        return BreaksExclusive(machine, operation, file, mask, epoll, fd)
            ? Result.Fail(Errno.EINVAL)
            : Control(epoll, operation, file, fd, mask, data);
    }

    /// <summary>epoll_wait that does not sleep.</summary>
    public static Result Wait(SimulatedProcess process, int epollFd, int max, Span<EpollEvent> events, CopyOut? copyOut = null)
    {
        Result found = Find(process, epollFd, max, out EventPoll? epoll);
        return found.IsOk ? Harvest(epoll!, events[..Math.Min(max, events.Length)], copyOut) : found;
    }

    /// <summary>What a wait finds before it would sleep: a count, 0 for nothing.</summary>
    public static Result Harvest(EventPoll epoll, Span<EpollEvent> events, CopyOut? copyOut = null) =>
        epoll.HasCandidates ? epoll.Deliver(events, copyOut) : Result.Ok(0);

    /// <summary>The epoll that is to be waited for, or what is wrong with the arguments.</summary>
    /// <param name="process">Who calls.</param>
    /// <param name="epollFd">The epoll.</param>
    /// <param name="max">For how many events.</param>
    /// <param name="epoll">The epoll.</param>
    /// <param name="isOutside">The buffer is where no program's memory can be.</param>
    public static Result Find(SimulatedProcess process, int epollFd, int max, out EventPoll? epoll, bool isOutside = false)
    {
        SimulatedMachine machine = process.Machine;
        epoll = null;
        Errno wrong = max is <= 0 or > EventsMax ? Errno.EINVAL : isOutside ? Errno.EFAULT : 0;
        wrong = isOutside && machine.Breaks(Mutation.BufferBeatsCount) ? Errno.EFAULT : wrong;
        bool isDescriptorLater = !machine.Rules.WaitChecksDescriptorFirst
            || machine.Breaks(wrong == Errno.EINVAL ? Mutation.WaitChecksCountFirst : Mutation.BufferBeatsBadDescriptor);
        if (wrong != 0 && isDescriptorLater)
        {
            return Result.Fail(wrong);
        }

        if (!process.Files.TryGet(epollFd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        epoll = file as EventPoll;
        bool isKindFirst = epoll is null && machine.Breaks(Mutation.NoEpollBeatsBuffer);
        return wrong != 0 && !isKindFirst ? Result.Fail(wrong) : epoll is null ? Result.Fail(Errno.EINVAL) : Result.Ok();
    }

    /// <summary>When a wait of this many milliseconds ends; below 0 never.</summary>
    public static Instant Deadline(SimulatedProcess process, long milliseconds) =>
        milliseconds < 0 ? Instant.Never : process.Machine.Monotonic.Now + TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>When an epoll_pwait2 ends.</summary>
    /// <returns>EINVAL for a negative time or one with a second's worth of nanoseconds.</returns>
    public static Result Deadline(SimulatedProcess process, long seconds, long nanoseconds, out Instant deadline)
    {
        deadline = Instant.Never;
        if (!process.Machine.Rules.HasPwait2)
        {
            return Result.Fail(Errno.ENOSYS);
        }

        bool isInvalid = seconds < 0 || nanoseconds is < 0 or >= 1_000_000_000;
        if (isInvalid && process.Machine.Breaks(Mutation.NegativeTimeIsAccepted))
        {
            deadline = process.Machine.Monotonic.Now;
            return Result.Ok();
        }

        if (isInvalid)
        {
            return Result.Fail(Errno.EINVAL);
        }

        Int128 sum = ((Int128)seconds * 1_000_000_000) + nanoseconds + process.Machine.Monotonic.Now.Nanoseconds;
        deadline = sum >= long.MaxValue ? Instant.Never : new Instant((long)sum);
        return Result.Ok();
    }

    /// <summary>EPIOCSPARAMS.</summary>
    public static Result SetBusyPoll(SimulatedProcess process, int fd, BusyPollParameters parameters)
    {
        Result found = FindForBusyPoll(process, fd, out EventPoll? epoll);
        if (!found.IsOk)
        {
            return found;
        }

        const int BudgetMaxUnprivileged = 64;
        SimulatedMachine machine = process.Machine;
        bool isTooLong = parameters.Microseconds > int.MaxValue && !machine.Breaks(Mutation.BusyPollTakesAnyTime);
        bool isInvalid = parameters.Padding != 0 || parameters.IsPreferred > 1 || isTooLong;
        if (isInvalid && !machine.Breaks(Mutation.BusyPollIsNotChecked))
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (parameters.Budget > BudgetMaxUnprivileged && !process.IsPrivileged && !machine.Breaks(Mutation.BusyPollBudgetIsFree))
        {
            return Result.Fail(Errno.EPERM);
        }

        epoll!.BusyPoll = parameters;
        return Result.Ok();
    }

    /// <summary>EPIOCGPARAMS.</summary>
    public static Result GetBusyPoll(SimulatedProcess process, int fd, out BusyPollParameters parameters)
    {
        Result found = FindForBusyPoll(process, fd, out EventPoll? epoll);
        parameters = epoll?.BusyPoll ?? default;
        return found;
    }

    private static Result FindForBusyPoll(SimulatedProcess process, int fd, out EventPoll? epoll)
    {
        epoll = null;
        if (!process.Files.TryGet(fd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        epoll = file as EventPoll;
        return epoll is null ? Result.Fail(process.Machine.Breaks(Mutation.BusyPollOfOtherIsInvalid) ? Errno.EINVAL : Errno.ENOTTY)
            : process.Machine.Rules.HasBusyPollParameters ? Result.Ok() : Result.Fail(Errno.EINVAL);
    }

    // A path alone is no open file.
    private static bool TryGetWatched(SimulatedProcess process, int fd, [NotNullWhen(true)] out OpenFile? file) =>
        process.Machine.Breaks(Mutation.PathDescriptorIsOpen) ? process.Files.TryGetAny(fd, out file) : process.Files.TryGet(fd, out file);

    // Whatever is not a deletion has its event read, operations that there are not too.
    private static bool ReadsEvent(SimulatedMachine machine, int operation) => operation switch
    {
        Delete => machine.Breaks(Mutation.DeletionReadsEvent),
        Add or Modify => true,
        _ => !machine.Breaks(Mutation.UnknownOperationReadsNoEvent),
    };

    private static bool BreaksExclusive(
        SimulatedMachine machine, int operation, OpenFile file, PollMask mask, EventPoll epoll, int fd)
    {
        if (operation == Delete || (mask & PollMask.Exclusive) == PollMask.None || !machine.Rules.HasExclusive)
        {
            return false;
        }

        if (operation == Modify)
        {
            // Whether there is something to modify is looked at later: EINVAL beats ENOENT.
            return !machine.Breaks(Mutation.MissingBeatsExclusive) || epoll.TryFind(file, fd, out _);
        }

        bool isEpoll = file is EventPoll && !machine.Breaks(Mutation.ExclusiveMayWatchEpoll);
        bool hasMore = (mask & ~AllowedWithExclusive) != PollMask.None && !machine.Breaks(Mutation.ExclusiveAllowsAllBits);
        return operation == Add && (isEpoll || hasMore);
    }

    private static Result Control(EventPoll epoll, int operation, OpenFile file, int fd, PollMask mask, ulong data)
    {
        List<OpenFile>? leaves = null;
        EventPoll? inner = file as EventPoll;
        bool isWatched = epoll.FirstWatcher is not null && !epoll.Machine.Breaks(Mutation.PathsOfFileAreNotCounted);
        if (operation == Add && (inner is not null || isWatched))
        {
            leaves = inner is null ? [file] : [];
            if (inner is not null && !EventPollNesting.MayWatch(epoll, inner, leaves))
            {
                return Result.Fail(Errno.ELOOP);
            }
        }

        bool isKnown = epoll.TryFind(file, fd, out EventPollItem item);
        switch (operation)
        {
            case Add:
                return !isKnown ? epoll.Add(file, fd, mask, data, leaves)
                    : Result.Fail(epoll.Machine.Breaks(Mutation.AddOfKnownIsMissing) ? Errno.ENOENT : Errno.EEXIST);
            case Delete when isKnown:
                epoll.Remove(item);
                return Result.Ok();
            case Modify when isKnown:
                return ModifyKnown(epoll, item, mask, data);
            case Delete:
            case Modify:
                return Result.Fail(epoll.Machine.Breaks(Mutation.MissingIsInvalid) ? Errno.EINVAL : Errno.ENOENT);
            default:
                return Result.Fail(epoll.Machine.Breaks(Mutation.UnknownOperationIsMissing) && !isKnown ? Errno.ENOENT : Errno.EINVAL);
        }
    }

    private static Result ModifyKnown(EventPoll epoll, EventPollItem item, PollMask mask, ulong data)
    {
        bool isExclusive = item.Has(PollMask.Exclusive) && epoll.Machine.Rules.HasExclusive;
        if (isExclusive && !epoll.Machine.Breaks(Mutation.ExclusiveMayBeModified))
        {
            return Result.Fail(Errno.EINVAL);
        }

        epoll.Modify(item, mask, data);
        return Result.Ok();
    }
}
