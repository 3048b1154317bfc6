using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Kernels.Raw;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>Scripts on the running kernel. It must be made and used on one thread, inside <see cref="OwnDescriptors"/>.</summary>
internal sealed class RunningSystem : ScriptSystem
{
    private const int UserSignal1 = 10;
    private const int UserSignal2 = 12;
    private const long TimerMax = 1_000_000_000; // whom nobody waits for
    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(1);

    private readonly LinuxKernel kernel = new();
    private readonly List<RunningThread> threads = [];
    private readonly RunningFiles files;
    private readonly RunningSockets sockets;
    private readonly int threadId = RawSignals.ThreadId;
    private readonly ulong signalsBefore;
    private readonly GuardedMemory guarded = new();
    private readonly HeldMemory held = new();
    private readonly Dictionary<int, Instant> timers = [];

    /// <param name="firstDescriptor">The lowest number that is free here; all above are free too.</param>
    public RunningSystem(int firstDescriptor)
    {
        DescriptorOffset = firstDescriptor - 3;
        files = new RunningFiles(kernel);
        sockets = new RunningSockets(kernel, files);
        RawSignals.Handle(UserSignal1);
        RawSignals.Handle(UserSignal2);
        signalsBefore = RawSignals.SetBlocked(0);
        RawSignals.SetBlocked(signalsBefore | Bit(UserSignal1) | Bit(UserSignal2));
        GiveStandardDescriptors();
    }

    public override int DescriptorOffset { get; }

    public override void Dispose()
    {
        Reset();
        RawSignals.SetBlocked(signalsBefore);
        guarded.Dispose();
        held.Dispose();
    }

    public override void Reset()
    {
        foreach (RunningThread thread in threads)
        {
            thread.Interrupt();
        }

        threads.Clear();
        files.Reset();
        sockets.Reset();
        timers.Clear();
        RawDescriptors.CloseFrom(DescriptorOffset + 3);
        GiveStandardDescriptors();
        RawSignals.Take(UserSignal1);
    }

    public override Result EpollCreate() => kernel.EpollCreate();

    public override Result EventFd(uint initial, bool isSemaphore) => RawDescriptors.EventFd(initial, isSemaphore);

    public override Result TimerFd() => kernel.TimerFdCreate(ClockId.Monotonic);

    public override Result SignalFd() => kernel.SignalFd([UserSignal1]);

    public override Result Inotify() => files.Inotify();

    public override Result PidFd(int? inherited) => files.PidFd(inherited);

    public override Result Pipe(Span<int> descriptors, bool isBlocking) => RawDescriptors.Pipe(descriptors, isBlocking);

    public override Result MakeFifo(string name) => files.MakeFifo(name);

    public override Result OpenFifo(string name, bool reads, bool writes) => files.OpenFifo(name, reads, writes);

    public override Result OpenPlain(string kind, bool writes) => files.OpenPlain(kind, writes);

    public override Result UnixPair(SocketType type, Span<int> descriptors) => kernel.SocketPair(type, descriptors);

    public override Result Socket(AddressFamily family, SocketType type) => sockets.Socket(family, type);

    public override Result Bind(int fd, string? name) => sockets.Bind(fd, name);

    public override Result Listen(int fd, int backlog) => kernel.Listen(fd, backlog);

    public override Result ConnectUnix(int fd, string name) => sockets.ConnectUnix(fd, name);

    public override Result DisconnectUnix(int fd) => sockets.DisconnectUnix(fd);

    public override Result Unlink(string name) => sockets.Unlink(name);

    public override Result ConnectTo(int fd, int other) => sockets.ConnectTo(fd, other);

    public override Result Accept(int fd) => sockets.Accept(fd);

    public override Result NetlinkPair(Span<int> descriptors) => sockets.NetlinkPair(descriptors);

    public override Result Control(int epollFd, int operation, int fd, PollMask events, ulong data) =>
        RawPolling.EpollControl(epollFd, operation, fd, (uint)events, data);

    public override Result ControlWithoutEvent(int epollFd, int operation, int fd) =>
        RawPolling.EpollControlWithoutEvent(epollFd, operation, fd);

    public override Result Wait(int epollFd, int max, int milliseconds, Span<EpollEvent> events)
    {
        if (milliseconds >= 0)
        {
            return RawPolling.EpollWait(epollFd, events, max, milliseconds);
        }

        // Nothing but a timer can end it: what is not there a moment after the last of them never is.
        Instant until;
        Result result;
        do
        {
            until = kernel.Now(ClockId.Monotonic);
            foreach (Instant at in timers.Values)
            {
                until = Instant.Max(until, at);
            }

            until += ForEver;
            result = RawPolling.EpollWait(epollFd, events, max, (int)Math.Min((until - kernel.Now(ClockId.Monotonic)).TotalMilliseconds, int.MaxValue));
        }
        while (result.Is(Errno.EINTR) || (result is { IsOk: true, Value: 0 } && kernel.Now(ClockId.Monotonic) < until));

        return result is { IsOk: true, Value: 0 } ? throw new ForEverException() : result;
    }

