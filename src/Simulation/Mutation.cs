namespace Spindle.Simulation;

/// <summary>Deliberate mistakes in the model, one for each rule: the differential check proves its teeth by finding every one of
/// them. A machine in ordinary use has none.</summary>
public enum Mutation
{
    /// <summary>The model as it should be.</summary>
    None,

    // --- Control

    /// <summary>An event that cannot be read with a closed descriptor: EBADF instead of EFAULT.</summary>
    BadDescriptorBeatsUnreadableEvent,

    /// <summary>Deleting with an event that cannot be read: EFAULT.</summary>
    DeletionReadsEvent,

    /// <summary>An unknown operation with an event that cannot be read: EBADF or EINVAL instead of EFAULT.</summary>
    UnknownOperationReadsNoEvent,

    /// <summary>A file without poll function: EINVAL instead of EPERM.</summary>
    UnpollableIsInvalid,

    /// <summary>A file without poll function through something that is no epoll: EINVAL instead of EPERM.</summary>
    InvalidBeatsNotPermitted,

    /// <summary>Modifying with EXCLUSIVE what is not there: ENOENT instead of EINVAL.</summary>
    MissingBeatsExclusive,

    /// <summary>EXCLUSIVE on an epoll is accepted.</summary>
    ExclusiveMayWatchEpoll,

    /// <summary>EXCLUSIVE together with any bit is accepted.</summary>
    ExclusiveAllowsAllBits,

    /// <summary>What was added with EXCLUSIVE may be modified.</summary>
    ExclusiveMayBeModified,

    /// <summary>Registrations are found by file alone.</summary>
    NumberIsNotPartOfKey,

    /// <summary>Registrations are found by descriptor number alone.</summary>
    FileIsNotPartOfKey,

    /// <summary>Adding twice: ENOENT instead of EEXIST.</summary>
    AddOfKnownIsMissing,

    /// <summary>An unknown operation on what is not there: ENOENT instead of EINVAL.</summary>
    UnknownOperationIsMissing,

    /// <summary>Adding does not add ERR and HUP.</summary>
    AddDoesNotAskForErrors,

    /// <summary>Adding a ready file does not make it a candidate.</summary>
    AddDoesNotQueue,

    /// <summary>Adding a ready file puts it before the others.</summary>
    AddQueuesAtHead,

    /// <summary>Modifying does not add ERR and HUP.</summary>
    ModifyDoesNotAskForErrors,

    /// <summary>Modifying does not arm again.</summary>
    ModifyDoesNotQueue,

    /// <summary>Modifying moves a candidate behind the others.</summary>
    ModifyMovesToTail,

    /// <summary>Modifying drops a candidate that is not ready.</summary>
    ModifyUnlinks,

    /// <summary>Modifying does not change the data.</summary>
    ModifyKeepsOldData,

    /// <summary>A file of which only the path is open is no closed descriptor: EPERM instead of EBADF.</summary>
    PathDescriptorIsOpen,

    /// <summary>An epoll that is to watch itself: ELOOP instead of EINVAL.</summary>
    SelfIsCircle,

    /// <summary>Deleting or modifying what is not there: EINVAL instead of ENOENT.</summary>
    MissingIsInvalid,

    /// <summary>Bits without meaning are not kept.</summary>
    UnknownBitsAreDropped,

    /// <summary>WAKEUP is kept where nothing can be kept awake.</summary>
    WakeUpIsKept,

    /// <summary>What was deleted stays a candidate.</summary>
    DeletedStaysCandidate,

    /// <summary>Adding or modifying does not wake who sleeps in epoll_wait.</summary>
    ControlDoesNotWakeSleeper,

    // --- Wakes

    /// <summary>A wake makes a disarmed one-shot a candidate, which changes its later place.</summary>
    DisarmedIsQueued,

    /// <summary>A wake makes a candidate of what does not want its key.</summary>
    KeyIsNotFiltered,

    /// <summary>A wake without key passes only those who want IN.</summary>
    UnknownKeyIsFiltered,

    /// <summary>A wake puts the candidate before the others.</summary>
    WakeQueuesAtHead,

    /// <summary>A wake moves a candidate behind the others.</summary>
    WakeMovesToTail,

    /// <summary>A wake does not reach those who watch the epoll.</summary>
    CallbackDoesNotWakeOuter,

    /// <summary>A wake of what is a candidate already does not reach those who watch the epoll.</summary>
    LinkedItemDoesNotWakeOuter,

    /// <summary>Those who watch the epoll are woken with the file's key instead of IN.</summary>
    OuterIsWokenWithKeyOfFile,

