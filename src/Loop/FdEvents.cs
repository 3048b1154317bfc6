using System;

namespace Spindle.Loop;

/// <summary>What a descriptor is watched for, and what it turned out to be (the <c>EPOLL*</c> bits, <c>man 2 epoll_ctl</c>).</summary>
[Flags]
public enum FdEvents : uint
{
    /// <summary>Nothing: the descriptor is not watched at all, not even for errors.</summary>
    None = 0,

    /// <summary>Can be read without waiting; also at the end of the stream, and a listener with a connection to accept.</summary>
    Readable = 0x1,

    /// <summary>Has urgent data.</summary>
    Priority = 0x2,

    /// <summary>Can be written without waiting.</summary>
    Writable = 0x4,

    /// <summary>Has an error to fetch. Always told, never asked for.</summary>
    Error = 0x8,

    /// <summary>Both directions are closed. Always told, never asked for.</summary>
    HangUp = 0x10,

    /// <summary>The peer closed its writing direction.</summary>
    ReadHangUp = 0x2000,
}
