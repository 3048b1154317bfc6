using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Spindle.Kernels.Linux;

namespace Spindle.Kernels;

/// <summary>An io_uring for polls: requests are queued without a system call, and handed over by the one that waits.</summary>
/// <remarks>
/// Needs Linux 6.1 (<c>man 7 io_uring</c>): completions come about only in <see cref="Enter"/> (DEFER_TASKRUN), of the one
/// thread that has called <see cref="Enable"/> (SINGLE_ISSUER), and no kernel thread ever polls for us.
/// A poll holds its file open until it is removed. Belongs to one thread, but for <see cref="Dispose"/>.
/// The pointers lead into the two mappings, which live from the constructor to <see cref="Dispose"/>; every index is
/// masked by the ring's own mask, so that it stays within them.
/// </remarks>
public sealed unsafe class IoUring : IDisposable
{
    private const uint SetupCompletionSize = 1 << 3;
    private const uint SetupClamp = 1 << 4;
    private const uint SetupDisabled = 1 << 6;
    private const uint SetupSubmitAll = 1 << 7;
    private const uint SetupTaskRunFlag = 1 << 9;
    private const uint SetupSingleIssuer = 1 << 12;
    private const uint SetupDeferTaskRun = 1 << 13;
    private const uint FeatureSingleMapping = 1;
    private const uint FeatureNoDrop = 2;
    private const uint EnterGetEvents = 1;
    private const uint EnterExtendedArgument = 8;
    private const uint NeedsEnterFlags = 2 | 4; // IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN
    private const uint EnterRegistered = 16;
    private const uint RegisterEnableRings = 12;
    private const uint RegisterRingDescriptor = 20;
    private const uint UnregisterRingDescriptor = 21;
    private const uint AnyOffset = uint.MaxValue;
    private const byte OperationPollAdd = 6;
    private const byte OperationCancel = 14;
    private const uint PollMultishot = 1;
    private const byte SkipCompletionOnSuccess = 1 << 6;
    private const nint OffsetRings = 0;
    private const nint OffsetRequests = 0x10000000;

    private readonly byte* rings;
    private readonly nint ringsSize;
    private readonly IoRequest* requests;
    private readonly nint requestsSize;
    private readonly uint* requestTail;
    private readonly uint* requestFlags;
    private readonly uint requestMask;
    private readonly uint* completionHead;
    private readonly uint* completionTail;
    private readonly uint completionMask;
    private readonly IoCompletion* completions;
    private uint tail;
    private int enterFd;
    private uint enterFlags;
    private bool isDisposed;

    private IoUring(int fd, in IoUringParameters parameters, byte* rings, nint ringsSize, IoRequest* requests, nint requestsSize)
    {
        Fd = fd;
        enterFd = fd;
        this.rings = rings;
        this.ringsSize = ringsSize;
        this.requests = requests;
        this.requestsSize = requestsSize;
        requestTail = (uint*)(rings + parameters.Requests.Tail);
        requestFlags = (uint*)(rings + parameters.Requests.Flags);
        requestMask = *(uint*)(rings + parameters.Requests.RingMask);
        completionHead = (uint*)(rings + parameters.Completions.Head);
        completionTail = (uint*)(rings + parameters.Completions.Tail);
        completionMask = *(uint*)(rings + parameters.Completions.RingMask);
        completions = (IoCompletion*)(rings + parameters.Completions.Completions);
        tail = *requestTail;

        // The ring of indices stays the identity for ever: request n is in place n.
        uint* indices = (uint*)(rings + parameters.Requests.Array);
        for (uint index = 0; index <= requestMask; index++)
        {
            indices[index] = index;
        }
    }

    /// <summary>The descriptor; readable when completions wait, or could be made to by <see cref="Enter"/>.</summary>
    public int Fd { get; }

    /// <summary>Requests that were queued and not handed over yet.</summary>
    public int QueuedCount { get; private set; }