    /// <summary>Adding or modifying does not wake those who watch the epoll.</summary>
    ControlDoesNotWakeOuter,

    /// <summary>A wake does not reach who sleeps in epoll_wait.</summary>
    CallbackDoesNotWakeSleeper,

    /// <summary>An exclusive registration that does not want a wake absorbs it.</summary>
    IgnoredWakeIsAbsorbed,

    // --- Delivery

    /// <summary>What is delivered is not cut to what was asked for.</summary>
    MaskIsNotFiltered,

    /// <summary>A candidate that is not ready is delivered with no bits.</summary>
    StaleIsDelivered,

    /// <summary>A candidate that is not ready stays one.</summary>
    StaleStaysQueued,

    /// <summary>A candidate that is not ready uses up its one shot.</summary>
    StaleDisarms,

    /// <summary>A delivered one-shot stays armed.</summary>
    OneShotStaysArmed,

    /// <summary>A disarmed one-shot still reports ERR and HUP.</summary>
    OneShotKeepsErrors,

    /// <summary>An edge-triggered registration is a candidate again after its delivery.</summary>
    EdgeIsQueuedAgain,

    /// <summary>A level-triggered registration is not.</summary>
    LevelIsNotQueuedAgain,

    /// <summary>A level-triggered registration comes before the others again.</summary>
    LevelIsQueuedAtHead,

    /// <summary>What a full buffer left over goes behind what was delivered.</summary>
    UnscannedGoesToTail,

    /// <summary>A failed copy loses the event.</summary>
    FaultLosesEvent,

    /// <summary>A failed copy moves the event behind the others.</summary>
    FaultMovesToTail,

    /// <summary>What comes while a scan delivers is lost.</summary>
    ArrivalIsLost,

    /// <summary>What comes while a scan delivers is queued at once, between what is queued again.</summary>
    ArrivalIsNotDeferred,

    /// <summary>What comes while a scan delivers has the latest first.</summary>
    ArrivalsAreReversed,

    /// <summary>What comes while a scan delivers goes behind what is queued again.</summary>
    ArrivalsGoToTail,

    /// <summary>What comes while a scan delivers goes before what the scan did not get to.</summary>
    ArrivalsGoBeforeUnscanned,

    /// <summary>A scan that leaves candidates does not wake the next sleeper.</summary>
    ScanDoesNotPassOn,

    /// <summary>A scan that leaves candidates wakes those who watch the epoll.</summary>
    ScanWakesOuter,

    // --- Waiting

    /// <summary>epoll_wait looks at the count before the descriptor.</summary>
    WaitChecksCountFirst,

    /// <summary>A buffer outside of the address space with a closed descriptor: EFAULT instead of EBADF.</summary>
    BufferBeatsBadDescriptor,

    /// <summary>A buffer outside of the address space with a wrong count: EFAULT instead of EINVAL.</summary>
    BufferBeatsCount,

    /// <summary>A buffer outside of the address space with something that is no epoll: EINVAL instead of EFAULT.</summary>
    NoEpollBeatsBuffer,

    /// <summary>A buffer that cannot be written: EFAULT though there is nothing to write.</summary>
    NothingToWriteFaults,

    /// <summary>Of several sleepers the first is woken, not the last.</summary>
    SleepersAreFirstComeFirstWoken,

    /// <summary>A sleeper that is woken for nothing comes back with nothing.</summary>
    WakeForNothingEndsWait,

    /// <summary>A sleeper that was woken, and out of time before it ran, comes back with nothing.</summary>
    TimeOverFindsNothing,

    // --- Exclusive wakes

    /// <summary>Exclusive registrations are woken before normal ones.</summary>
    ExclusiveGoesToHead,

    /// <summary>Normal registrations are woken in the order of their coming.</summary>
    NormalGoesToTail,

    /// <summary>An epoll in which nobody sleeps absorbs an exclusive wake.</summary>
    ExclusiveEndsWithoutSleeper,

    /// <summary>No epoll absorbs an exclusive wake.</summary>
    ExclusiveNeverEnds,

    /// <summary>A wake without key is not absorbed.</summary>
    WakeWithoutKeyIsNotAbsorbed,

    /// <summary>A closed end of a pipe wakes one exclusive registration, not all.</summary>
    PipeCloseWakesOneExclusive,

    /// <summary>Those who watch an epoll absorb an exclusive wake.</summary>
    WatcherAbsorbsExclusive,