    public override Result Wait(int epollFd, long seconds, long nanoseconds, Span<EpollEvent> events) =>
        RawPolling.EpollWait(epollFd, events, seconds, nanoseconds);

    public override Result WaitFaulting(int epollFd, int writable, int max, Span<EpollEvent> events) =>
        RawPolling.EpollWaitFaulting(epollFd, guarded, writable, max, events);

    public override Result WaitHeld(int epollFd, int present, int max, Span<EpollEvent> events, Action meanwhile) =>
        RunningThread.WaitHeld(held, epollFd, present, max, events, meanwhile);

    public override Result WaitOutside(int epollFd, int max) => RawPolling.EpollWaitOutside(epollFd, max);

    public override Result WaitWithSignal(int epollFd, int max, int milliseconds, Span<EpollEvent> events)
    {
        RawSignals.SendToThread(threadId, UserSignal2);
        ulong meanwhile = (signalsBefore | Bit(UserSignal1)) & ~Bit(UserSignal2);
        Result result = RawPolling.EpollWait(epollFd, events, max, milliseconds, meanwhile);
        RawSignals.Take(UserSignal2);
        return result;
    }

    public override Result Poll(Span<PollEntry> entries)
    {
        Span<RawPollEntry> raw = entries.Length <= 64 ? stackalloc RawPollEntry[entries.Length] : new RawPollEntry[entries.Length];
        for (int index = 0; index < entries.Length; index++)
        {
            raw[index] = new RawPollEntry { Fd = entries[index].Fd, Events = (ushort)entries[index].Events };
        }

        Result result = RawPolling.Poll(raw, 0);
        for (int index = 0; index < entries.Length; index++)
        {
            entries[index].Found = (PollMask)raw[index].Found;
        }

        return result;
    }

    public override Result Select(int fd, int asked, out int found) => RawPolling.Select(fd, asked, out found);

    public override Result SetBusyPoll(int fd, BusyPollParameters parameters, bool isUnprivileged)
    {
        Result Set() => RawPolling.SetBusyPoll(
            fd, parameters.Microseconds, parameters.Budget, parameters.IsPreferred, parameters.Padding);
        return isUnprivileged ? RawThreads.WithoutNetworkAdministration(Set) : Set();
    }

    public override Result GetBusyPoll(int fd, out BusyPollParameters parameters)
    {
        Result result = RawPolling.GetBusyPoll(fd, out ulong raw);
        parameters = new BusyPollParameters((uint)raw, (ushort)(raw >> 32), (byte)(raw >> 48), (byte)(raw >> 56));
        return result;
    }