    /// <summary>True if a completion can be taken.</summary>
    public bool HasCompletions
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => *completionHead != Volatile.Read(ref *completionTail);
    }

    /// <summary>True if <see cref="Enter"/> would make completions of what the kernel holds back.</summary>
    public bool NeedsEnter => (Volatile.Read(ref *requestFlags) & NeedsEnterFlags) != 0;

    /// <summary>Makes a ring, not enabled yet. ENOSYS, EPERM or EINVAL: this kernel has none for us.</summary>
    internal static Result Create(uint requestCount, uint completionCount, out IoUring? ring)
    {
        ring = null;
        IoUringParameters parameters = new()
        {
            Flags = SetupCompletionSize | SetupClamp | SetupDisabled | SetupSubmitAll | SetupTaskRunFlag
                | SetupSingleIssuer | SetupDeferTaskRun,
            CompletionEntries = completionCount,
        };
        Result setup = SystemCall.Invoke(SystemCallNumber.IoUringSetup, (nint)requestCount, (nint)(&parameters));
        if (!setup.IsOk)
        {
            return setup;
        }

        const uint Features = FeatureSingleMapping | FeatureNoDrop;
        if ((parameters.Features & Features) != Features)
        {
            Descriptors.Close(setup.Int);
            return Result.Fail(Errno.ENOSYS);
        }

        return Map(setup.Int, parameters, out ring);
    }

    /// <summary>Makes the calling thread the one that may use the ring.</summary>
    public Result Enable() => SystemCall.Invoke(SystemCallNumber.IoUringRegister, Fd, (nint)RegisterEnableRings);

    /// <summary>From now on <see cref="Enter"/> names the ring by a number of the calling thread's own, which saves the kernel
    /// the look at the descriptor. Only the thread that has enabled it, and it must take that back before the ring is
    /// disposed by another one: until then the ring lives as long as the thread.</summary>
    /// <returns>A failure changes nothing.</returns>
    public Result Register()
    {
        IoDescriptorUpdate update = new() { Offset = AnyOffset, Data = (ulong)Fd };
        Result result = SystemCall.Invoke(
            SystemCallNumber.IoUringRegister, Fd, (nint)RegisterRingDescriptor, (nint)(&update), 1);
        if (result is { IsOk: true, Value: 1 })
        {
            enterFd = (int)update.Offset;
            enterFlags = EnterRegistered;
        }

        return result;
    }

    /// <summary>Ends <see cref="Register"/>; on the same thread.</summary>
    public void Unregister()
    {
        if (enterFlags != 0)
        {
            IoDescriptorUpdate update = new() { Offset = (uint)enterFd };
            SystemCall.Invoke(SystemCallNumber.IoUringRegister, Fd, (nint)UnregisterRingDescriptor, (nint)(&update), 1);
            enterFd = Fd;
            enterFlags = 0;
        }
    }

    /// <summary>Queues a poll. It answers at once if the descriptor is ready.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="events">The <c>POLL*</c> bits; error and hang-up come unasked. <c>EPOLLEXCLUSIVE</c> is heeded.</param>
    /// <param name="isMultishot">True: it answers again with each change; false: once.</param>
    /// <param name="data">What its completions carry.</param>
    /// <returns>False if the queue is full: <see cref="Enter"/> first.</returns>
    public bool TryQueuePoll(int fd, uint events, bool isMultishot, ulong data) => TryQueue(new IoRequest
    {
        Operation = OperationPollAdd,
        Fd = fd,
        Length = isMultishot ? PollMultishot : 0,
        PollEvents = events,
        Data = data,
    });

    /// <summary>Queues the end of a poll. The poll answers ECANCELED if it was still there; the removal itself answers only
    /// if it was not.</summary>
    /// <param name="poll">What the poll's completions carry.</param>
    /// <param name="data">What the removal's completion carries.</param>
    /// <returns>False if the queue is full: <see cref="Enter"/> first.</returns>
    public bool TryQueuePollRemoval(ulong poll, ulong data) => TryQueue(new IoRequest
    {
        Operation = OperationCancel, // POLL_REMOVE fails (EALREADY) while an event of the poll waits to be told
        Flags = SkipCompletionOnSuccess,
        Fd = -1,
        Address = poll,
        Data = data,
    });

    /// <summary>Hands over all that is queued, and makes completions of what has happened.</summary>
    /// <param name="timeout">How long to wait for a completion if there is none. Zero: not at all. Null: without end.</param>
    /// <returns>The number of requests handed over. ETIME at the end of the timeout, EINTR on a signal: only where
    /// nothing was handed over. EBUSY: completions must be taken first.</returns>
    public Result Enter(TimeSpan? timeout)
    {
        if (timeout is { Ticks: > 0 } span)
        {
            TimeSpec limit = TimeSpec.Of(span);
            IoWaitArgument argument = new() { Timeout = (ulong)&limit };
            return HandOver(1, EnterGetEvents | EnterExtendedArgument, &argument, sizeof(IoWaitArgument));
        }

        return HandOver(timeout is null ? 1 : 0, EnterGetEvents, null, 0);
    }

    /// <summary>Takes the oldest completion.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out IoCompletion completion)
    {
        uint head = *completionHead;
        if (head == Volatile.Read(ref *completionTail))
        {
            completion = default;
            return false;
        }

        completion = completions[head & completionMask];
        Volatile.Write(ref *completionHead, head + 1);
        return true;
    }

    /// <summary>Closes the ring; the kernel ends its polls soon, not at once.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            Descriptors.Close(Fd);
            SystemCall.Invoke(SystemCallNumber.Munmap, (nint)rings, ringsSize);
            SystemCall.Invoke(SystemCallNumber.Munmap, (nint)requests, requestsSize);
        }
    }

    private Result HandOver(nint minimum, uint flags, IoWaitArgument* argument, nint size)
    {
        nint count = LibC.Syscall(
            SystemCallNumber.IoUringEnter, enterFd, QueuedCount, minimum, (nint)(flags | enterFlags), (nint)argument, size);
        if (count < 0)
        {
            return Result.Fail((Errno)Marshal.GetLastSystemError());
        }

        QueuedCount -= (int)count;
        return Result.Ok(count);
    }

    private static Result Map(int fd, in IoUringParameters parameters, out IoUring? ring)
    {
        ring = null;
        nint requestRing = (nint)(parameters.Requests.Array + (parameters.RequestEntries * sizeof(uint)));
        nint completionRing = (nint)parameters.Completions.Completions
            + ((nint)parameters.CompletionEntries * sizeof(IoCompletion));
        nint ringsSize = Math.Max(requestRing, completionRing);
        nint requestsSize = (nint)parameters.RequestEntries * sizeof(IoRequest);
        Result rings = MapShared(fd, ringsSize, OffsetRings);
        if (!rings.IsOk)
        {
            Descriptors.Close(fd);
            return rings;
        }

        Result requests = MapShared(fd, requestsSize, OffsetRequests);
        if (!requests.IsOk)
        {
            SystemCall.Invoke(SystemCallNumber.Munmap, (nint)rings.Value, ringsSize);
            Descriptors.Close(fd);
            return requests;
        }

        ring = new IoUring(
            fd, parameters, (byte*)rings.Value, ringsSize, (IoRequest*)requests.Value, requestsSize);
        return Result.Ok(fd);
    }

    private static Result MapShared(int fd, nint size, nint offset)
    {
        const nint ReadAndWrite = 3;
        const nint SharedAndPopulated = 0x1 | 0x8000;
        return SystemCall.Invoke(SystemCallNumber.Mmap, 0, size, ReadAndWrite, SharedAndPopulated, fd, offset);
    }

    private bool TryQueue(in IoRequest request)
    {
        // Requests are copied out while they are handed over: all that is not queued is free.
        if (QueuedCount > requestMask)
        {
            return false;
        }

        requests[tail & requestMask] = request;
        Volatile.Write(ref *requestTail, ++tail);
        QueuedCount++;
        return true;
    }
}
