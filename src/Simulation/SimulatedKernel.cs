using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation;

/// <summary>A kernel in user space, on virtual time: what waits lets time pass, in no time. Equal seeds make equal runs.</summary>
/// <remarks>One process with one thread; work of threads that it starts runs while it waits.</remarks>
public sealed class SimulatedKernel : Kernel
{
    private readonly SimulatedMachine machine;
    private readonly SimulatedProcess process;
    private readonly SimulatedWaits waits;
    private readonly SimulatedSockets sockets;
    private readonly MemoryFileSystem files;
    private readonly Dictionary<int, SimulatedChild> children = [];
    private PseudoRandom random;
    private string hostName = "simulated";
    private int lastProcessId = 100;

    /// <summary>A machine that has been up for an hour.</summary>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="rules">The version of Linux; null for the latest.</param>
    public SimulatedKernel(ulong seed = 1, KernelRules? rules = null)
    {
        random = new PseudoRandom(seed);
        machine = new SimulatedMachine(rules);
        process = new SimulatedProcess(machine);
        waits = new SimulatedWaits(process);
        sockets = new SimulatedSockets(process);
        files = new MemoryFileSystem(machine);
        for (int fd = 0; fd < 3; fd++)
        {
            process.Open(new PlainFile(machine, PlainFileKind.Null));
        }
    }

    /// <inheritdoc/>
    public override int ProcessId => 100;

    /// <inheritdoc/>
    public override string HostName => hostName;

    /// <summary>Lets time pass, as if the process slept; timers go off at their instants.</summary>
    public void Advance(TimeSpan span) => machine.AdvanceTo(machine.Monotonic.Now + span);

    /// <summary>Ends a child that <see cref="Spawn"/> has started.</summary>
    public void EndChild(int processId, bool isSignalled, int code) => children[processId].End(isSignalled, code);

    /// <inheritdoc/>
    public override Instant Now(ClockId clock) => clock == ClockId.Realtime
        ? new Instant(machine.Monotonic.Now.Nanoseconds + machine.RealtimeOffset)
        : machine.Monotonic.Now;

    /// <inheritdoc/>
    public override void Random(Span<byte> destination)
    {
        foreach (ref byte octet in destination)
        {
            octet = (byte)random.NextUInt32();
        }
    }

    /// <inheritdoc/>
    public override Result Close(int fd) => process.Close(fd);

    /// <inheritdoc/>
    public override Result Read(int fd, Span<byte> destination) => process.Read(fd, destination);

    /// <inheritdoc/>
    public override Result Write(int fd, ReadOnlySpan<byte> source) => process.Write(fd, source);

    /// <inheritdoc/>
    public override Result Duplicate(int fd) => process.Duplicate(fd);

    /// <inheritdoc/>
    public override Result Pipe(Span<int> descriptors)
    {
        (PipeEnd reader, PipeEnd writer) = PipeEnd.Pair(machine);
        return process.OpenPair(reader, writer, descriptors);
    }

    /// <inheritdoc/>
    public override Result EventFd(uint initial) => process.Open(new EventCounter(machine, initial, isSemaphore: false));

    /// <inheritdoc/>
    public override Result TimerFdCreate(ClockId clock) => process.Open(new TimerFile(machine, clock));

    /// <inheritdoc/>
    public override Result TimerFdSet(int fd, Instant at, bool cancelOnSet = false) =>
        process.WithFile<TimerFile>(fd, Errno.EINVAL, timer =>
        {
            timer.Set(timer.ToMonotonic(at), 0);
            return Result.Ok();
        });

    /// <inheritdoc/>
    public override Result EpollCreate() => EpollCalls.Create(process);

    /// <inheritdoc/>
    public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
        EpollCalls.Control(process, epollFd, (int)operation, fd, (PollMask)events, data);

