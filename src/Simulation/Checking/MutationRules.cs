using System.Collections.Generic;

namespace Spindle.Simulation.Checking;

/// <summary>Which rule of the kernel each <see cref="Mutation"/> breaks: its section and row in the description that the model is
/// written from (1.3 control, 1.4 wakes, 1.5 delivery, 1.6 waiting, 1.7 exclusive wakes, 1.8 nesting, 1.9 closing, 1.10 limits,
/// 1.11 what wakes whom, 1.12 masks).</summary>
/// <remarks>
/// <para>The watch quota of 1.10 has none: what a user may watch is a number of the whole machine, in the millions, which no
/// sequence reaches and no check may lower. Tests of the model alone hold it.</para>
/// <para>Nor have these. 1.3: want of memory. 1.4: POLLFREE, which ends with the queue that it is about. 1.5: who waits for a scan
/// to end, since in the model nothing else runs meanwhile. 1.6: how late a wait may be, and the size of a signal set, which no step
/// gives. 1.7: whether an interest has the IN or OUT of a key, since an exclusive one passes no such key without it, and no wake has
/// both. 1.9: files that a message in flight holds. 1.10: flags of a new epoll, which no step gives (a test asks both
/// kernels). 1.11: the wakes of space behind the one for all when a unix socket is closed, which find everybody woken.</para>
/// </remarks>
public static class MutationRules
{
    /// <summary>Rule after rule, and the mistakes that break it.</summary>
    public static IReadOnlyList<(string Rule, IReadOnlyList<Mutation> Mutations)> All { get; } =
    [
        ("1.3 ADD",
        [
            Mutation.AddDoesNotAskForErrors,
            Mutation.AddDoesNotQueue,
            Mutation.AddQueuesAtHead,
            Mutation.ControlDoesNotWakeOuter,
            Mutation.ControlDoesNotWakeSleeper,
        ]),
        ("1.3 DEL", [Mutation.DeletedStaysCandidate]),
        ("1.3 EBADF", [Mutation.BadDescriptorIsInvalid, Mutation.PathDescriptorIsOpen]),
        ("1.3 EEXIST, ENOENT, EINVAL", [Mutation.AddOfKnownIsMissing, Mutation.UnknownOperationIsMissing, Mutation.MissingIsInvalid]),
        ("1.3 EFAULT",
        [
            Mutation.BadDescriptorBeatsUnreadableEvent,
            Mutation.DeletionReadsEvent,
            Mutation.UnknownOperationReadsNoEvent,
        ]),
        ("1.3 EPERM", [Mutation.UnpollableIsInvalid]),
        ("1.3 EPERM beats EINVAL", [Mutation.InvalidBeatsNotPermitted]),
        ("1.3 EXCLUSIVE and MOD", [Mutation.MissingBeatsExclusive, Mutation.ExclusiveMayBeModified]),
        ("1.3 EXCLUSIVE and its bits", [Mutation.ExclusiveMayWatchEpoll, Mutation.ExclusiveAllowsAllBits]),
        ("1.3 MOD",
        [
            Mutation.ModifyDoesNotAskForErrors,
            Mutation.ModifyDoesNotQueue,
            Mutation.ModifyMovesToTail,
            Mutation.ModifyUnlinks,
            Mutation.ModifyKeepsOldData,
        ]),
        ("1.3 WAKEUP", [Mutation.WakeUpIsKept]),
        ("1.3 bits without meaning", [Mutation.UnknownBitsAreDropped]),
        ("1.3 itself", [Mutation.SelfIsCircle]),
        ("1.3 lookup", [Mutation.NumberIsNotPartOfKey, Mutation.FileIsNotPartOfKey]),
        ("1.4 disarmed", [Mutation.DisarmedIsQueued]),
        ("1.4 key", [Mutation.KeyIsNotFiltered, Mutation.UnknownKeyIsFiltered]),
        ("1.4 outer epolls", [Mutation.CallbackDoesNotWakeOuter, Mutation.LinkedItemDoesNotWakeOuter, Mutation.OuterIsWokenWithKeyOfFile]),
        ("1.4 exclusive and ignored", [Mutation.IgnoredWakeIsAbsorbed]),
        ("1.4 queue", [Mutation.WakeQueuesAtHead, Mutation.WakeMovesToTail]),
        ("1.4 sleepers", [Mutation.CallbackDoesNotWakeSleeper]),
        ("1.5 ET", [Mutation.EdgeIsQueuedAgain]),
        ("1.5 LT", [Mutation.LevelIsNotQueuedAgain, Mutation.LevelIsQueuedAtHead]),
        ("1.5 ONESHOT", [Mutation.OneShotStaysArmed, Mutation.OneShotKeepsErrors]),
        ("1.5 arrivals",
        [
            Mutation.ArrivalIsLost,
            Mutation.ArrivalIsNotDeferred,
            Mutation.ArrivalsAreReversed,
            Mutation.ArrivalsGoToTail,
            Mutation.ArrivalsGoBeforeUnscanned,
        ]),
        ("1.5 chained wake", [Mutation.ScanDoesNotPassOn]),
        ("1.5 fault", [Mutation.FaultLosesEvent, Mutation.FaultMovesToTail]),
        ("1.5 filter", [Mutation.MaskIsNotFiltered]),
        ("1.5 outer epolls", [Mutation.ScanWakesOuter]),
        ("1.5 stale", [Mutation.StaleIsDelivered, Mutation.StaleStaysQueued, Mutation.StaleDisarms]),
        ("1.5 unscanned", [Mutation.UnscannedGoesToTail]),
        ("1.6 EINTR", [Mutation.SignalIsIgnored]),
        ("1.6 events beat signals", [Mutation.SignalBeatsEvents]),
        ("1.6 no time, no EINTR", [Mutation.SignalEndsWaitOfNoTime]),
        ("1.6 buffer", [Mutation.NothingToWriteFaults]),
        ("1.6 order of checks",
        [
            Mutation.WaitChecksCountFirst,
            Mutation.BufferBeatsBadDescriptor,
            Mutation.BufferBeatsCount,
            Mutation.NoEpollBeatsBuffer,
        ]),
        ("1.6 sleepers", [Mutation.SleepersAreFirstComeFirstWoken]),
        ("1.6 end of the time", [Mutation.TimeOverFindsNothing]),
        ("1.6 wake for nothing", [Mutation.WakeForNothingEndsWait]),
        ("1.6 time of pwait2", [Mutation.NegativeTimeIsAccepted]),
        ("1.7 order", [Mutation.ExclusiveGoesToHead, Mutation.NormalGoesToTail, Mutation.BlockedReaderComesFirst]),
        ("1.7 who absorbs", [Mutation.ExclusiveEndsWithoutSleeper, Mutation.ExclusiveNeverEnds, Mutation.WatcherAbsorbsExclusive]),
        ("1.7 no key", [Mutation.WakeWithoutKeyIsNotAbsorbed, Mutation.PipeCloseWakesOneExclusive]),
        ("1.8 loops and depth",
        [
            Mutation.CycleIsAllowed,
            Mutation.NestingAllowsOneMore,
            Mutation.NestingAllowsOneLess,
            Mutation.NestingIgnoresUpward,
        ]),
        ("1.8 paths", [Mutation.PathsAreUnlimited, Mutation.PathLimitIsOneLower, Mutation.DirectPathsAreLimited, Mutation.PathsOfFileAreNotCounted]),
        ("1.8 poll of an epoll",
        [
            Mutation.NestedIsNotAsked,
            Mutation.NestedPollDoesNotPrune,
            Mutation.NestedPollConsumes,
            Mutation.EpollIsNotReadNormal,
        ]),
        ("1.9 last reference", [Mutation.CloseOfNumberRemoves]),
        ("1.9 order", [Mutation.ReleaseComesBeforeRemoval]),
        ("1.9 fork", [Mutation.ChildHoldsNoFiles]),
        ("1.9 dup2", [Mutation.DuplicateKeepsOldFile]),
        ("1.9 sleepers", [Mutation.SleeperDoesNotHoldEpoll]),
        ("1.10 busy poll",
        [
            Mutation.BusyPollIsNotChecked,
            Mutation.BusyPollTakesAnyTime,
            Mutation.BusyPollBudgetIsFree,
            Mutation.BusyPollOfOtherIsInvalid,
        ]),
        ("1.10 read", [Mutation.EpollReadsNothing]),
        ("1.11 FIFO open", [Mutation.FifoOpenIsSilent, Mutation.FifoOpenWakesWriters]),
        ("1.11 TCP FIN", [Mutation.TcpFinIsSilent, Mutation.TcpShutdownIsSilent, Mutation.TcpConnectIsSilent]),
        ("1.11 TCP RST", [Mutation.TcpResetIsSilent]),
        ("1.11 TCP data", [Mutation.TcpDataIsSilent, Mutation.TcpIgnoresLowWater, Mutation.TcpUrgentIsSilent]),
        ("1.11 TCP listener", [Mutation.TcpListenerIsSilent]),
        ("1.11 TCP write space", [Mutation.TcpSpaceIsSilent, Mutation.TcpSpaceIsAlwaysAnnounced]),
        ("1.11 UDP", [Mutation.DatagramIsSilent, Mutation.DatagramDoesNotWakeSender, Mutation.DatagramErrorIsSilent]),
        ("1.11 eventfd",
        [
            Mutation.CounterWriteOfZeroIsSilent,
            Mutation.CounterReadIsSilent,
            Mutation.FailedCounterWriteWakes,
            Mutation.CounterWakesWithReadNormal,
        ]),
        ("1.11 inotify event", [Mutation.InotifyEventIsSilent]),
        ("1.11 netlink", [Mutation.NetlinkMessageIsSilent, Mutation.NetlinkOverrunIsSilent]),
        ("1.11 pidfd exit", [Mutation.ProcessEndIsSilent, Mutation.ProcessReapIsSilent]),
        ("1.11 pipe close", [Mutation.PipeCloseWakesWithKey, Mutation.PipeCloseWakesReadersAlone]),
        ("1.11 pipe read", [Mutation.PipeReadWakesWithoutFreeSlot, Mutation.PipeReadAlwaysWakes]),
        ("1.11 pipe storage", [Mutation.PipeDoesNotMerge]),
        ("1.11 pipe write",
        [
            Mutation.PipeWakesWithoutReadNormal,
            Mutation.PolledPipeWakesWhenEmpty,
            Mutation.FailedPipeWriteIsSilent,
            Mutation.EmptyPipeWriteWakes,
        ]),
        ("1.11 signalfd", [Mutation.SignalIsSilent, Mutation.PendingSignalWakesAgain]),
        ("1.11 timerfd expiry", [Mutation.TimerExpiryIsSilent, Mutation.TimerSetWakes, Mutation.PeriodicTimerWakesAgain]),
        ("1.11 unix close", [Mutation.CloseDoesNotReset, Mutation.CloseDoesNotWakePeer]),
        ("1.11 unix connect", [Mutation.ConnectionIsSilent]),
        ("1.11 unix dgram",
        [
            Mutation.UnixRelayIsSilent,
            Mutation.UnixQueueIsUnlimited,
            Mutation.UnixCloseIsSilentToSenders,
            Mutation.ConnectedReceiverTakesAll,
        ]),
        ("1.11 unix recv", [Mutation.SpaceIsHalfTheBuffer, Mutation.SpaceIsAlwaysAnnounced, Mutation.SpaceIsNotAnnounced]),
        ("1.11 unix send", [Mutation.SocketWakesWhenEmpty, Mutation.SocketDataHasNoBand]),
        ("1.11 unix shutdown", [Mutation.ShutdownDoesNotWakeItself, Mutation.ShutdownDoesNotWakePeer]),
        ("1.12 TCP", [Mutation.TcpResetIsNoBrokenPipe]),
    ];
}
