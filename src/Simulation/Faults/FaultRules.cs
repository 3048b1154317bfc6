using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Faults;

/// <summary>Which errors a call may meet that are not its caller's doing (the ERRORS sections of its manual page).</summary>
public static class FaultRules
{
    private static readonly (FaultKind, Errno)[] Descriptor =
        [(FaultKind.NoDescriptor, Errno.EMFILE), (FaultKind.NoDescriptor, Errno.ENFILE), (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] SocketDescriptor = [.. Descriptor, (FaultKind.NoBuffer, Errno.ENOBUFS)];

    private static readonly (FaultKind, Errno)[] Disk =
        [(FaultKind.NoSpace, Errno.ENOSPC), (FaultKind.DiskError, Errno.EIO)];

    private static readonly (FaultKind, Errno)[] DiskName = [.. Disk, (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] Watch =
        [(FaultKind.NoSpace, Errno.ENOSPC), (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] Memory = [(FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] Sleep = [(FaultKind.Interrupted, Errno.EINTR)];

    private static readonly (FaultKind, Errno)[] OpenErrors = [.. Descriptor, .. Disk];

    private static readonly (FaultKind, Errno)[] AcceptErrors = [.. SocketDescriptor, (FaultKind.Aborted, Errno.ECONNABORTED)];

    private static readonly (FaultKind, Errno)[] PollErrors = [.. Sleep, .. Memory];

    private static readonly (FaultKind, Errno)[] ReadErrors = [(FaultKind.TryAgain, Errno.EAGAIN), (FaultKind.DiskError, Errno.EIO)];

    private static readonly (FaultKind, Errno)[] WriteErrors = [(FaultKind.TryAgain, Errno.EAGAIN), .. Disk];

    private static readonly (FaultKind, Errno)[] SendErrors =
        [(FaultKind.TryAgain, Errno.EAGAIN), (FaultKind.NoBuffer, Errno.ENOBUFS), (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] ReceiveErrors = [(FaultKind.TryAgain, Errno.EAGAIN), (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] SpawnErrors = [(FaultKind.NoProcess, Errno.EAGAIN), (FaultKind.NoMemory, Errno.ENOMEM)];

    private static readonly (FaultKind, Errno)[] ConnectErrors = [(FaultKind.NoMemory, Errno.ENOMEM), (FaultKind.NoBuffer, Errno.ENOBUFS)];

    /// <summary>The errors of a call, with the kind that they are of. What depends on the arguments is looked at when it strikes.</summary>
    public static ReadOnlySpan<(FaultKind Kind, Errno Error)> Of(SystemCall call) => call switch
    {
        SystemCall.Pipe or SystemCall.EventFd or SystemCall.TimerFdCreate or SystemCall.EpollCreate or SystemCall.SignalFd
            or SystemCall.InotifyCreate or SystemCall.PidFdOpen => Descriptor,
        SystemCall.Open => OpenErrors,
        SystemCall.Duplicate => Descriptor.AsSpan(0, 1),
        SystemCall.Socket or SystemCall.SocketPair => SocketDescriptor,
        SystemCall.Accept => AcceptErrors,
        SystemCall.EpollAdd or SystemCall.InotifyAdd => Watch,
        SystemCall.EpollWait => Sleep,
        SystemCall.Poll or SystemCall.Select => PollErrors,
        SystemCall.Read => ReadErrors,
        SystemCall.Write => WriteErrors,
        SystemCall.Send => SendErrors,
        SystemCall.Receive => ReceiveErrors,
        SystemCall.Sync => Disk,
        SystemCall.Rename or SystemCall.Unlink or SystemCall.MakeDirectory or SystemCall.RemoveDirectory
            or SystemCall.ChangeMode => DiskName,
        SystemCall.Status or SystemCall.ListDirectory or SystemCall.ReadLink or SystemCall.SetSocketOption => Memory,
        SystemCall.Spawn => SpawnErrors,
        SystemCall.StartThread => SpawnErrors.AsSpan(0, 1),
        SystemCall.Execute => Memory,
        SystemCall.Connect => ConnectErrors,
        SystemCall.Bind => Memory,
        SystemCall.Close or SystemCall.TimerFdSet or SystemCall.EpollChange or SystemCall.SendSignal or SystemCall.WaitForChild
            or SystemCall.InotifyRemove or SystemCall.Listen or SystemCall.Shutdown or SystemCall.LocalAddress
            or SystemCall.GetSocketOption or SystemCall.SetName or SystemCall.InterfaceIndex or SystemCall.Other => [],
    };
}