    /// <summary>A blocked reader is woken before exclusive registrations that were there before it.</summary>
    BlockedReaderComesFirst,

    // --- Nesting

    /// <summary>A watched epoll is ready as soon as it has candidates.</summary>
    NestedIsNotAsked,

    /// <summary>Looking at a watched epoll leaves stale candidates in place.</summary>
    NestedPollDoesNotPrune,

    /// <summary>Looking at a watched epoll uses up edges.</summary>
    NestedPollConsumes,

    /// <summary>A ready epoll has IN alone.</summary>
    EpollIsNotReadNormal,

    /// <summary>Epolls may watch each other in a circle.</summary>
    CycleIsAllowed,

    /// <summary>A chain may have six epolls.</summary>
    NestingAllowsOneMore,

    /// <summary>A chain may have four epolls.</summary>
    NestingAllowsOneLess,

    /// <summary>Only the chain below the new link is measured.</summary>
    NestingIgnoresUpward,

    /// <summary>Paths are not counted.</summary>
    PathsAreUnlimited,

    /// <summary>One path less than the limit is too many.</summary>
    PathLimitIsOneLower,

    /// <summary>Epolls that watch a file directly are limited.</summary>
    DirectPathsAreLimited,

    /// <summary>Paths are not counted when a file comes under an epoll that is watched.</summary>
    PathsOfFileAreNotCounted,

    // --- Closing and limits

    /// <summary>Closing a descriptor ends its registrations, whoever else has the file open.</summary>
    CloseOfNumberRemoves,

    /// <summary>Busy-poll parameters are not checked.</summary>
    BusyPollIsNotChecked,

    /// <summary>A file's last closing wakes its watchers before it leaves their epolls.</summary>
    ReleaseComesBeforeRemoval,

    /// <summary>A closed epoll is gone though somebody sleeps in it.</summary>
    SleeperDoesNotHoldEpoll,

    /// <summary>dup2 does not close what had the number.</summary>
    DuplicateKeepsOldFile,

    /// <summary>A child does not hold what it has inherited: the last closing of its parent ends the registrations.</summary>
    ChildHoldsNoFiles,

    /// <summary>A busy poll may take any time.</summary>
    BusyPollTakesAnyTime,

    /// <summary>A big budget of busy polls is for everybody.</summary>
    BusyPollBudgetIsFree,

    /// <summary>Busy-poll parameters of something that is no epoll: EINVAL instead of ENOTTY.</summary>
    BusyPollOfOtherIsInvalid,

    /// <summary>Reading from an epoll: the end instead of EINVAL.</summary>
    EpollReadsNothing,

    // --- Wakes of objects

    /// <summary>A pipe's data wakes with IN alone.</summary>
    PipeWakesWithoutReadNormal,

    /// <summary>A write wakes readers only if the pipe was empty.</summary>
    PolledPipeWakesWhenEmpty,

    /// <summary>A write that found no room wakes nobody.</summary>
    FailedPipeWriteIsSilent,

    /// <summary>A read of a full pipe wakes writers though it freed no slot.</summary>
    PipeReadWakesWithoutFreeSlot,

    /// <summary>Every read of a pipe wakes writers.</summary>
    PipeReadAlwaysWakes,

    /// <summary>Closing an end wakes with IN or OUT as key.</summary>
    PipeCloseWakesWithKey,

    /// <summary>Closing an end does not wake writers.</summary>
    PipeCloseWakesReadersAlone,

    /// <summary>Small writes take a page each.</summary>
    PipeDoesNotMerge,

    /// <summary>A write of nothing wakes a pipe's readers.</summary>
    EmptyPipeWriteWakes,

    /// <summary>Writing 0 to an eventfd wakes nobody.</summary>
    CounterWriteOfZeroIsSilent,

    /// <summary>Reading an eventfd wakes nobody.</summary>
    CounterReadIsSilent,

    /// <summary>A write that an eventfd has no room for wakes.</summary>
    FailedCounterWriteWakes,

    /// <summary>An eventfd's wakes have RDNORM.</summary>
    CounterWakesWithReadNormal,

    /// <summary>A timer that goes off wakes nobody.</summary>
    TimerExpiryIsSilent,

    /// <summary>Setting a timer wakes.</summary>
    TimerSetWakes,

    /// <summary>A message wakes only if the queue was empty.</summary>
    SocketWakesWhenEmpty,

    /// <summary>A message wakes without PRI and RDBAND.</summary>
    SocketDataHasNoBand,

    /// <summary>A unix socket is writable while half of its buffer is free.</summary>
    SpaceIsHalfTheBuffer,

