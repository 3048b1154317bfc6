using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Checking;

/// <summary>Shows that the check finds mistakes: each <see cref="Mutation"/> must be found within so many sequences.</summary>
public static class MutationProof
{
    /// <summary>The most sequences that a mistake may stay unseen.</summary>
    public const int SequencesMax = 5000;

    // Mistakes that random steps seldom come near have sequences of their own kind.
    private static readonly Dictionary<Mutation, SequenceKind> Kinds = new()
    {
        [Mutation.SleepersAreFirstComeFirstWoken] = SequenceKind.Waiters,
        [Mutation.ScanDoesNotPassOn] = SequenceKind.Waiters,
        [Mutation.ExclusiveNeverEnds] = SequenceKind.Waiters,
        [Mutation.ExclusiveEndsWithoutSleeper] = SequenceKind.ExclusiveOrder,
        [Mutation.ExclusiveGoesToHead] = SequenceKind.ExclusiveOrder,
        [Mutation.NormalGoesToTail] = SequenceKind.ExclusiveOrder,
        [Mutation.PathsAreUnlimited] = SequenceKind.PathLimits,
        [Mutation.PathLimitIsOneLower] = SequenceKind.PathLimits,
        [Mutation.DirectPathsAreLimited] = SequenceKind.PathLimits,
        [Mutation.PipeReadWakesWithoutFreeSlot] = SequenceKind.FullRings,
        [Mutation.TimerSetWakes] = SequenceKind.DisarmedOneShots,
        [Mutation.CounterWakesWithReadNormal] = SequenceKind.DisarmedOneShots,
        [Mutation.DisarmedIsQueued] = SequenceKind.DisarmedOneShots,
        [Mutation.NestedPollDoesNotPrune] = SequenceKind.NestedPruning,
        [Mutation.NestedPollConsumes] = SequenceKind.NestedPruning,
        [Mutation.LinkedItemDoesNotWakeOuter] = SequenceKind.NestedPruning,
        [Mutation.ArrivalIsLost] = SequenceKind.HeldScans,
        [Mutation.ArrivalIsNotDeferred] = SequenceKind.HeldScans,
        [Mutation.ArrivalsAreReversed] = SequenceKind.HeldScans,
        [Mutation.ArrivalsGoToTail] = SequenceKind.HeldScans,
        [Mutation.ArrivalsGoBeforeUnscanned] = SequenceKind.HeldScans,
        [Mutation.SignalIsSilent] = SequenceKind.Signals,
        [Mutation.FifoOpenIsSilent] = SequenceKind.Files,
        [Mutation.FifoOpenWakesWriters] = SequenceKind.Files,
        [Mutation.PeriodicTimerWakesAgain] = SequenceKind.Files,
        [Mutation.InotifyEventIsSilent] = SequenceKind.Files,
        [Mutation.ProcessEndIsSilent] = SequenceKind.Files,
        [Mutation.ProcessReapIsSilent] = SequenceKind.Files,
        [Mutation.TcpDataIsSilent] = SequenceKind.Connections,
        [Mutation.TcpIgnoresLowWater] = SequenceKind.Connections,
        [Mutation.TcpUrgentIsSilent] = SequenceKind.Connections,
        [Mutation.TcpFinIsSilent] = SequenceKind.Connections,
        [Mutation.TcpShutdownIsSilent] = SequenceKind.Connections,
        [Mutation.TcpConnectIsSilent] = SequenceKind.Connections,
        [Mutation.TcpResetIsSilent] = SequenceKind.Connections,
        [Mutation.TcpResetIsNoBrokenPipe] = SequenceKind.Connections,
        [Mutation.TcpSpaceIsSilent] = SequenceKind.Connections,
        [Mutation.TcpListenerIsSilent] = SequenceKind.Connections,
        [Mutation.DatagramIsSilent] = SequenceKind.Datagrams,
        [Mutation.DatagramDoesNotWakeSender] = SequenceKind.Datagrams,
        [Mutation.DatagramErrorIsSilent] = SequenceKind.Datagrams,
        [Mutation.NetlinkMessageIsSilent] = SequenceKind.Datagrams,
        [Mutation.NetlinkOverrunIsSilent] = SequenceKind.Datagrams,
        [Mutation.ControlDoesNotWakeSleeper] = SequenceKind.Waiters,
        [Mutation.CallbackDoesNotWakeSleeper] = SequenceKind.Waiters,
        [Mutation.WakeForNothingEndsWait] = SequenceKind.Waiters,
        [Mutation.WakeWithoutKeyIsNotAbsorbed] = SequenceKind.Waiters,
        [Mutation.PipeCloseWakesOneExclusive] = SequenceKind.Waiters,
        [Mutation.SleeperDoesNotHoldEpoll] = SequenceKind.Waiters,
        [Mutation.TimeOverFindsNothing] = SequenceKind.LateWakes,
        [Mutation.IgnoredWakeIsAbsorbed] = SequenceKind.ExclusiveOrder,
        [Mutation.WatcherAbsorbsExclusive] = SequenceKind.ExclusiveOrder,
        [Mutation.ScanWakesOuter] = SequenceKind.NestedPruning,
        [Mutation.ReleaseComesBeforeRemoval] = SequenceKind.NestedPruning,
        [Mutation.PathsOfFileAreNotCounted] = SequenceKind.PathLimits,
        [Mutation.PendingSignalWakesAgain] = SequenceKind.Signals,
        [Mutation.ChildHoldsNoFiles] = SequenceKind.Files,
        [Mutation.BlockedReaderComesFirst] = SequenceKind.Waiters,
        [Mutation.TcpSpaceIsAlwaysAnnounced] = SequenceKind.Connections,
        [Mutation.UnixRelayIsSilent] = SequenceKind.Datagrams,
        [Mutation.UnixQueueIsUnlimited] = SequenceKind.Datagrams,
        [Mutation.UnixCloseIsSilentToSenders] = SequenceKind.Datagrams,
        [Mutation.ConnectedReceiverTakesAll] = SequenceKind.Datagrams,
    };

    /// <summary>All mistakes there are.</summary>
    public static IReadOnlyList<Mutation> All => Enum.GetValues<Mutation>()[1..];

    /// <summary>The kind of sequences in which a mistake shows.</summary>
    public static SequenceKind KindOf(Mutation mutation) => Kinds.GetValueOrDefault(mutation, SequenceKind.Random);

    /// <summary>Looks for a mistake.</summary>
    /// <returns>How many sequences it took, and what it looked like; no difference if it was not found in time.</returns>
    public static CheckSummary Find(Mutation mutation) => new DifferentialCheck
    {
        Mutation = mutation,
        Kind = KindOf(mutation),
        Sequences = SequencesMax,
        Shrinks = false,
    }.Run();

    /// <summary>Plays the sequence in which a mistake was found on the model without it. A difference there is the model's own: the
    /// mistake itself is not found.</summary>
    /// <param name="mutation">The mistake.</param>
    /// <param name="seed">The seed of that sequence.</param>
    public static CheckSummary PlayWithout(Mutation mutation, ulong seed) => new DifferentialCheck
    {
        Kind = KindOf(mutation),
        Seed = seed,
        Sequences = 1,
        Shrinks = false,
    }.Run();
}
