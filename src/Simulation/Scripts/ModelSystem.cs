using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>Scripts on the model: one process, virtual time.</summary>
internal sealed class ModelSystem : ScriptSystem
{
    private const int UserSignal1 = 10;
    private const int UserSignal2 = 12;
    private const uint OrdinaryUser = 1000;

    private readonly KernelRules rules;
    private readonly Mutation mutation;
    private readonly int limit;
    private readonly List<ModelThread> threads = [];
    private readonly Dictionary<string, Fifo> fifos = [];
    private readonly Dictionary<int, NotificationQueue> watched = [];
    private readonly Dictionary<SimulatedChild, OpenFile> inheritances = [];
    private readonly bool mayExceedPipeMax = OwnCapabilities.HasResource;
    private readonly bool mayAdminister = OwnCapabilities.HasNetworkAdministration;
    private SimulatedProcess process;
    private ModelSockets sockets;

    public ModelSystem(KernelRules? rules = null, Mutation mutation = Mutation.None, int descriptorLimit = 20_000)
    {
        this.rules = rules ?? KernelRules.Latest;
        this.mutation = mutation;
        limit = descriptorLimit;
        Start();
    }

    public SimulatedProcess Process => process;

    private SimulatedMachine Machine => process.Machine;

    public override void Dispose() => Reset();

    public override void Reset()
    {
        foreach (ModelThread thread in threads)
        {
            thread.Abandon();
        }

        process.Files.CloseAll();
        threads.Clear();
        fifos.Clear();
        watched.Clear();
        inheritances.Clear();
        Start();
    }

    public override Result EpollCreate() => EpollCalls.Create(process);

    public override Result EventFd(uint initial, bool isSemaphore) => process.Open(new EventCounter(Machine, initial, isSemaphore));

    public override Result TimerFd() => process.Open(new TimerFile(Machine));

    public override Result SignalFd() => process.Open(new SignalFile(process, 1ul << (UserSignal1 - 1)));

    public override Result Inotify()
    {
        NotificationQueue queue = new(Machine);
        Result opened = process.Open(queue);
        if (opened.IsOk)
        {
            watched[opened.Int] = queue;
        }

        return opened;
    }

    public override Result PidFd(int? inherited)
    {
        OpenFile? file = null;
        if (inherited is { } fd && !process.Files.TryGetAny(fd, out file))
        {
            return Result.Fail(Errno.EBADF);
        }

        SimulatedChild child = new(100, mutation);
        if (file is not null && mutation != Mutation.ChildHoldsNoFiles)
        {
            file.Hold();
            inheritances[child] = file;
        }

        return process.Open(new ProcessFile(Machine, child));
    }

    public override Result Pipe(Span<int> descriptors, bool isBlocking)
    {
        (PipeEnd reader, PipeEnd writer) = PipeEnd.Pair(Machine);
        reader.IsNonBlocking = writer.IsNonBlocking = !isBlocking;
        return process.OpenPair(reader, writer, descriptors);
    }

    public override Result MakeFifo(string name) =>
        fifos.TryAdd(name, new Fifo(Machine)) ? Result.Ok() : Result.Fail(Errno.EEXIST);

    public override Result OpenFifo(string name, bool reads, bool writes) =>
        fifos.TryGetValue(name, out Fifo? fifo) ? fifo.Open(process, reads, writes) : Result.Fail(Errno.ENOENT);

    public override Result OpenPlain(string kind, bool writes) => process.Open(new PlainFile(Machine, kind switch
    {
        "null" => PlainFileKind.Null,
        "dir" => PlainFileKind.Directory,
        "path" => PlainFileKind.PathOnly,
        _ => PlainFileKind.Regular,
    }));

    public override Result UnixPair(SocketType type, Span<int> descriptors) => sockets.UnixPair(type, descriptors);

    public override Result Socket(AddressFamily family, SocketType type) => sockets.Socket(family, type);

    public override Result Bind(int fd, string? name) => sockets.Bind(fd, name);

    public override Result Listen(int fd, int backlog) => sockets.Listen(fd, backlog);

    public override Result ConnectUnix(int fd, string name) => sockets.ConnectUnix(fd, name);

    public override Result DisconnectUnix(int fd) => sockets.DisconnectUnix(fd);

    public override Result Unlink(string name) => sockets.Unlink(name);

    public override Result ConnectTo(int fd, int other) => sockets.ConnectTo(fd, other);

    public override Result Accept(int fd) => sockets.Accept(fd);

    public override Result NetlinkPair(Span<int> descriptors) => sockets.NetlinkPair(descriptors);

    public override Result Control(int epollFd, int operation, int fd, PollMask events, ulong data) =>
        EpollCalls.Control(process, epollFd, operation, fd, events, data);

    public override Result ControlWithoutEvent(int epollFd, int operation, int fd) =>
        EpollCalls.Control(process, epollFd, operation, fd, events: null, 0);