    /// <inheritdoc/>
    public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout) => waits.EpollWait(epollFd, events, timeout);

    /// <inheritdoc/>
    public override Result SetBusyPolling(int epollFd, BusyPolling polling) => EpollCalls.SetBusyPoll(process, epollFd, new BusyPollParameters(
        (uint)polling.Duration.TotalMicroseconds, (ushort)polling.Budget, polling.IsPreferred ? (byte)1 : (byte)0, 0));

    /// <inheritdoc/>
    public override Result GetBusyPolling(int epollFd, out BusyPolling polling)
    {
        Result result = EpollCalls.GetBusyPoll(process, epollFd, out BusyPollParameters found);
        polling = new BusyPolling(TimeSpan.FromMicroseconds(found.Microseconds), found.Budget, found.IsPreferred != 0);
        return result;
    }

    /// <inheritdoc/>
    public override Result Poll(Span<Kernels.PollEntry> entries, TimeSpan? timeout) => waits.Poll(entries, timeout);

    /// <inheritdoc/>
    public override Result Select(int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout) =>
        waits.Select(count, readable, writable, urgent, timeout);

    /// <summary>ENOSYS: this kernel has no io_uring.</summary>
    public override Result IoUringCreate(uint requests, uint completions, out IoUring? ring)
    {
        ring = null;
        return Result.Fail(Errno.ENOSYS);
    }

    /// <inheritdoc/>
    public override Result BlockSignals(ReadOnlySpan<int> signals)
    {
        process.Signals.Blocked |= SetOf(signals);
        return Result.Ok();
    }

    /// <inheritdoc/>
    public override bool IsBlockedInAllThreads(int signal) => (process.Signals.Blocked >> (signal - 1) & 1) != 0;

    /// <inheritdoc/>
    public override Result SignalFd(ReadOnlySpan<int> signals) => process.Open(new SignalFile(process, SetOf(signals)));

    /// <inheritdoc/>
    public override Result ReadSignal(int fd)
    {
        Span<byte> info = stackalloc byte[128];
        Result result = process.Read(fd, info);
        return result.IsOk ? Result.Ok(info[0]) : result;
    }

    /// <inheritdoc/>
    public override Result SendSignal(int processId, int signal)
    {
        if (processId != ProcessId)
        {
            return !children.TryGetValue(processId, out SimulatedChild? child) ? Result.Fail(Errno.ESRCH)
                : signal == 0 ? Result.Ok() : child.End(isSignalled: true, signal);
        }

        if (signal != 0)
        {
            process.Signals.Raise(signal);
        }

        return Result.Ok();
    }

    /// <summary>Starts a child that lives until <see cref="EndChild"/> or a signal.</summary>
    public override Result Spawn(SpawnRequest request)
    {
        children[++lastProcessId] = new SimulatedChild(lastProcessId);
        return Result.Ok(lastProcessId);
    }

    /// <inheritdoc/>
    public override Result PidFdOpen(int processId) => children.TryGetValue(processId, out SimulatedChild? child) && !child.IsReaped
        ? process.Open(new ProcessFile(machine, child))
        : Result.Fail(Errno.ESRCH);

    /// <inheritdoc/>
    public override Result WaitForChild(int pidFd, out ExitStatus status)
    {
        ExitStatus found = default;
        Result result = process.WithFile<ProcessFile>(pidFd, Errno.EINVAL, file => file.Child.Reap(out found));
        status = found;
        return result;
    }

    /// <inheritdoc/>
    public override Result LookAtChild(int pidFd, out ExitStatus status)
    {
        ExitStatus found = default;
        Result result = process.WithFile<ProcessFile>(pidFd, Errno.EINVAL, file => file.Child.Look(out found));
        status = found;
        return result;
    }

    /// <inheritdoc/>
    public override Result Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment) =>
        Result.Fail(files.Exists(path) ? Errno.EACCES : Errno.ENOENT);

    /// <inheritdoc/>
    public override Result SetSession() => Result.Ok(ProcessId);

    /// <inheritdoc/>
    public override Result SetTimerSlack(TimeSpan slack) => Result.Ok();

    /// <inheritdoc/>
    public override Result StartThread(string name, Action body)
    {
        waits.Enqueue(body);
        return Result.Ok();
    }

    /// <inheritdoc/>
    public override Result StartThread(string name, Func<SteppingThread, ThreadStep> step)
    {
        new SimulatedThread(waits, step).Wake();
        return Result.Ok();
    }

    /// <inheritdoc/>
    public override Result Open(string path, FileFlags flags, uint mode = 0x180) => files.Open(process, path, flags, mode);

    /// <inheritdoc/>
    public override Result Sync(int fd) => process.Files.TryGet(fd, out _) ? Result.Ok() : Result.Fail(Errno.EBADF);

    /// <inheritdoc/>
    public override Result ChangeMode(int fd, uint mode) => process.WithFile<MemoryFile>(fd, Errno.EINVAL, file =>
    {
        file.Node.Mode = mode;
        return Result.Ok();
    });

    /// <inheritdoc/>
    public override Result Rename(string from, string to) => files.Rename(from, to);

    /// <inheritdoc/>
    public override Result Unlink(string path) => files.Remove(path, isDirectory: false);

    /// <inheritdoc/>
    public override Result MakeDirectory(string path, uint mode = 0x1C0) => files.MakeDirectory(path, mode);

    /// <inheritdoc/>
    public override Result RemoveDirectory(string path) => files.Remove(path, isDirectory: true);

    /// <inheritdoc/>
    public override Result Status(string path, out FileStatus status, bool followLinks = true) => files.Status(path, out status);

    /// <inheritdoc/>
    public override Result ListDirectory(string path, ICollection<string> names) => files.List(path, names);

    /// <summary>EINVAL: no file here is a link.</summary>
    public override Result ReadLink(string path, out string target)
    {
        target = "";
        return Result.Fail(files.Exists(path) ? Errno.EINVAL : Errno.ENOENT);
    }

    /// <inheritdoc/>
    public override Result InotifyCreate() => process.Open(new NotificationQueue(machine));

    /// <summary>ENOSYS: nothing tells an inotify of this kernel's files yet.</summary>
    public override Result InotifyAdd(int fd, string path, uint mask) => Result.Fail(Errno.ENOSYS);

    /// <summary>ENOSYS, as <see cref="InotifyAdd"/>.</summary>
    public override Result InotifyRemove(int fd, int watch) => Result.Fail(Errno.ENOSYS);

    /// <inheritdoc/>
    public override Result Socket(AddressFamily family, SocketType type, int protocol) => sockets.Socket(family, type);

    /// <inheritdoc/>
    public override Result SocketPair(SocketType type, Span<int> descriptors)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.Pair(machine, type);
        return process.OpenPair(first, second, descriptors);
    }

    /// <inheritdoc/>
    public override Result Bind(int fd, in SocketAddress address) => sockets.Bind(fd, address);

    /// <inheritdoc/>
    public override Result Connect(int fd, in SocketAddress address) => sockets.Connect(fd, address);

    /// <inheritdoc/>
    public override Result Listen(int fd, int backlog) => sockets.Listen(fd, backlog);

    /// <inheritdoc/>
    public override Result Accept(int fd, out SocketAddress peer) => sockets.Accept(fd, out peer);

    /// <inheritdoc/>
    public override Result Shutdown(int fd, int how) => sockets.Shutdown(fd, how);

    /// <inheritdoc/>
    public override Result LocalAddress(int fd, out SocketAddress address) => sockets.LocalAddress(fd, out address);

    /// <inheritdoc/>
    public override Result Send(int fd, ReadOnlySpan<byte> data, int flags = 0) => sockets.Send(fd, data, flags);

    /// <inheritdoc/>
    public override Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address) =>
        sockets.SendTo(fd, data, flags, address);

    /// <inheritdoc/>
    public override Result Receive(int fd, Span<byte> data, int flags = 0) => sockets.Receive(fd, data, flags);

    /// <summary>EOPNOTSUPP: who sent a datagram is not kept yet; <see cref="Receive"/> works.</summary>
    public override Result ReceiveFrom(int fd, Span<byte> data, int flags, out SocketAddress sender)
    {
        sender = default;
        return Result.Fail(Errno.EOPNOTSUPP);
    }

    /// <summary>As <see cref="SendTo"/>; EOPNOTSUPP with control data, which is not carried yet.</summary>
    public override Result SendMessage(
        int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        control.IsEmpty ? sockets.SendTo(fd, data, flags, address) : Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>EOPNOTSUPP, as <see cref="ReceiveFrom"/>.</summary>
    public override Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        return Result.Fail(Errno.EOPNOTSUPP);
    }

    /// <inheritdoc/>
    public override Result SetSocketOption(int fd, int level, int option, ReadOnlySpan<byte> value) =>
        sockets.SetOption(fd, level, option, value);

    /// <inheritdoc/>
    public override Result GetSocketOption(int fd, int level, int option, Span<byte> value) =>
        sockets.GetOption(fd, level, option, value);

    /// <summary>EOPNOTSUPP: filters are for packet sockets, which this kernel has not.</summary>
    public override Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program) => Result.Fail(Errno.EOPNOTSUPP);

    /// <inheritdoc/>
    public override Result SetHostName(string name)
    {
        hostName = name;
        return Result.Ok();
    }

    /// <summary>ENOSYS.</summary>
    public override Result SetDomainName(string name) => Result.Fail(Errno.ENOSYS);

    /// <inheritdoc/>
    public override Result InterfaceIndex(string name) => name == "lo" ? Result.Ok(1) : Result.Fail(Errno.ENODEV);

    private static ulong SetOf(ReadOnlySpan<int> signals)
    {
        ulong set = 0;
        foreach (int signal in signals)
        {
            set |= 1ul << (signal - 1);
        }

        return set;
    }
}
