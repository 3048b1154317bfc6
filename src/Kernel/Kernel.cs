using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Kernels;

/// <summary>The one seam to the operating system: every system call that the floors above use.</summary>
/// <remarks>
/// Calls answer with a <see cref="Result"/>; none throws for what the kernel says. EINTR never comes out of here but
/// from <see cref="EpollWait"/>, <see cref="Poll"/> and <see cref="Select"/>. Descriptors are close-on-exec, sockets, pipes and the like non-blocking.
/// The class is abstract for its two implementations: Linux, and the simulated kernel.
/// </remarks>
public abstract class Kernel
{
    /// <summary>Reads a clock.</summary>
    public abstract Instant Now(ClockId clock);

    /// <summary>Fills with unpredictable octets; never fails once the machine is up.</summary>
    public abstract void Random(Span<byte> destination);

    /// <summary>An unpredictable number, to seed a generator with.</summary>
    public ulong RandomSeed()
    {
        ulong seed = 0;
        Random(MemoryMarshal.AsBytes(new Span<ulong>(ref seed)));
        return seed;
    }

    // --- descriptors -------------------------------------------------------------------------------------------

    /// <summary>Closes a descriptor. It is gone whatever the answer says.</summary>
    public abstract Result Close(int fd);

    /// <summary>Reads octets; 0 at the end.</summary>
    public abstract Result Read(int fd, Span<byte> destination);

    /// <summary>Writes octets; may be fewer than asked.</summary>
    public abstract Result Write(int fd, ReadOnlySpan<byte> source);

    /// <summary>Another descriptor for the same open file.</summary>
    public abstract Result Duplicate(int fd);

    /// <summary>A pipe: [0] reads, [1] writes.</summary>
    public abstract Result Pipe(Span<int> descriptors);

    /// <summary>An eventfd with this count.</summary>
    public abstract Result EventFd(uint initial);

    /// <summary>A timerfd on this clock.</summary>
    public abstract Result TimerFdCreate(ClockId clock);

    /// <summary>Arms a timerfd at an instant of its clock; <see cref="Instant.Never"/> disarms it.</summary>
    /// <param name="fd">The timerfd.</param>
    /// <param name="at">When, absolute.</param>
    /// <param name="cancelOnSet">True: for the wall clock, reads fail with ECANCELED when it is stepped.</param>
    public abstract Result TimerFdSet(int fd, Instant at, bool cancelOnSet = false);

    // --- waiting -----------------------------------------------------------------------------------------------

    /// <summary>Makes an epoll.</summary>
    public abstract Result EpollCreate();