    public override Result Wait(int epollFd, int max, int milliseconds, Span<EpollEvent> events)
    {
        Result found = EpollCalls.Find(process, epollFd, max, out EventPoll? epoll);
        return found.IsOk ? WaitUntil(epoll!, EpollCalls.Deadline(process, milliseconds), events) : found;
    }

    public override Result Wait(int epollFd, long seconds, long nanoseconds, Span<EpollEvent> events)
    {
        Result timed = EpollCalls.Deadline(process, seconds, nanoseconds, out Instant deadline);
        Result found = timed.IsOk ? EpollCalls.Find(process, epollFd, events.Length, out EventPoll? epoll) : timed;
        return found.IsOk && process.Files.TryGet(epollFd, out OpenFile? file) ? WaitUntil((EventPoll)file, deadline, events) : found;
    }

    public override Result WaitFaulting(int epollFd, int writable, int max, Span<EpollEvent> events)
    {
        int copied = 0;
        Result result = EpollCalls.Wait(process, epollFd, max, events, (in EpollEvent _) => copied++ < writable);
        bool hasNothing = result is { IsOk: true, Value: 0 };
        return hasNothing && writable == 0 && Machine.Breaks(Mutation.NothingToWriteFaults) ? Result.Fail(Errno.EFAULT) : result;
    }

    public override Result WaitHeld(int epollFd, int present, int max, Span<EpollEvent> events, Action meanwhile)
    {
        int copied = 0;
        return EpollCalls.Wait(process, epollFd, max, events, (in EpollEvent _) =>
        {
            if (copied++ == present)
            {
                meanwhile();
            }

            return true;
        });
    }

    public override Result WaitOutside(int epollFd, int max) => EpollCalls.Find(process, epollFd, max, out _, isOutside: true);

    public override Result WaitWithSignal(int epollFd, int max, int milliseconds, Span<EpollEvent> events)
    {
        // The signal is there before the call is made, and wakes whoever watches any signalfd, whatever becomes of the call.
        process.Signals.Raise(UserSignal2);
        Result found = EpollCalls.Find(process, epollFd, max, out EventPoll? epoll);
        bool isEarly = Machine.Breaks(Mutation.SignalBeatsEvents)
            || (milliseconds == 0 && Machine.Breaks(Mutation.SignalEndsWaitOfNoTime) && !epoll!.HasCandidates);
        Result result = !found.IsOk ? found
            : isEarly ? Result.Fail(Errno.EINTR) : WaitUntil(epoll!, EpollCalls.Deadline(process, milliseconds), events);
        process.Signals.Take(1ul << (UserSignal2 - 1));
        return result;
    }

    public override Result Poll(Span<PollEntry> entries) => PollCalls.Poll(process, entries);

    public override Result Select(int fd, int asked, out int found) => PollCalls.Select(process, fd, asked, out found);

    public override Result SetBusyPoll(int fd, BusyPollParameters parameters, bool isUnprivileged)
    {
        process.User = isUnprivileged || !mayAdminister ? OrdinaryUser : 0;
        Result result = EpollCalls.SetBusyPoll(process, fd, parameters);
        process.User = 0;
        return result;
    }

    public override Result GetBusyPoll(int fd, out BusyPollParameters parameters) => EpollCalls.GetBusyPoll(process, fd, out parameters);

