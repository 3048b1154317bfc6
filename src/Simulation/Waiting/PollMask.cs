using System;

namespace Spindle.Simulation.Waiting;

/// <summary>What a file is ready for, what one waits for, and the key of a wake: the <c>EPOLL*</c> bits, the same numbers as
/// <c>POLL*</c> (<c>man 2 epoll_ctl</c>, <c>man 2 poll</c>). As the key of a wake, none means "unknown" and passes every filter.</summary>
[Flags]
internal enum PollMask : uint
{
    None = 0,
    In = 0x1,
    Priority = 0x2,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    Invalid = 0x20,
    ReadNormal = 0x40,
    ReadBand = 0x80,
    WriteNormal = 0x100,
    WriteBand = 0x200,
    Message = 0x400,
    ReadHangUp = 0x2000,

    // How an epoll registration behaves: bits that no file ever reports.
    Exclusive = 1u << 28,
    WakeUp = 1u << 29,
    OneShot = 1u << 30,
    EdgeTriggered = 1u << 31,
    Private = Exclusive | WakeUp | OneShot | EdgeTriggered,

    // Reported without being asked for.
    Unasked = Error | HangUp,

    // What files without a poll function are for poll and select, and the mask of a ready epoll.
    AlwaysReady = In | Out | ReadNormal | WriteNormal,
    ReadyEpoll = In | ReadNormal,

    // Keys of the wakes that sockets and pipes send.
    SocketData = In | Priority | ReadNormal | ReadBand,
    SocketSpace = Out | WriteNormal | WriteBand,
    PipeData = In | ReadNormal,
    PipeSpace = Out | WriteNormal,
}