    /// <summary>Changes what an epoll watches.</summary>
    public abstract Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data);

    /// <summary>Waits; the answer is how many events were written. EINTR comes back to the caller.</summary>
    /// <param name="epollFd">The epoll.</param>
    /// <param name="events">Where they go; at least one.</param>
    /// <param name="timeout">Zero: do not wait. Null: without end. Rounded up, never early.</param>
    public abstract Result EpollWait(int epollFd, Span<EpollEvent> events, TimeSpan? timeout);

    /// <summary>Sets how an epoll busy-polls. ENOTTY: this kernel cannot.</summary>
    public abstract Result SetBusyPolling(int epollFd, BusyPolling polling);

    /// <summary>How an epoll busy-polls.</summary>
    public abstract Result GetBusyPolling(int epollFd, out BusyPolling polling);

    /// <summary>Joins an open <c>/dev/net/tun</c> to a link, which is made unless it is there (<c>TUNSETIFF</c>).</summary>
    /// <param name="fd">The open device.</param>
    /// <param name="name">Of the link; with <c>%d</c> the first number that is free, empty for any. Told when it is made.</param>
    /// <param name="kind">What goes through.</param>
    /// <returns>EEXIST if it has a link; EBUSY if that has another; EINVAL for a name or a link that cannot be; EPERM.</returns>
    public abstract Result AttachTunnel(int fd, ref string name, TunnelKind kind);

    /// <summary>Whether a tunnel's link stays when its file is closed (<c>TUNSETPERSIST</c>); EBADFD before it has one.</summary>
    public abstract Result PersistTunnel(int fd, bool isPersistent);

    /// <summary>Waits for many descriptors; the answer is how many have something in <see cref="PollEntry.Found"/>. EINTR
    /// comes back to the caller.</summary>
    /// <param name="entries">The descriptors.</param>
    /// <param name="timeout">Zero: do not wait. Null: without end. Never early.</param>
    public abstract Result Poll(Span<PollEntry> entries, TimeSpan? timeout);

    /// <summary>As select: bit n of a set, 64 to a word, is descriptor n. The answer is how many bits are left; a failure
    /// leaves the sets as they were. EINTR comes back to the caller; EBADF: one of them is not open.</summary>
    /// <param name="count">The highest descriptor in the sets, plus one.</param>
    /// <param name="readable">In: what to watch for reading; out: what can be read, or has an error or hang-up.</param>
    /// <param name="writable">For writing.</param>
    /// <param name="urgent">For urgent data.</param>
    /// <param name="timeout">Zero: do not wait. Null: without end. Never early.</param>
    public abstract Result Select(
        int count, Span<ulong> readable, Span<ulong> writable, Span<ulong> urgent, TimeSpan? timeout);

    /// <summary>Makes an io_uring. ENOSYS, EPERM, EINVAL: there is none for us here.</summary>
    /// <param name="requests">Room for requests that are not handed over yet; rounded up to a power of two.</param>
    /// <param name="completions">Room for completions; beyond it the kernel keeps them for us.</param>
    /// <param name="ring">The ring, to be disposed; null on failure.</param>
    public abstract Result IoUringCreate(uint requests, uint completions, out IoUring? ring);

    // --- signals and processes ---------------------------------------------------------------------------------

    /// <summary>Our process id.</summary>
    public abstract int ProcessId { get; }

    /// <summary>True in a child that was forked off without executing a program: what it inherited is its parent's, too.
    /// Costs no system call.</summary>
    public virtual bool IsForkedChild => false;

    /// <summary>Blocks these signals in the calling thread.</summary>
    public abstract Result BlockSignals(ReadOnlySpan<int> signals);

    /// <summary>True if the signal is blocked in every thread of the process, so that a signalfd sees all of them.</summary>
    public abstract bool IsBlockedInAllThreads(int signal);

    /// <summary>A signalfd for these signals.</summary>
    public abstract Result SignalFd(ReadOnlySpan<int> signals);

    /// <summary>Takes one signal from a signalfd; the value is its number.</summary>
    public abstract Result ReadSignal(int fd);

    /// <summary>Takes one signal from a signalfd with what is known of it; the value is its number.</summary>
    public virtual Result ReadSignal(int fd, out SignalInfo info)
    {
        Result result = ReadSignal(fd);
        info = new SignalInfo(result.Int);
        return result;
    }

    /// <summary>What signals are sent to: one and the same object for all kernels of one process.</summary>
    public virtual object SignalledProcess => this;

    /// <summary>True if children are waited for by the system and leave no exit status: SIGCHLD is ignored.</summary>
    public virtual bool DiscardsExitStatus => false;

    /// <summary>Sends a signal.</summary>
    public abstract Result SendSignal(int processId, int signal);

    /// <summary>Sends a signal with a value (<c>sigqueue(3)</c>); a real-time signal queues.</summary>
    public virtual Result SendSignal(int processId, int signal, int value) => SendSignal(processId, signal);

    /// <summary>Sends a signal to the process of a pidfd, whose number cannot come to mean another one.</summary>
    public virtual Result SendSignalTo(int pidFd, int signal) => Result.Fail(Errno.ENOSYS);

    /// <summary>Starts a child; the value is its process id.</summary>
    public abstract Result Spawn(SpawnRequest request);

    /// <summary>A descriptor that becomes readable when the process ends.</summary>
    public abstract Result PidFdOpen(int processId);

    /// <summary>Takes the exit status of a child that has ended; EAGAIN if it has not.</summary>
    public abstract Result WaitForChild(int pidFd, out ExitStatus status);

    /// <summary>As <see cref="WaitForChild"/>, and the status stays for whoever waits (<c>WNOWAIT</c>).</summary>
    public abstract Result LookAtChild(int pidFd, out ExitStatus status);

    /// <summary>Becomes another program; returns only on failure.</summary>
    public abstract Result Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment);

    /// <summary>Leads a new session.</summary>
    public abstract Result SetSession();

    /// <summary>Sets the slack of the calling thread's waits (<c>PR_SET_TIMERSLACK</c>).</summary>
    public abstract Result SetTimerSlack(TimeSpan slack);

    /// <summary>Starts a thread of our own with a small stack and all signals blocked.</summary>
    public abstract Result StartThread(string name, Action body);

    /// <summary>Starts a thread of our own as above, one that works in steps and rests between them.</summary>
    /// <param name="name">Its name; Linux shows 15 octets of it.</param>
    /// <param name="step">Makes a step, on the thread, and says what comes after it. Is given the thread; must not throw.</param>
    public abstract Result StartThread(string name, Func<SteppingThread, ThreadStep> step);

    // --- files -------------------------------------------------------------------------------------------------

    /// <summary>Opens a file.</summary>
    public abstract Result Open(string path, FileFlags flags, uint mode = 0x180);

    /// <summary>Makes a file's content durable.</summary>
    public abstract Result Sync(int fd);

    /// <summary>Sets a file's permission bits, whatever the umask was when it was made.</summary>
    public abstract Result ChangeMode(int fd, uint mode);

    /// <summary>Sets the permission bits of the file at a path, a socket's too.</summary>
    public virtual Result ChangeMode(string path, uint mode) => Result.Fail(Errno.ENOSYS);

    /// <summary>Gives the file at a path to a user, a group or both; null: as it is.</summary>
    public virtual Result ChangeOwner(string path, uint? user, uint? group) => Result.Fail(Errno.ENOSYS);

    /// <summary>Renames, replacing what was there.</summary>
    public abstract Result Rename(string from, string to);

    /// <summary>Removes a file.</summary>
    public abstract Result Unlink(string path);

    /// <summary>Makes a directory.</summary>
    public abstract Result MakeDirectory(string path, uint mode = 0x1C0);

    /// <summary>Removes an empty directory.</summary>
    public abstract Result RemoveDirectory(string path);

    /// <summary>Looks at a file.</summary>
    /// <param name="path">Which.</param>
    /// <param name="status">What is known of it.</param>
    /// <param name="followLinks">False: at a symbolic link itself.</param>
    public abstract Result Status(string path, out FileStatus status, bool followLinks = true);

    /// <summary>Adds the names in a directory (without <c>.</c> and <c>..</c>) to a list.</summary>
    public abstract Result ListDirectory(string path, ICollection<string> names);

    /// <summary>Where a symbolic link points.</summary>
    public abstract Result ReadLink(string path, out string target);

    /// <summary>An inotify instance. Closing one takes about 14 ms: keep it.</summary>
    public abstract Result InotifyCreate();

    /// <summary>Watches a path; the value is the watch descriptor.</summary>
    public abstract Result InotifyAdd(int fd, string path, uint mask);

    /// <summary>Ends a watch.</summary>
    public abstract Result InotifyRemove(int fd, int watch);

    // --- sockets -----------------------------------------------------------------------------------------------

    /// <summary>A socket, close-on-exec and non-blocking.</summary>
    public abstract Result Socket(AddressFamily family, SocketType type, int protocol);

    /// <summary>A connected pair of unix sockets.</summary>
    public abstract Result SocketPair(SocketType type, Span<int> descriptors);

    /// <summary>Gives a socket its address.</summary>
    public abstract Result Bind(int fd, in SocketAddress address);

    /// <summary>Connects; EINPROGRESS is the usual answer of a stream socket.</summary>
    public abstract Result Connect(int fd, in SocketAddress address);

    /// <summary>Begins to listen.</summary>
    public abstract Result Listen(int fd, int backlog);

    /// <summary>Takes a connection.</summary>
    public abstract Result Accept(int fd, out SocketAddress peer);

    /// <summary>Ends one or both directions: 0 reading, 1 writing, 2 both.</summary>
    public abstract Result Shutdown(int fd, int how);

    /// <summary>The socket's own address.</summary>
    public abstract Result LocalAddress(int fd, out SocketAddress address);

    /// <summary>Sends on a connected socket. SIGPIPE never comes (MSG_NOSIGNAL).</summary>
    public abstract Result Send(int fd, ReadOnlySpan<byte> data, int flags = 0);

    /// <summary>Sends to an address.</summary>
    public abstract Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address);

    /// <summary>Receives; the value is the message's length, with MSG_TRUNC in the flags its real one.</summary>
    public abstract Result Receive(int fd, Span<byte> data, int flags = 0);

    /// <summary>Receives with the sender's address.</summary>
    public abstract Result ReceiveFrom(int fd, Span<byte> data, int flags, out SocketAddress sender);

    /// <summary>Sends with control data (<c>cmsg</c>, in the kernel's layout).</summary>
    public abstract Result SendMessage(
        int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address);

    /// <summary>Receives with control data; <paramref name="controlLength"/> octets of it were written.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="data">Where the message goes.</param>
    /// <param name="control">Where control data goes.</param>
    /// <param name="flags">In: MSG_*; a unix socket that may be sent descriptors needs MSG_CMSG_CLOEXEC, which a packet
    /// socket refuses. Out: what the kernel says of the message (MSG_TRUNC, MSG_CTRUNC).</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="controlLength">Octets of control data.</param>
    public abstract Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength);

    /// <summary>Sets an option, its value in the kernel's layout.</summary>
    public abstract Result SetSocketOption(int fd, int level, int option, ReadOnlySpan<byte> value);

    /// <summary>Reads an option; the value is its length.</summary>
    public abstract Result GetSocketOption(int fd, int level, int option, Span<byte> value);

    /// <summary>Attaches a classic BPF program (<c>SO_ATTACH_FILTER</c>), replacing the one there, atomically.</summary>
    public abstract Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program);

    /// <summary>Sets an option that is a number.</summary>
    public Result SetSocketOption(int fd, int level, int option, int value) =>
        SetSocketOption(fd, level, option, System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)));

    // --- the machine -------------------------------------------------------------------------------------------

    /// <summary>The host name.</summary>
    public abstract string HostName { get; }

    /// <summary>Sets the host name.</summary>
    public abstract Result SetHostName(string name);

    /// <summary>Sets the NIS domain name, which DHCP's domain becomes.</summary>
    public abstract Result SetDomainName(string name);

    /// <summary>Lets the process have as many descriptors as it may give itself (RLIMIT_NOFILE: the soft limit becomes the hard one). Programs that
    /// it starts inherit that.</summary>
    /// <returns>How many it may have now.</returns>
    public abstract Result RaiseDescriptorLimit();

    /// <summary>Gives back the memory of code and constants: pages of the executable, and of the libraries that it was linked
    /// with, that are as they are in their files. They stay in the page cache and come back, at a page fault each, when they are
    /// touched. Does nothing where there are no such pages.</summary>
    /// <returns>The octets given back; or why it cannot be known which pages are so (no <c>/proc</c>).</returns>
    public virtual Result ReleaseCleanPages() => Result.Ok();

    /// <summary>The number of the link with this name; ENODEV if there is none.</summary>
    public abstract Result InterfaceIndex(string name);
}