    public override Result Registrations(int epollFd, ICollection<EpollEvent> found)
    {
        if (!process.Files.TryGetAny(epollFd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        foreach (EventPollItem item in file is EventPoll epoll ? epoll.Items : [])
        {
            found.Add(new EpollEvent((uint)item.Events, item.Data));
        }

        return Result.Ok();
    }

    public override Result Read(int fd, Span<byte> destination) => process.Read(fd, destination);

    public override Result Write(int fd, ReadOnlySpan<byte> source) => process.Write(fd, source);

    public override Result SendUrgent(int fd) => sockets.SendUrgent(fd);

    public override Result ReceiveUrgent(int fd) => sockets.ReceiveUrgent(fd);

    public override Result SendTo(int fd, int other, ReadOnlySpan<byte> source) => sockets.SendTo(fd, other, source);

    public override Result SendToName(int fd, string name, ReadOnlySpan<byte> source) => sockets.SendToName(fd, name, source);

    public override Result ReceiveFrom(int fd, Span<byte> destination, out string? sender) => sockets.ReceiveFrom(fd, destination, out sender);

    public override Result SendToGroup(int fd, ReadOnlySpan<byte> source) => sockets.SendToGroup(fd, source);

    public override Result Shutdown(int fd, int how) => sockets.Shutdown(fd, how);

    public override Result CloseWithReset(int fd) => sockets.CloseWithReset(fd);

    public override Result SocketError(int fd) => sockets.SocketError(fd);

    public override Result Close(int fd) => process.Close(fd);

    public override Result Duplicate(int fd) => process.Duplicate(fd);

    public override Result Duplicate(int fd, int number) => process.Duplicate(fd, number);

    public override Result SetPipeSize(int fd, uint octets)
    {
        return !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is PipeEnd end ? end.Ring.Resize(octets, mayExceedPipeMax) : Result.Fail(Errno.EBADF);
    }

    public override Result SetSendBuffer(int fd, int octets) => sockets.SetSendBuffer(fd, octets);

    public override Result SetReceiveLowWater(int fd, int octets) => sockets.SetReceiveLowWater(fd, octets);

    public override Result SetTimer(int fd, long milliseconds, long periodMilliseconds)
    {
        if (periodMilliseconds < 0)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (!process.Files.TryGet(fd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        if (file is not TimerFile timer)
        {
            return Result.Fail(Errno.EINVAL);
        }

        Instant at = milliseconds switch
        {
            0 => Instant.Never,
            < 0 => new Instant(1),
            _ => Later(milliseconds),
        };
        timer.Set(at, Nanoseconds(periodMilliseconds));
        return Result.Ok();
    }

    public override Result Raise()
    {
        process.Signals.Raise(UserSignal1);
        return Result.Ok();
    }

    public override Result Kill(int pidFd) => process.WithFile<ProcessFile>(pidFd, Errno.EBADF, file =>
    {
        // What it had open is closed by the time that its end is told.
        if (inheritances.Remove(file.Child, out OpenFile? inherited))
        {
            inherited.Drop();
        }

        return file.Child.End(isSignalled: true, 9);
    });

    public override Result Reap(int pidFd) => process.WithFile<ProcessFile>(pidFd, Errno.EBADF, file => file.Child.Reap(out _));

    // The folder is the one that belongs to the step which made the descriptor, whatever has become of that.
    public override Result Touch(int fd) =>
        !watched.TryGetValue(fd, out NotificationQueue? queue) ? Result.Fail(Errno.EINVAL) : queue.IsOpen ? queue.Touch() : Result.Ok();

    public override ScriptThread SpawnWait(int epollFd, int max, int milliseconds)
    {
        Result found = EpollCalls.Find(process, epollFd, max, out EventPoll? epoll);
        BlockedCall call = found.IsOk
            ? new EpollWaitCall(process, epoll!, new EpollEvent[Math.Min(max, 65536)])
            : new FailedCall(Machine, found.Error);
        return Spawned(ScriptThreadKind.Wait, call, milliseconds);
    }

    public override ScriptThread SpawnPoll(int fd, PollMask events, int milliseconds) =>
        Spawned(ScriptThreadKind.Poll, new PollWaitCall(process, [new PollEntry(fd, events)]), milliseconds);

    public override ScriptThread SpawnRead(int fd, int count)
    {
        bool isOpen = process.Files.TryGet(fd, out OpenFile? file) && file.IsReadable;
        BlockedCall call = isOpen ? new ReadCall(process, file!, new byte[count]) : new FailedCall(Machine, Errno.EBADF);
        return Spawned(ScriptThreadKind.Read, call, -1);
    }

    public override void Settle() => Machine.Settle();

    public override void Sleep(int milliseconds) => Machine.AdvanceTo(Machine.Monotonic.Now + TimeSpan.FromMilliseconds(milliseconds));

    public override void BeLate(int milliseconds, Action action)
    {
        action();
        Machine.PassBeforeAnybodyRuns(Machine.Monotonic.Now + TimeSpan.FromMilliseconds(milliseconds));
    }

    // The kernel's time ends after 292 years.
    private Instant Later(long milliseconds)
    {
        long now = Machine.Monotonic.Now.Nanoseconds;
        long span = Nanoseconds(milliseconds);
        return new Instant(span > long.MaxValue - 1 - now ? long.MaxValue - 1 : now + span);
    }

    private ModelThread Spawned(ScriptThreadKind kind, BlockedCall call, int milliseconds)
    {
        ModelThread thread = new(kind, call);
        threads.Add(thread);
        call.Start(EpollCalls.Deadline(process, milliseconds));
        return thread;
    }

    // A call of the script itself that sleeps lets time pass, since nobody else would.
    private Result WaitUntil(EventPoll epoll, Instant deadline, Span<EpollEvent> events)
    {
        Result result = EpollCalls.Harvest(epoll, events);
        if (!result.IsOk || result.Value > 0 || deadline <= Machine.Monotonic.Now)
        {
            return result;
        }

        EpollEvent[] found = new EpollEvent[events.Length];
        EpollWaitCall call = new(process, epoll, found);
        call.Start(deadline);
        while (!call.IsDone && !Instant.Min(Machine.Monotonic.NextAt, deadline).IsNever)
        {
            Machine.AdvanceTo(Instant.Min(Machine.Monotonic.NextAt, deadline));
        }

        if (!call.IsDone)
        {
            call.Abandon();
            throw new ForEverException();
        }

        call.Events.CopyTo(events);
        return call.Result;
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(process), nameof(sockets))]
    private void Start()
    {
        process = new SimulatedProcess(new SimulatedMachine(rules, mutation));
        process.Files.Limit = limit;
        process.Signals.Blocked = 1ul << (UserSignal1 - 1);
        sockets = new ModelSockets(process);
        for (int fd = 0; fd < 3; fd++)
        {
            process.Open(new PlainFile(Machine, PlainFileKind.Null));
        }
    }
}
