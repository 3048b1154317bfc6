using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels;

/// <summary>The running Linux, x86-64 or arm64. It has no state: any number of them are the same kernel.</summary>
/// <remarks>Not sealed: a test overrides what it wants to be otherwise, the clocks for instance.</remarks>
public class LinuxKernel : Kernel
{
    /// <inheritdoc/>
    public override int ProcessId => SystemCall.Invoke(SystemCallNumber.Getpid).Int;

    /// <inheritdoc/>
    public override bool IsForkedChild => ForkMark.IsForkedChild;

    /// <inheritdoc/>
    public override string HostName => Machine.HostName();

    /// <inheritdoc/>
    public override Instant Now(ClockId clock) => Machine.Now(clock);

    /// <inheritdoc/>
    public override void Random(Span<byte> destination) => Machine.Random(destination);

    /// <inheritdoc/>
    public override Result Close(int fd) => Descriptors.Close(fd);

    /// <inheritdoc/>
    public override Result Read(int fd, Span<byte> destination) => Descriptors.Read(fd, destination);

    /// <inheritdoc/>
    public override Result Write(int fd, ReadOnlySpan<byte> source) => Descriptors.Write(fd, source);

    /// <inheritdoc/>
    public override Result Duplicate(int fd) => Descriptors.Duplicate(fd);

    /// <inheritdoc/>
    public override Result Pipe(Span<int> descriptors) => Descriptors.Pipe(descriptors);

    /// <inheritdoc/>
    public override Result EventFd(uint initial) => Descriptors.EventFd(initial);

    /// <inheritdoc/>
    public override Result TimerFdCreate(ClockId clock) => Descriptors.TimerFdCreate(clock);

    /// <inheritdoc/>
    public override Result TimerFdSet(int fd, Instant at, bool cancelOnSet = false) =>
        Descriptors.TimerFdSet(fd, at, cancelOnSet);

    /// <inheritdoc/>
    public override Result EpollCreate() => Polling.Create();

    /// <inheritdoc/>
    public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
        Polling.Control(epollFd, operation, fd, events, data);

