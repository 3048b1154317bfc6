using System;
using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>What kind of sequences a check plays.</summary>
public enum SequenceKind
{
    /// <summary>Random steps of all kinds but signals.</summary>
    Random,

    /// <summary>Signals among them. Every signal of the process wakes every signalfd, the runtime's own signals too: a
    /// difference that is not there the next time is theirs.</summary>
    Signals,

    /// <summary>Epolls over epolls, up to the limits of paths and depth.</summary>
    PathLimits,

    /// <summary>The order in which several epolls learn of one file.</summary>
    ExclusiveOrder,

    /// <summary>Pipes of one or two slots, full and nearly so.</summary>
    FullRings,

    /// <summary>One-shot registrations, armed and disarmed.</summary>
    DisarmedOneShots,

    /// <summary>Epolls that look at epolls.</summary>
    NestedPruning,

    /// <summary>Things that happen while a wait stands still in the middle of its scan. The running kernel lets it (userfaultfd)
    /// for CAP_SYS_PTRACE, or for all where <c>vm.unprivileged_userfaultfd</c> is 1.</summary>
    HeldScans,

    /// <summary>Threads that sleep in epoll_wait while things happen.</summary>
    Waiters,

    /// <summary>Threads that sleep in epoll_wait and run only when their time is over, woken before or not. The running kernel lets
    /// them come late for CAP_SYS_NICE; each takes a fifth of a second.</summary>
    LateWakes,

    /// <summary>UDP and netlink sockets; and in every second sequence unix datagram sockets.</summary>
    Datagrams,

    /// <summary>TCP over the loopback, which needs a moment after each step: slow.</summary>
    Connections,

    /// <summary>Inotify, children, FIFOs and timers that go off later, which make the running machine work and wait: slow.</summary>
    Files,
}

/// <summary>The sequence of a kind and a seed.</summary>
internal static class SequencesOf
{
    public static IReadOnlyList<ScriptStep> Seed(SequenceKind kind, ulong seed) => kind switch
    {
        SequenceKind.Random => SequenceGenerator.Generate(seed, hasSignals: false),
        SequenceKind.Signals => SequenceGenerator.Generate(seed, hasSignals: true),
        SequenceKind.Waiters => WaiterGenerator.Generate(seed),
        SequenceKind.LateWakes => LateGenerator.Generate(seed),
        SequenceKind.Datagrams when seed % 2 == 0 => UnixDatagramGenerator.Generate(seed),
        SequenceKind.Datagrams => SocketGenerator.Generate(seed, isTcp: false),
        SequenceKind.Connections => SocketGenerator.Generate(seed, isTcp: true),
        SequenceKind.Files => FileGenerator.Generate(seed),
        _ => DirectedGenerator.Generate(kind, seed),
    };
}
