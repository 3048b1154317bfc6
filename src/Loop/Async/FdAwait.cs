using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>One direction of an <see cref="AsyncFd"/>: the system call that is awaited, tried whenever it may succeed.</summary>
/// <remarks>What a call at once needs is in here: each object on the way to it would be another line of the cache, and behind a
/// wait those are what costs.</remarks>
internal sealed class FdAwait(LoopAwaits awaits, AsyncFd owner, FdEvents direction)
    : PendingResult<Result>(awaits, staysLinked: true)
{
    private ReadOnlyMemory<byte> octets;
    private int written;
    private uint turn;
    private int atOnce;
    private FdWork work;
    private bool isUsedUp;

    // To read into.
    private Span<byte> Target => MemoryMarshal.AsMemory(octets).Span;

    /// <summary>Makes the call now, if it may succeed at once, and waits for readiness otherwise.</summary>
    public ValueTask<Result> Start(FdWork work, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        VerifyFree();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        this.work = work;
        octets = data;
        written = 0;
        if (work is not (FdWork.Wait or FdWork.Connect) && MayTry() && Try(out Result result))
        {
            LetGo();
            return new ValueTask<Result>(result);
        }

        return Wait(cancellation);
    }

    /// <summary>As <see cref="Start"/>, for a read: nothing is put away unless it has to wait.</summary>
    public ValueTask<Result> StartRead(Memory<byte> target, CancellationToken cancellation)
    {
        VerifyFree();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        if (MayTry())
        {
            Result result = Read(target.Span);
            if (!result.Is(Errno.EAGAIN))
            {
                return new ValueTask<Result>(result);
            }
        }

        work = FdWork.Read;
        octets = target;
        return Wait(cancellation);
    }

    /// <summary>As <see cref="Start"/>, for a write to the last octet, of which some were written already.</summary>
    public ValueTask<Result> StartWriteAll(ReadOnlyMemory<byte> data, int written, CancellationToken cancellation)
    {
        VerifyFree();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        this.written = written;
        if (MayTry())
        {
            Result result = WriteAll(data.Span);
            if (!result.Is(Errno.EAGAIN))
            {
                return new ValueTask<Result>(result);
            }
        }

        work = FdWork.WriteAll;
        octets = data;
        return Wait(cancellation);
    }

    /// <summary>The descriptor is ready in this direction.</summary>
    public void Advance()
    {
        isUsedUp = false;
        if (!IsWaiting)
        {
            return;
        }

        if (work == FdWork.Read)
        {
            Result read = Read(Target);
            if (!read.Is(Errno.EAGAIN))
            {
                Complete(read, atOnce: true);
            }
        }
        else if (Try(out Result result))
        {
            Complete(result, atOnce: true);
        }
    }

    protected override void LetGo() => octets = default;

    private void VerifyFree()
    {
        if (!IsFree)
        {
            RefuseSecond();
        }
    }

    private void RefuseSecond() =>
        throw new InvalidOperationException($"Descriptor {owner.Fd} is awaited in this direction already.");

    private ValueTask<Result> Wait(CancellationToken cancellation)
    {
        owner.Watch(direction);
        Begin(cancellation);
        return AsValueTask();
    }

    /// <summary>False where the kernel would say EAGAIN anyway, and where others wait for long enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayTry()
    {
        if (isUsedUp)
        {
            return false;
        }

        uint now = (uint)Awaits.Turns.Number;
        if (turn != now)
        {
            turn = now;
            atOnce = 0;
        }

        return atOnce++ < AsyncFd.AtOnceMax;
    }

    /// <summary>Makes the call. False: it has to wait (on).</summary>
    private bool Try(out Result result)
    {
        result = work switch
        {
            FdWork.Wait => Result.Ok(),
            FdWork.Read => Read(Target),
            FdWork.Accept => owner.AcceptNow(),
            FdWork.Write => Write(octets.Span),
            FdWork.WriteAll => WriteAll(octets.Span),
            FdWork.Connect => owner.FetchError(),
        };
        bool isWaiting = result.Is(Errno.EAGAIN);
        isUsedUp |= isWaiting;
        return !isWaiting;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Result Read(Span<byte> target)
    {
        Result result = owner.ReadNow(target);

        // Less than there was room for: it is empty now. If that is wrong, a level-triggered watch says so.
        isUsedUp = result.IsOk ? result.Value > 0 && result.Value < target.Length : result.Is(Errno.EAGAIN);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Result Write(ReadOnlySpan<byte> source)
    {
        Result result = owner.WriteNow(source);
        isUsedUp = result.IsOk ? result.Value < source.Length : result.Is(Errno.EAGAIN);
        return result;
    }

    private Result WriteAll(ReadOnlySpan<byte> source)
    {
        while (true)
        {
            Result result = Write(source[written..]);
            if (!result.IsOk)
            {
                return result;
            }

            written += result.Int;
            if (written == source.Length)
            {
                return Result.Ok(written);
            }

            if (isUsedUp)
            {
                return Result.Fail(Errno.EAGAIN);
            }
        }
    }
}