    /// <inheritdoc/>
    public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout) =>
        Polling.Wait(epollFd, events, timeout);

    /// <inheritdoc/>
    public override Result SetBusyPolling(int epollFd, BusyPolling polling) =>
        MultiPolling.SetBusyPolling(epollFd, polling);

    /// <inheritdoc/>
    public override Result GetBusyPolling(int epollFd, out BusyPolling polling) =>
        MultiPolling.GetBusyPolling(epollFd, out polling);

    /// <inheritdoc/>
    public override Result AttachTunnel(int fd, ref string name, TunnelKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Tunnels.Attach(fd, ref name, kind);
    }

    /// <inheritdoc/>
    public override Result PersistTunnel(int fd, bool isPersistent) => Tunnels.Persist(fd, isPersistent);

    /// <inheritdoc/>
    public override Result Poll(Span<PollEntry> entries, TimeSpan? timeout) => MultiPolling.Poll(entries, timeout);

    /// <inheritdoc/>
    public override Result Select(
        int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout) =>
        MultiPolling.Select(count, readable, writable, urgent, timeout);

    /// <inheritdoc/>
    public override Result IoUringCreate(uint requests, uint completions, out IoUring? ring) =>
        IoUring.Create(requests, completions, out ring);

    /// <inheritdoc/>
    public override Result BlockSignals(ReadOnlySpan<int> signals) =>
        Signals.BlockSignals(SignalSet.Of(signals), out _);

    /// <inheritdoc/>
    public override bool IsBlockedInAllThreads(int signal) => Signals.IsBlockedInAllThreads(signal);

    /// <inheritdoc/>
    public override Result SignalFd(ReadOnlySpan<int> signals) => Signals.SignalFd(signals);

    /// <inheritdoc/>
    public override Result ReadSignal(int fd) => Signals.ReadSignal(fd);

    /// <inheritdoc/>
    public override Result ReadSignal(int fd, out SignalInfo info) => Signals.ReadSignal(fd, out info);

    /// <inheritdoc/>
    public override object SignalledProcess => Signals.Process;

    /// <inheritdoc/>
    public override bool DiscardsExitStatus => Signals.DiscardsExitStatus();

    /// <inheritdoc/>
    public override Result SendSignal(int processId, int signal) => Signals.Send(processId, signal);

    /// <inheritdoc/>
    public override Result SendSignal(int processId, int signal, int value) => Signals.Queue(processId, signal, value);

    /// <inheritdoc/>
    public override Result SendSignalTo(int pidFd, int signal) =>
        SystemCall.Invoke(SystemCallNumber.PidfdSendSignal, pidFd, signal);

    /// <inheritdoc/>
    public override Result Spawn(SpawnRequest request) => ChildProcess.Spawn(request);

    /// <inheritdoc/>
    public override Result PidFdOpen(int processId) => Processes.PidFdOpen(processId);

    /// <inheritdoc/>
    public override Result WaitForChild(int pidFd, out ExitStatus status) =>
        Processes.WaitForChild(pidFd, out status, isLook: false);

    /// <inheritdoc/>
    public override Result LookAtChild(int pidFd, out ExitStatus status) =>
        Processes.WaitForChild(pidFd, out status, isLook: true);

    /// <inheritdoc/>
    public override Result Execute(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Processes.Execute(path, arguments, environment);

    /// <inheritdoc/>
    public override Result SetSession() => SystemCall.Invoke(SystemCallNumber.Setsid);

    /// <inheritdoc/>
    public override Result SetTimerSlack(TimeSpan slack) => Processes.SetTimerSlack(slack);

    /// <inheritdoc/>
    public override Result StartThread(string name, Action body) => Processes.StartThread(name, body);

    /// <inheritdoc/>
    public override Result StartThread(string name, Func<SteppingThread, ThreadStep> step) =>
        Processes.StartThread(name, new FutexThread(step).Run);

    /// <inheritdoc/>
    public override Result Open(string path, FileFlags flags, uint mode = 0x180) => Files.Open(path, flags, mode);

    /// <inheritdoc/>
    public override Result Sync(int fd) => SystemCall.Invoke(SystemCallNumber.Fsync, fd);

    /// <inheritdoc/>
    public override Result ChangeMode(int fd, uint mode) => SystemCall.Invoke(SystemCallNumber.Fchmod, fd, (nint)mode);

    /// <inheritdoc/>
    public override Result ChangeMode(string path, uint mode) => Files.ChangeMode(path, mode);

    /// <inheritdoc/>
    public override Result ChangeOwner(string path, uint? user, uint? group) => Files.ChangeOwner(path, user, group);

    /// <inheritdoc/>
    public override Result Rename(string from, string to) => Files.Rename(from, to);

    /// <inheritdoc/>
    public override Result Unlink(string path) => Files.Unlink(path);

    /// <inheritdoc/>
    public override Result MakeDirectory(string path, uint mode = 0x1C0) => Files.MakeDirectory(path, mode);

    /// <inheritdoc/>
    public override Result RemoveDirectory(string path) => Files.RemoveDirectory(path);

    /// <inheritdoc/>
    public override Result Status(string path, out FileStatus status, bool followLinks = true) =>
        Files.Status(path, out status, followLinks);

    /// <inheritdoc/>
    public override Result ListDirectory(string path, ICollection<string> names) => Files.ListDirectory(path, names);

    /// <inheritdoc/>
    public override Result ReadLink(string path, out string target) => Files.ReadLink(path, out target);

    /// <inheritdoc/>
    public override Result InotifyCreate() => Files.InotifyCreate();

    /// <inheritdoc/>
    public override Result InotifyAdd(int fd, string path, uint mask) => Files.InotifyAdd(fd, path, mask);

    /// <inheritdoc/>
    public override Result InotifyRemove(int fd, int watch) => Files.InotifyRemove(fd, watch);

    /// <inheritdoc/>
    public override Result Socket(AddressFamily family, SocketType type, int protocol) =>
        Sockets.Socket(family, type, protocol);

    /// <inheritdoc/>
    public override Result SocketPair(SocketType type, Span<int> descriptors) => Sockets.SocketPair(type, descriptors);

    /// <inheritdoc/>
    public override Result Bind(int fd, in SocketAddress address) => Sockets.Bind(fd, address);

    /// <inheritdoc/>
    public override Result Connect(int fd, in SocketAddress address) => Sockets.Connect(fd, address);

    /// <inheritdoc/>
    public override Result Listen(int fd, int backlog) => Sockets.Listen(fd, backlog);

    /// <inheritdoc/>
    public override Result Accept(int fd, out SocketAddress peer) => Sockets.Accept(fd, out peer);

    /// <inheritdoc/>
    public override Result Shutdown(int fd, int how) => Sockets.Shutdown(fd, how);

    /// <inheritdoc/>
    public override Result LocalAddress(int fd, out SocketAddress address) => Sockets.LocalAddress(fd, out address);

    /// <inheritdoc/>
    public override Result Send(int fd, ReadOnlySpan<byte> data, int flags = 0) => Sockets.Send(fd, data, flags);

    /// <inheritdoc/>
    public override Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address) =>
        Sockets.SendTo(fd, data, flags, address.Octets);

    /// <inheritdoc/>
    public override Result Receive(int fd, Span<byte> data, int flags = 0) => Sockets.Receive(fd, data, flags);

    /// <inheritdoc/>
    public override Result ReceiveFrom(int fd, Span<byte> data, int flags, out SocketAddress sender) =>
        Sockets.ReceiveFrom(fd, data, flags, out sender);

    /// <inheritdoc/>
    public override Result SendMessage(
        int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        Sockets.SendMessage(fd, data, control, flags, address.Octets);

    /// <inheritdoc/>
    public override Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength) =>
        Sockets.ReceiveMessage(fd, data, control, ref flags, out sender, out controlLength);

    /// <inheritdoc/>
    public override Result SetSocketOption(int fd, int level, int option, ReadOnlySpan<byte> value) =>
        Sockets.SetOption(fd, level, option, value);

    /// <inheritdoc/>
    public override Result GetSocketOption(int fd, int level, int option, Span<byte> value) =>
        Sockets.GetOption(fd, level, option, value);

    /// <inheritdoc/>
    public override Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program) =>
        Sockets.AttachFilter(fd, program);

    /// <inheritdoc/>
    public override Result SetHostName(string name) => Machine.SetName(SystemCallNumber.Sethostname, name);

    /// <inheritdoc/>
    public override Result SetDomainName(string name) => Machine.SetName(SystemCallNumber.Setdomainname, name);

    /// <inheritdoc/>
    public override Result InterfaceIndex(string name) => Machine.InterfaceIndex(name);

    /// <inheritdoc/>
    public override Result RaiseDescriptorLimit() => Descriptors.RaiseLimit();

    /// <inheritdoc/>
    public override Result ReleaseCleanPages() => CleanPages.Release();
}
