using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>The system calls that scripts make. There are two of it: the model, and the running kernel.</summary>
/// <remarks>A script's first descriptor is 3. On the running kernel others may be in use before it: there, all numbers from 3 are
/// greater by <see cref="DescriptorOffset"/>, which nothing but a script that names or shows numbers can see.</remarks>
internal abstract class ScriptSystem : IDisposable
{
    private const long NanosecondsInMillisecond = 1_000_000;

    /// <summary>What is added to a script's descriptor numbers from 3.</summary>
    public virtual int DescriptorOffset => 0;

    /// <summary>Many calls are one step: what comes of each need not have come before the next.</summary>
    public bool IsHurried { get; set; }

    public abstract void Dispose();

    /// <summary>Closes all that scripts have opened, and forgets pending signals.</summary>
    public abstract void Reset();

    // --- making objects

    public abstract Result EpollCreate();

    public abstract Result EventFd(uint initial, bool isSemaphore);

    public abstract Result TimerFd();

    /// <summary>A signalfd for SIGUSR1, which is blocked.</summary>
    public abstract Result SignalFd();

    /// <summary>An inotify that watches a folder of its own.</summary>
    public abstract Result Inotify();

    /// <summary>A pidfd of a child that sleeps.</summary>
    /// <param name="inherited">A descriptor that the child has too; null for none.</param>
    public abstract Result PidFd(int? inherited);

    public abstract Result Pipe(Span<int> descriptors, bool isBlocking);

    /// <summary>Makes a FIFO in the file system.</summary>
    public abstract Result MakeFifo(string name);

    public abstract Result OpenFifo(string name, bool reads, bool writes);

    /// <summary>An empty regular file, a folder, /dev/null, or the path of a file alone (O_PATH).</summary>
    public abstract Result OpenPlain(string kind, bool writes);

    public abstract Result UnixPair(SocketType type, Span<int> descriptors);

    public abstract Result Socket(AddressFamily family, SocketType type);

    /// <summary>Gives a unix socket a name (a path in a folder of the script's own if it begins with a slash), or (name null) a TCP or UDP socket a port of the loopback.</summary>
    public abstract Result Bind(int fd, string? name);

    public abstract Result Listen(int fd, int backlog);

    public abstract Result ConnectUnix(int fd, string name);

    /// <summary>connect(2) of a unix socket with an address of no family.</summary>
    public abstract Result DisconnectUnix(int fd);

    /// <summary>Removes the path of a unix socket.</summary>
    public abstract Result Unlink(string name);

    /// <summary>Connects a TCP or UDP socket to the address of another.</summary>
    public abstract Result ConnectTo(int fd, int other);

    public abstract Result Accept(int fd);

    /// <summary>A pair of NETLINK_USERSOCK: the first receives a group, the second sends to it.</summary>
    public abstract Result NetlinkPair(Span<int> descriptors);

    // --- epoll, poll, select

    public abstract Result Control(int epollFd, int operation, int fd, PollMask events, ulong data);

    /// <summary>epoll_ctl with an event that cannot be read.</summary>
    public abstract Result ControlWithoutEvent(int epollFd, int operation, int fd);

    public abstract Result Wait(int epollFd, int max, int milliseconds, Span<EpollEvent> events);

    public abstract Result Wait(int epollFd, long seconds, long nanoseconds, Span<EpollEvent> events);

    public abstract Result WaitFaulting(int epollFd, int writable, int max, Span<EpollEvent> events);

    /// <summary>A wait that stands still while the event behind the first few is copied out to it.</summary>
    /// <param name="epollFd">The epoll.</param>
    /// <param name="present">How many events are copied before.</param>
    /// <param name="max">For how many events.</param>
    /// <param name="events">Where they go.</param>
    /// <param name="meanwhile">What happens then; nothing does if no wait gets so far.</param>
    public abstract Result WaitHeld(int epollFd, int present, int max, Span<EpollEvent> events, Action meanwhile);

