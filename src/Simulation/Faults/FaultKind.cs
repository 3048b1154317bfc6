namespace Spindle.Simulation.Faults;

/// <summary>What may go wrong with a system call for reasons of its own, at any time and legally.</summary>
public enum FaultKind
{
    /// <summary>A wait that could sleep ends with EINTR.</summary>
    Interrupted,

    /// <summary>A read or write of a stream takes fewer octets than it could; a wake says later that there is more.</summary>
    ShortCount,

    /// <summary>A read or write that would have succeeded says EAGAIN; a wake says later that it may be tried again.</summary>
    TryAgain,

    /// <summary>No more descriptors: EMFILE of the process, ENFILE of the system.</summary>
    NoDescriptor,

    /// <summary>ENOMEM.</summary>
    NoMemory,

    /// <summary>ENOBUFS, of sockets.</summary>
    NoBuffer,

    /// <summary>ENOSPC: the disk is full, or there are too many watches.</summary>
    NoSpace,

    /// <summary>EIO of the disk.</summary>
    DiskError,

    /// <summary>EAGAIN where a process or thread is to be started.</summary>
    NoProcess,

    /// <summary>ECONNABORTED of accept: who wanted to connect is gone again.</summary>
    Aborted,
}
