using Spindle.Kernels;

namespace Spindle.Simulation.Faults;

/// <summary>The calls of <see cref="Kernel"/> that can fail, by the names of its members.</summary>
public enum SystemCall
{
    /// <summary><see cref="Kernel.Close"/>.</summary>
    Close,

    /// <summary><see cref="Kernel.Read"/>, and of a signalfd.</summary>
    Read,

    /// <summary><see cref="Kernel.Write"/>.</summary>
    Write,

    /// <summary><see cref="Kernel.Duplicate"/>.</summary>
    Duplicate,

    /// <summary><see cref="Kernel.Pipe"/>.</summary>
    Pipe,

    /// <summary><see cref="Kernel.EventFd"/>.</summary>
    EventFd,

    /// <summary><see cref="Kernel.TimerFdCreate"/>.</summary>
    TimerFdCreate,

    /// <summary><see cref="Kernel.TimerFdSet"/>.</summary>
    TimerFdSet,

    /// <summary><see cref="Kernel.EpollCreate"/>.</summary>
    EpollCreate,

    /// <summary><see cref="Kernel.EpollControl"/> with <see cref="EpollOperation.Add"/>.</summary>
    EpollAdd,

    /// <summary><see cref="Kernel.EpollControl"/> with any other operation.</summary>
    EpollChange,

    /// <summary><see cref="Kernel.EpollWait"/>.</summary>
    EpollWait,

    /// <summary><see cref="Kernel.Poll"/>.</summary>
    Poll,

    /// <summary><see cref="Kernel.Select"/>.</summary>
    Select,

    /// <summary><see cref="Kernel.SignalFd"/>.</summary>
    SignalFd,

    /// <summary><see cref="Kernel.SendSignal(int, int)"/> and its like.</summary>
    SendSignal,

    /// <summary><see cref="Kernel.Spawn"/>.</summary>
    Spawn,

    /// <summary><see cref="Kernel.PidFdOpen"/>.</summary>
    PidFdOpen,

    /// <summary><see cref="Kernel.WaitForChild"/>.</summary>
    WaitForChild,

    /// <summary><see cref="Kernel.Execute"/>.</summary>
    Execute,

    /// <summary>Starting a thread of either kind.</summary>
    StartThread,

    /// <summary><see cref="Kernel.Open"/>.</summary>
    Open,

    /// <summary><see cref="Kernel.Sync"/>.</summary>
    Sync,

    /// <summary><see cref="Kernel.ChangeMode(int, uint)"/>, and by a path; also the owner by a path.</summary>
    ChangeMode,

    /// <summary><see cref="Kernel.Rename"/>.</summary>
    Rename,

    /// <summary><see cref="Kernel.Unlink"/>.</summary>
    Unlink,

    /// <summary><see cref="Kernel.MakeDirectory"/>.</summary>
    MakeDirectory,

    /// <summary><see cref="Kernel.RemoveDirectory"/>.</summary>
    RemoveDirectory,

    /// <summary><see cref="Kernel.Status"/>.</summary>
    Status,

    /// <summary><see cref="Kernel.ListDirectory"/>.</summary>
    ListDirectory,

    /// <summary><see cref="Kernel.ReadLink"/>.</summary>
    ReadLink,

    /// <summary><see cref="Kernel.InotifyCreate"/>.</summary>
    InotifyCreate,

    /// <summary><see cref="Kernel.InotifyAdd"/>.</summary>
    InotifyAdd,

    /// <summary><see cref="Kernel.InotifyRemove"/>.</summary>
    InotifyRemove,

    /// <summary><see cref="Kernel.Socket"/>.</summary>
    Socket,

    /// <summary><see cref="Kernel.SocketPair"/>.</summary>
    SocketPair,

    /// <summary><see cref="Kernel.Bind"/>.</summary>
    Bind,

    /// <summary><see cref="Kernel.Connect"/>.</summary>
    Connect,

    /// <summary><see cref="Kernel.Listen"/>.</summary>
    Listen,

    /// <summary><see cref="Kernel.Accept"/>.</summary>
    Accept,

    /// <summary><see cref="Kernel.Shutdown"/>.</summary>
    Shutdown,

    /// <summary><see cref="Kernel.LocalAddress"/>.</summary>
    LocalAddress,

    /// <summary>Sending on a socket, in any way.</summary>
    Send,

    /// <summary>Receiving on a socket, in any way.</summary>
    Receive,

    /// <summary>Setting a socket's option, or its filter.</summary>
    SetSocketOption,

    /// <summary><see cref="Kernel.GetSocketOption"/>.</summary>
    GetSocketOption,

    /// <summary><see cref="Kernel.SetHostName"/> and <see cref="Kernel.SetDomainName"/>.</summary>
    SetName,

    /// <summary><see cref="Kernel.InterfaceIndex"/>.</summary>
    InterfaceIndex,

    /// <summary>All others: they never fail here.</summary>
    Other,
}