    /// <summary>A wait into a buffer outside of what a program can address.</summary>
    public abstract Result WaitOutside(int epollFd, int max);

    /// <summary>A wait with a signal pending and unblocked; the signal is gone afterwards.</summary>
    public abstract Result WaitWithSignal(int epollFd, int max, int milliseconds, Span<EpollEvent> events);

    public abstract Result Poll(Span<PollEntry> entries);

    public abstract Result Select(int fd, int asked, out int found);

    /// <summary>EPIOCSPARAMS, as this process or as one without CAP_NET_ADMIN.</summary>
    public abstract Result SetBusyPoll(int fd, BusyPollParameters parameters, bool isUnprivileged);

    public abstract Result GetBusyPoll(int fd, out BusyPollParameters parameters);

    /// <summary>The registrations of an epoll: what each wants, and its data.</summary>
    public abstract Result Registrations(int epollFd, ICollection<EpollEvent> found);

    // --- transfers

    public abstract Result Read(int fd, Span<byte> destination);

    public abstract Result Write(int fd, ReadOnlySpan<byte> source);

    /// <summary>Sends (or receives) one urgent octet.</summary>
    public abstract Result SendUrgent(int fd);

    public abstract Result ReceiveUrgent(int fd);

    /// <summary>A datagram from one UDP socket to another's address.</summary>
    public abstract Result SendTo(int fd, int other, ReadOnlySpan<byte> source);

    /// <summary>A message to the unix socket of a name.</summary>
    public abstract Result SendToName(int fd, string name, ReadOnlySpan<byte> source);

    /// <summary>recvfrom(2) of a unix socket, and the name of who has sent it; null for none.</summary>
    public abstract Result ReceiveFrom(int fd, Span<byte> destination, out string? sender);

    /// <summary>A message to the group that the netlink pair's first end receives.</summary>
    public abstract Result SendToGroup(int fd, ReadOnlySpan<byte> source);

    public abstract Result Shutdown(int fd, int how);

    /// <summary>Closes a TCP socket with RST.</summary>
    public abstract Result CloseWithReset(int fd);

    /// <summary>SO_ERROR as the value.</summary>
    public abstract Result SocketError(int fd);

    public abstract Result Close(int fd);

    public abstract Result Duplicate(int fd);

    public abstract Result Duplicate(int fd, int number);

    public abstract Result SetPipeSize(int fd, uint octets);

    /// <summary>SO_SNDBUF; the value is what it is then.</summary>
    public abstract Result SetSendBuffer(int fd, int octets);

    public abstract Result SetReceiveLowWater(int fd, int octets);

    /// <summary>Milliseconds as nanoseconds; the most there can be for what is more.</summary>
    protected static long Nanoseconds(long milliseconds) =>
        milliseconds > long.MaxValue / NanosecondsInMillisecond ? long.MaxValue : milliseconds * NanosecondsInMillisecond;

    // --- time, signals, processes, files

    /// <summary>Arms a timer so many milliseconds from now; 0 disarms, below 0 is an instant long past: it has gone off on return.</summary>
    public abstract Result SetTimer(int fd, long milliseconds, long periodMilliseconds);

    public abstract Result Raise();

    public abstract Result Kill(int pidFd);

    public abstract Result Reap(int pidFd);

    /// <summary>Makes an event in the folder that an inotify watches.</summary>
    public abstract Result Touch(int fd);

    // --- threads

    public abstract ScriptThread SpawnWait(int epollFd, int max, int milliseconds);

    public abstract ScriptThread SpawnPoll(int fd, PollMask events, int milliseconds);

    public abstract ScriptThread SpawnRead(int fd, int count);

    /// <summary>Lets every thread sleep or finish.</summary>
    public abstract void Settle();

    public abstract void Sleep(int milliseconds);

    /// <summary>Does something, and lets time pass before anybody runs whom that has woken.</summary>
    public abstract void BeLate(int milliseconds, Action action);
}
