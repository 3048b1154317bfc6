using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;
using Spindle.Simulation.World;

namespace Spindle.Simulation;

/// <summary>A kernel in user space, on virtual time, as one process of a <see cref="SimulatedMachine"/> sees it: what waits lets time pass, in
/// no time. Equal seeds make equal runs.</summary>
/// <remarks>The process has one thread; work of threads that it starts runs on it, at moments drawn from the choices.</remarks>
public sealed class SimulatedKernel : Kernel
{
    private readonly SimulatedProcess process;
    private readonly SimulatedWaits waits;
    private readonly SimulatedSockets sockets;
    private readonly SimulatedChildren children;
    private readonly Choices random;

    /// <summary>The one process of a machine of its own, which has been up for an hour.</summary>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="rules">The version of Linux; null for the latest.</param>
    public SimulatedKernel(ulong seed = 1, KernelRules? rules = null)
        : this(new SimulatedMachine(seed, rules))
    {
    }

    internal SimulatedKernel(SimulatedMachine machine, uint user = 0)
    {
        if (!machine.IsOn)
        {
            throw new InvalidOperationException("The machine is off.");
        }

        Machine = machine;
        process = new SimulatedProcess(machine, user) { ProcessId = machine.NextProcessId() };
        machine.Join(process);
        machine.BeginNetwork();
        Faults = process.Faults = new FaultPlan(process);
        random = machine.Choices.Fork("random");
        waits = new SimulatedWaits(process);
        sockets = new SimulatedSockets(process);
        children = new SimulatedChildren(process);
        for (int fd = 0; fd < 3; fd++)
        {
            process.Open(new PlainFile(machine, PlainFileKind.Null));
        }
    }

    /// <summary>The machine that the process runs on.</summary>
    public SimulatedMachine Machine { get; }

    /// <summary>Permission bits that files made from now on do not get (umask); 022 at first.</summary>
    public uint FileModeMask
    {
        get => process.FileModeMask;
        set => process.FileModeMask = value;
    }

    /// <summary>What goes wrong with its system calls.</summary>
    public FaultPlan Faults { get; }

    /// <summary>False once it was killed, or the machine has lost power.</summary>
    public bool IsAlive => process.IsAlive;

    /// <summary>How many descriptors it has open.</summary>
    public int DescriptorCount => process.Files.Count;

    /// <summary>How many descriptors it may have (RLIMIT_NOFILE).</summary>
    public int DescriptorMax
    {
        get => process.Files.Limit;
        set => process.Files.Limit = value;
    }

    /// <summary>The user that it runs as: 0, root, until it is told otherwise. Peers see it of who connects from then on (SO_PEERCRED).</summary>
    public uint User
    {
        get => process.User;
        set => process.User = value;
    }

    /// <summary>How long it takes to read a clock, and to begin a wait. Zero: no time at all, so that nothing ever happens but while the process
    /// waits; who looks at a clock until it is late then looks for ever.</summary>
    public TimeSpan CallTime { get; set; }

    /// <inheritdoc/>
    public override int ProcessId => process.ProcessId;

    /// <inheritdoc/>
    public override string HostName => Machine.HostName;

    /// <summary>Lets time pass, as if the process slept; timers go off at their instants.</summary>
    public void Advance(TimeSpan span) => Machine.Advance(span);

    /// <summary>Ends the process as SIGKILL does: its descriptors are closed, and what it did to the machine stays. Its code notices with its
    /// next wait (<see cref="ProcessEndedException"/>); whatever it calls until then fails.</summary>
    public void Kill()
    {
        if (process.IsAlive)
        {
            process.Kill();
            Machine.Settle();
        }
    }

    /// <summary>Ends a child that <see cref="Spawn"/> has started.</summary>
    public void EndChild(int processId, bool isSignalled, int code) => children.End(processId, isSignalled, code);

    /// <inheritdoc/>
    public override Instant Now(ClockId clock)
    {
        Machine.Clocks.Pass(CallTime);
        return clock switch
        {
            ClockId.Realtime => new Instant(Machine.RealtimeNow),
            ClockId.Boottime => new Instant(Machine.Monotonic.Now.Nanoseconds + Machine.Clocks.BootOffset),
            ClockId.Monotonic or ClockId.ProcessCpuTime => Machine.Monotonic.Now,
        };
    }