    public override Result Registrations(int epollFd, ICollection<EpollEvent> found)
    {
        StringBuilder text = new();
        Result read = files.ReadText($"/proc/thread-self/fdinfo/{epollFd}", text);
        if (!read.IsOk)
        {
            return Result.Fail(Errno.EBADF);
        }

        // tfd:        4 events:       1d data:                2  pos:0 ino:1 sdev:f
        foreach (string line in text.ToString().Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["tfd:", _, "events:", { } events, "data:", { } data, ..])
            {
                found.Add(new EpollEvent(Hexadecimal(events), ulong.Parse(data, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
            }
        }

        return Result.Ok();
    }

    public override Result Read(int fd, Span<byte> destination)
    {
        Result result = kernel.Read(fd, destination);
        return IsHurried ? result : sockets.Settled(fd, result);
    }

    public override Result Write(int fd, ReadOnlySpan<byte> source)
    {
        Result result = kernel.Write(fd, source);
        return IsHurried ? result : sockets.Settled(fd, result);
    }

    public override Result SendUrgent(int fd) => sockets.SendUrgent(fd);

    public override Result ReceiveUrgent(int fd) => sockets.ReceiveUrgent(fd);

    public override Result SendTo(int fd, int other, ReadOnlySpan<byte> source) => sockets.SendTo(fd, other, source);

    public override Result SendToName(int fd, string name, ReadOnlySpan<byte> source) => sockets.SendToName(fd, name, source);

    public override Result ReceiveFrom(int fd, Span<byte> destination, out string? sender) => sockets.ReceiveFrom(fd, destination, out sender);

    public override Result SendToGroup(int fd, ReadOnlySpan<byte> source) => sockets.SendToGroup(fd, source);

    public override Result Shutdown(int fd, int how) => sockets.Settled(fd, kernel.Shutdown(fd, how));

    public override Result CloseWithReset(int fd) => sockets.CloseWithReset(fd);

    public override Result SocketError(int fd) => sockets.SocketError(fd);

    public override Result Close(int fd) => sockets.Settled(fd, kernel.Close(fd));

    public override Result Duplicate(int fd) => kernel.Duplicate(fd);

    public override Result Duplicate(int fd, int number) => RawDescriptors.Duplicate(fd, number);

    public override Result SetPipeSize(int fd, uint octets) => RawDescriptors.SetPipeSize(fd, octets);

    public override Result SetSendBuffer(int fd, int octets) => sockets.SetSendBuffer(fd, octets);

    public override Result SetReceiveLowWater(int fd, int octets) => sockets.SetReceiveLowWater(fd, octets);

    public override Result SetTimer(int fd, long milliseconds, long periodMilliseconds)
    {
        long period = Nanoseconds(periodMilliseconds);
        if (milliseconds >= 0)
        {
            Instant now = kernel.Now(ClockId.Monotonic);
            Instant at = now + TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimerMax) + Math.Clamp(periodMilliseconds, 0, TimerMax));
            timers[fd] = milliseconds is 0 or > TimerMax ? default : at;
            return RawDescriptors.SetTimer(fd, Nanoseconds(milliseconds), period, isAbsolute: false);
        }

        Result result = RawDescriptors.SetTimer(fd, 1, period, isAbsolute: true);
        Span<RawPollEntry> entry = [new RawPollEntry { Fd = fd, Events = (ushort)PollMask.In }];
        while (result.IsOk && RawPolling.Poll(entry, 1000).Is(Errno.EINTR))
        {
            // A signal of the runtime's: the timer has not gone off yet.
        }

        return result;
    }

    public override Result Raise() => RawSignals.SendToThread(threadId, UserSignal1);

    public override Result Kill(int pidFd) => files.Kill(pidFd);

    public override Result Reap(int pidFd) => kernel.WaitForChild(pidFd, out _);

    public override Result Touch(int fd) => files.Touch(fd);

    public override ScriptThread SpawnWait(int epollFd, int max, int milliseconds) => Spawned(RunningThread.Wait(epollFd, max, milliseconds));

    public override ScriptThread SpawnPoll(int fd, PollMask events, int milliseconds) => Spawned(RunningThread.Poll(fd, events, milliseconds));

    public override ScriptThread SpawnRead(int fd, int count) => Spawned(RunningThread.Read(fd, count));

    public override void Settle()
    {
        sockets.Settle();
        SpinWait spin = default;
        foreach (RunningThread thread in threads)
        {
            while (!thread.IsSettled(kernel))
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    // Of all ways to wait for a time, this one uses no descriptor.
    public override void Sleep(int milliseconds)
    {
        Instant until = kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(milliseconds);
        while (kernel.Now(ClockId.Monotonic) < until)
        {
            RawPolling.Poll([], (int)Math.Ceiling((until - kernel.Now(ClockId.Monotonic)).TotalMilliseconds));
        }

        Settle();
    }

    // Awake, so that nobody else gets the processor.
    public override void BeLate(int milliseconds, Action action)
    {
        Result taken = HeldProcessor.TryTake(threads.Where(thread => !thread.IsDone).Select(thread => thread.Id), out HeldProcessor? processor);
        using (processor ?? throw new NotSupportedException($"sched_setscheduler: {taken.Error}; it takes CAP_SYS_NICE"))
        {
            action();
            Instant until = kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(milliseconds);
            while (kernel.Now(ClockId.Monotonic) < until)
            {
                Thread.SpinWait(100);
            }
        }
    }

    // Scripts find /dev/null at 0 to 2, whatever this program has there: its own table is not the program's.
    private void GiveStandardDescriptors()
    {
        Result nothing = kernel.Open("/dev/null", FileFlags.Read | FileFlags.Write);
        for (int fd = 0; nothing.IsOk && fd < 3; fd++)
        {
            if (fd != nothing.Int)
            {
                RawDescriptors.Duplicate(nothing.Int, fd);
            }
        }

        if (nothing is { IsOk: true, Int: > 2 })
        {
            kernel.Close(nothing.Int);
        }
    }

    private static ulong Bit(int signal) => 1ul << (signal - 1);

    private static uint Hexadecimal(string text) => uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private RunningThread Spawned(RunningThread thread)
    {
        threads.Add(thread);
        return thread;
    }
}