    /// <summary>Every consumed message wakes its sender, writable or not.</summary>
    SpaceIsAlwaysAnnounced,

    /// <summary>A consumed message wakes nobody.</summary>
    SpaceIsNotAnnounced,

    /// <summary>shutdown does not wake the socket's own watchers.</summary>
    ShutdownDoesNotWakeItself,

    /// <summary>shutdown does not wake the peer's watchers.</summary>
    ShutdownDoesNotWakePeer,

    /// <summary>Closing with unread data leaves the peer without an error.</summary>
    CloseDoesNotReset,

    /// <summary>Closing does not wake the peer's watchers.</summary>
    CloseDoesNotWakePeer,

    // --- Calls, and objects that random steps seldom make

    /// <summary>A closed descriptor: EINVAL instead of EBADF.</summary>
    BadDescriptorIsInvalid,

    /// <summary>epoll_pwait2 takes any time.</summary>
    NegativeTimeIsAccepted,

    /// <summary>A pending signal ends a wait though there are events.</summary>
    SignalBeatsEvents,

    /// <summary>A pending signal ends a wait that would not sleep.</summary>
    SignalEndsWaitOfNoTime,

    /// <summary>A pending signal does not end a wait.</summary>
    SignalIsIgnored,

    /// <summary>The first reader or writer of a FIFO wakes nobody.</summary>
    FifoOpenIsSilent,

    /// <summary>The first reader of a FIFO wakes writers.</summary>
    FifoOpenWakesWriters,

    /// <summary>A periodic timer wakes each time that it goes off, read or not.</summary>
    PeriodicTimerWakesAgain,

    /// <summary>A signal wakes nobody who watches a signalfd.</summary>
    SignalIsSilent,

    /// <summary>A connection of unix sockets does not wake the listener.</summary>
    ConnectionIsSilent,

    /// <summary>An event of inotify wakes nobody.</summary>
    InotifyEventIsSilent,

    /// <summary>The end of a child wakes nobody.</summary>
    ProcessEndIsSilent,

    /// <summary>Waiting for a child wakes nobody.</summary>
    ProcessReapIsSilent,

    /// <summary>Data over TCP wakes nobody.</summary>
    TcpDataIsSilent,

    /// <summary>Data over TCP is readable however little it is.</summary>
    TcpIgnoresLowWater,

    /// <summary>An urgent octet over TCP wakes nobody.</summary>
    TcpUrgentIsSilent,

    /// <summary>The end of a TCP stream wakes nobody.</summary>
    TcpFinIsSilent,

    /// <summary>shutdown of a TCP socket does not wake its own watchers.</summary>
    TcpShutdownIsSilent,

    /// <summary>A TCP socket that is connected wakes nobody.</summary>
    TcpConnectIsSilent,

    /// <summary>RST wakes nobody.</summary>
    TcpResetIsSilent,

    /// <summary>RST after the end of the other side: ECONNRESET instead of EPIPE.</summary>
    TcpResetIsNoBrokenPipe,

    /// <summary>Room to write over TCP again wakes nobody.</summary>
    TcpSpaceIsSilent,

    /// <summary>A new connection over TCP does not wake the listener.</summary>
    TcpListenerIsSilent,

    /// <summary>A datagram of UDP wakes nobody.</summary>
    DatagramIsSilent,

    /// <summary>A datagram of UDP over the loopback does not wake its sender.</summary>
    DatagramDoesNotWakeSender,

    /// <summary>An ICMP error wakes nobody.</summary>
    DatagramErrorIsSilent,

    /// <summary>A message over netlink wakes nobody.</summary>
    NetlinkMessageIsSilent,

    /// <summary>An overrun of netlink wakes nobody.</summary>
    NetlinkOverrunIsSilent,

    /// <summary>A signal that is pending already wakes those who watch a signalfd.</summary>
    PendingSignalWakesAgain,

    /// <summary>Room to write over TCP is told though there was no lack of it.</summary>
    TcpSpaceIsAlwaysAnnounced,

    /// <summary>Room in the queue of a unix datagram socket's peer wakes nobody who waits for it.</summary>
    UnixRelayIsSilent,

    /// <summary>The queue of a unix datagram socket has no limit.</summary>
    UnixQueueIsUnlimited,

    /// <summary>Closing a unix datagram socket does not wake those who wait for room in its queue.</summary>
    UnixCloseIsSilentToSenders,

    /// <summary>A connected unix datagram socket takes messages from everybody.</summary>
    ConnectedReceiverTakesAll,
}