    /// <inheritdoc/>
    public override void Random(Span<byte> destination)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        for (int index = 0; index < destination.Length; index += drawn.Length)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(drawn, random.NextUInt64());
            drawn[..Math.Min(drawn.Length, destination.Length - index)].CopyTo(destination[index..]);
        }
    }

    /// <inheritdoc/>
    public override Result Close(int fd) =>
        Faults.Fails(SystemCall.Close, fd, out Result failed) ? failed : process.Close(fd);

    /// <inheritdoc/>
    public override Result Read(int fd, Span<byte> destination) =>
        Faults.Fails(SystemCall.Read, fd, out Result failed) ? failed : process.Read(fd, destination[..Faults.Shorten(fd, destination.Length)]);

    /// <inheritdoc/>
    public override Result Write(int fd, ReadOnlySpan<byte> source) =>
        Faults.Fails(SystemCall.Write, fd, out Result failed) ? failed : process.Write(fd, source[..Faults.Shorten(fd, source.Length)]);

    /// <inheritdoc/>
    public override Result Duplicate(int fd) =>
        Faults.Fails(SystemCall.Duplicate, out Result failed) ? failed : process.Duplicate(fd);

    /// <inheritdoc/>
    public override Result Pipe(Span<int> descriptors)
    {
        if (Faults.Fails(SystemCall.Pipe, out Result failed))
        {
            return failed;
        }

        (PipeEnd reader, PipeEnd writer) = PipeEnd.Pair(Machine);
        return process.OpenPair(reader, writer, descriptors);
    }

    /// <inheritdoc/>
    public override Result EventFd(uint initial) =>
        Faults.Fails(SystemCall.EventFd, out Result failed) ? failed : process.Open(new EventCounter(Machine, initial, isSemaphore: false));

    /// <inheritdoc/>
    public override Result TimerFdCreate(ClockId clock) =>
        Faults.Fails(SystemCall.TimerFdCreate, out Result failed) ? failed : process.Open(new TimerFile(Machine, clock));

    /// <inheritdoc/>
    public override Result TimerFdSet(int fd, Instant at, bool cancelOnSet = false) =>
        Faults.Fails(SystemCall.TimerFdSet, out Result failed) ? failed
            : !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is TimerFile timer ? timer.Set(at, 0, cancelOnSet) : Result.Fail(Errno.EINVAL);

    /// <inheritdoc/>
    public override Result EpollCreate() =>
        Faults.Fails(SystemCall.EpollCreate, out Result failed) ? failed : EpollCalls.Create(process);

    /// <inheritdoc/>
    public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
        Faults.Fails(operation == EpollOperation.Add ? SystemCall.EpollAdd : SystemCall.EpollChange, out Result failed) ? failed
            : EpollCalls.Control(process, epollFd, (int)operation, fd, (PollMask)events, data);

    /// <inheritdoc/>
    public override Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout) =>
        MayWait(SystemCall.EpollWait, timeout, out Result failed) ? waits.EpollWait(epollFd, events, timeout) : failed;

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
    public override Result AttachTunnel(int fd, ref string name, TunnelKind kind) => !process.Files.TryGet(fd, out OpenFile? file)
        ? Result.Fail(Errno.EBADF) : file is TunnelFile tunnel ? tunnel.Attach(process, ref name, kind) : Result.Fail(Errno.ENOTTY);

    /// <inheritdoc/>
    public override Result PersistTunnel(int fd, bool isPersistent) => !process.Files.TryGet(fd, out OpenFile? file)
        ? Result.Fail(Errno.EBADF) : file is TunnelFile tunnel ? tunnel.Persist(isPersistent) : Result.Fail(Errno.ENOTTY);

    /// <inheritdoc/>
    public override Result Poll(Span<Kernels.PollEntry> entries, TimeSpan? timeout) =>
        MayWait(SystemCall.Poll, timeout, out Result failed) ? waits.Poll(entries, timeout) : failed;

    /// <inheritdoc/>
    public override Result Select(int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout) =>
        MayWait(SystemCall.Select, timeout, out Result failed) ? waits.Select(count, readable, writable, urgent, timeout) : failed;

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
    public override Result SignalFd(ReadOnlySpan<int> signals) =>
        Faults.Fails(SystemCall.SignalFd, out Result failed) ? failed : process.Open(new SignalFile(process, SetOf(signals)));

    /// <inheritdoc/>
    public override Result ReadSignal(int fd) => ReadSignal(fd, out _);

    /// <inheritdoc/>
    public override Result ReadSignal(int fd, out SignalInfo info)
    {
        Span<byte> octets = stackalloc byte[128];
        Result result = Read(fd, octets);
        info = !result.IsOk ? default : new SignalInfo(
            BinaryPrimitives.ReadInt32LittleEndian(octets),
            BinaryPrimitives.ReadInt32LittleEndian(octets[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(octets[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(octets[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(octets[44..]));
        return result.IsOk ? Result.Ok(info.Signal) : result;
    }

    /// <inheritdoc/>
    public override Result SendSignal(int processId, int signal) =>
        Faults.Fails(SystemCall.SendSignal, out Result failed) ? failed : children.Send(processId, signal);

    /// <inheritdoc/>
    public override Result SendSignal(int processId, int signal, int value) =>
        Faults.Fails(SystemCall.SendSignal, out Result failed) ? failed : children.Send(processId, signal, value);

    /// <inheritdoc/>
    public override Result SendSignalTo(int pidFd, int signal) => Faults.Fails(SystemCall.SendSignal, out Result failed) ? failed
        : process.WithFile<ProcessFile>(pidFd, Errno.EBADF, file => children.Send(file, signal));

    /// <summary>Starts a child that lives until <see cref="EndChild"/> or a signal.</summary>
    public override Result Spawn(SpawnRequest request) => Faults.Fails(SystemCall.Spawn, out Result failed) ? failed : children.Start();

    /// <inheritdoc/>
    public override Result PidFdOpen(int processId) =>
        Faults.Fails(SystemCall.PidFdOpen, out Result failed) ? failed : children.OpenPidFd(processId);

    /// <inheritdoc/>
    public override Result WaitForChild(int pidFd, out ExitStatus status)
    {
        ExitStatus found = default;
        Result result = Faults.Fails(SystemCall.WaitForChild, out Result failed) ? failed
            : process.WithFile<ProcessFile>(pidFd, Errno.EINVAL, file => file.Child.Reap(out found));
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
        Faults.Fails(SystemCall.Execute, out Result failed) ? failed
            : Result.Fail(Machine.Files.Find(path) is { Error: Errno.None, Node: not null } ? Errno.EACCES : Errno.ENOENT);

    /// <inheritdoc/>
    public override Result SetSession() => Result.Ok(ProcessId);

    /// <inheritdoc/>
    public override Result SetTimerSlack(TimeSpan slack) => Result.Ok();

    /// <summary>The body runs once, as a whole, while the process waits: it must not wait for another thread.</summary>
    public override Result StartThread(string name, Action body)
    {
        if (Faults.Fails(SystemCall.StartThread, out Result failed))
        {
            return failed;
        }

        waits.Enqueue(body);
        return Result.Ok();
    }

    /// <inheritdoc/>
    public override Result StartThread(string name, Func<SteppingThread, ThreadStep> step)
    {
        if (Faults.Fails(SystemCall.StartThread, out Result failed))
        {
            return failed;
        }

        new SimulatedThread(waits, step).Wake();
        return Result.Ok();
    }

    /// <inheritdoc/>
    public override Result Open(string path, FileFlags flags, uint mode = 0x180) =>
        Faults.Fails(SystemCall.Open, out Result failed) ? failed : Machine.Files.Open(process, path, flags, mode);

    /// <inheritdoc/>
    public override Result Sync(int fd) => Faults.Fails(SystemCall.Sync, fd, out Result failed) ? failed
        : process.WithFile<MemoryFile>(fd, Errno.EINVAL, file => Machine.Sync(file.Node));

    /// <inheritdoc/>
    public override Result ChangeMode(int fd, uint mode) => Faults.Fails(SystemCall.ChangeMode, out Result failed) ? failed
        : !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
        : file is MemoryFile found ? MemoryFileSystem.ChangeMode(found.Node, mode) : Result.Fail(Errno.EINVAL);

    /// <inheritdoc/>
    public override Result ChangeMode(string path, uint mode) => Faults.Fails(SystemCall.ChangeMode, out Result failed) ? failed
        : Machine.Files.ChangeMode(path, mode);

    /// <inheritdoc/>
    public override Result ChangeOwner(string path, uint? user, uint? group) => Faults.Fails(SystemCall.ChangeMode, out Result failed)
        ? failed : Machine.Files.Status(path, out _, followLinks: false);

    /// <inheritdoc/>
    public override Result Rename(string from, string to) =>
        Faults.Fails(SystemCall.Rename, out Result failed) ? failed : Machine.Files.Rename(from, to);

    /// <inheritdoc/>
    public override Result Unlink(string path) =>
        Faults.Fails(SystemCall.Unlink, out Result failed) ? failed : Machine.Files.Remove(path, isDirectory: false);

    /// <inheritdoc/>
    public override Result MakeDirectory(string path, uint mode = 0x1C0) => Faults.Fails(SystemCall.MakeDirectory, out Result failed)
        ? failed : Machine.Files.MakeDirectory(path, mode & ~process.FileModeMask);

    /// <inheritdoc/>
    public override Result RemoveDirectory(string path) =>
        Faults.Fails(SystemCall.RemoveDirectory, out Result failed) ? failed : Machine.Files.Remove(path, isDirectory: true);

    /// <inheritdoc/>
    public override Result Status(string path, out FileStatus status, bool followLinks = true)
    {
        status = default;
        return Faults.Fails(SystemCall.Status, out Result failed) ? failed : Machine.Files.Status(path, out status, followLinks);
    }

    /// <inheritdoc/>
    public override Result ListDirectory(string path, ICollection<string> names) =>
        Faults.Fails(SystemCall.ListDirectory, out Result failed) ? failed : Machine.Files.List(path, names);

    /// <inheritdoc/>
    public override Result ReadLink(string path, out string target)
    {
        target = "";
        return Faults.Fails(SystemCall.ReadLink, out Result failed) ? failed : Machine.Files.ReadLink(path, out target);
    }

    /// <inheritdoc/>
    public override Result InotifyCreate() =>
        Faults.Fails(SystemCall.InotifyCreate, out Result failed) ? failed : process.Open(new NotificationQueue(Machine));

    /// <inheritdoc/>
    public override Result InotifyAdd(int fd, string path, uint mask) =>
        Faults.Fails(SystemCall.InotifyAdd, out Result failed) ? failed : Machine.Files.Watch(process, fd, path, (Happening)mask);

    /// <inheritdoc/>
    public override Result InotifyRemove(int fd, int watch) => Faults.Fails(SystemCall.InotifyRemove, out Result failed) ? failed
        : process.WithFile<NotificationQueue>(fd, Errno.EINVAL, file => file.Unwatch(watch));

    /// <inheritdoc/>
    public override Result Socket(AddressFamily family, SocketType type, int protocol) =>
        Faults.Fails(SystemCall.Socket, out Result failed) ? failed : sockets.Socket(family, type, protocol);

    /// <inheritdoc/>
    public override Result SocketPair(SocketType type, Span<int> descriptors)
    {
        if (Faults.Fails(SystemCall.SocketPair, out Result failed))
        {
            return failed;
        }

        (UnixSocket first, UnixSocket second) = UnixSocket.Pair(Machine, type);
        return process.OpenPair(first, second, descriptors);
    }

    /// <inheritdoc/>
    public override Result Bind(int fd, in SocketAddress address) =>
        Faults.Fails(SystemCall.Bind, out Result failed) ? failed : sockets.Bind(fd, address);

    /// <inheritdoc/>
    public override Result Connect(int fd, in SocketAddress address) =>
        Faults.Fails(SystemCall.Connect, out Result failed) ? failed : sockets.Connect(fd, address);

    /// <inheritdoc/>
    public override Result Listen(int fd, int backlog) =>
        Faults.Fails(SystemCall.Listen, out Result failed) ? failed : sockets.Listen(fd, backlog);

    /// <inheritdoc/>
    public override Result Accept(int fd, out SocketAddress peer)
    {
        peer = default;
        return Faults.Fails(SystemCall.Accept, out Result failed) ? failed : sockets.Accept(fd, out peer);
    }

    /// <inheritdoc/>
    public override Result Shutdown(int fd, int how) =>
        Faults.Fails(SystemCall.Shutdown, out Result failed) ? failed : sockets.Shutdown(fd, how);

    /// <inheritdoc/>
    public override Result LocalAddress(int fd, out SocketAddress address)
    {
        address = default;
        return Faults.Fails(SystemCall.LocalAddress, out Result failed) ? failed : sockets.LocalAddress(fd, out address);
    }

    /// <inheritdoc/>
    public override Result Send(int fd, ReadOnlySpan<byte> data, int flags = 0) => Faults.Fails(SystemCall.Send, fd, out Result failed)
        ? failed : sockets.Send(fd, data[..Faults.Shorten(fd, data.Length)], flags);

    /// <inheritdoc/>
    public override Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address) =>
        Faults.Fails(SystemCall.Send, fd, out Result failed) ? failed : sockets.SendTo(fd, data, flags, address);

    /// <inheritdoc/>
    public override Result Receive(int fd, Span<byte> data, int flags = 0) => Faults.Fails(SystemCall.Receive, fd, out Result failed)
        ? failed : sockets.Receive(fd, data[..Faults.Shorten(fd, data.Length)], flags);

    /// <inheritdoc/>
    public override Result ReceiveFrom(int fd, Span<byte> data, int flags, out SocketAddress sender)
    {
        sender = default;
        return Faults.Fails(SystemCall.Receive, fd, out Result failed) ? failed
            : sockets.ReceiveMessage(fd, data[..Faults.Shorten(fd, data.Length)], default, ref flags, out sender, out _);
    }

    /// <inheritdoc/>
    public override Result SendMessage(
        int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address) =>
        Faults.Fails(SystemCall.Send, fd, out Result failed) ? failed : sockets.SendMessage(fd, data, control, flags, address);

    /// <inheritdoc/>
    public override Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        return Faults.Fails(SystemCall.Receive, fd, out Result failed) ? failed
            : sockets.ReceiveMessage(fd, data, control, ref flags, out sender, out controlLength);
    }

    /// <inheritdoc/>
    public override Result SetSocketOption(int fd, int level, int option, ReadOnlySpan<byte> value) =>
        Faults.Fails(SystemCall.SetSocketOption, out Result failed) ? failed : sockets.SetOption(fd, level, option, value);

    /// <inheritdoc/>
    public override Result RaiseDescriptorLimit() => Result.Ok(DescriptorMax);

    /// <inheritdoc/>
    public override Result GetSocketOption(int fd, int level, int option, Span<byte> value) =>
        Faults.Fails(SystemCall.GetSocketOption, out Result failed) ? failed : sockets.GetOption(fd, level, option, value);

    /// <inheritdoc/>
    public override Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program) =>
        Faults.Fails(SystemCall.SetSocketOption, out Result failed) ? failed : sockets.AttachFilter(fd, program);

    /// <inheritdoc/>
    public override Result SetHostName(string name)
    {
        Result result = NameChange(name);
        Machine.HostName = result.IsOk ? name : Machine.HostName;
        return result;
    }

    /// <inheritdoc/>
    public override Result SetDomainName(string name)
    {
        Result result = NameChange(name);
        Machine.DomainName = result.IsOk ? name : Machine.DomainName;
        return result;
    }

    /// <inheritdoc/>
    public override Result InterfaceIndex(string name) => Faults.Fails(SystemCall.InterfaceIndex, out Result failed) ? failed
        : Machine.Network.FindLink(name) is { } link ? Result.Ok(link.Index) : Result.Fail(Errno.ENODEV);

    private Result NameChange(string name)
    {
        const int NameMax = 64; // __NEW_UTS_LEN
        return Faults.Fails(SystemCall.SetName, out Result failed) ? failed
            : Encoding.UTF8.GetByteCount(name) > NameMax ? Result.Fail(Errno.EINVAL) : Result.Ok();
    }

    private bool MayWait(SystemCall call, TimeSpan? timeout, out Result failed)
    {
        bool mayWait = !Faults.Fails(call, maySleep: timeout != TimeSpan.Zero, out failed);
        Machine.Clocks.Pass(CallTime);
        waits.ThrowIfEnded();
        return mayWait;
    }

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
