using System;
using System.Runtime.CompilerServices;
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
    private readonly TurnMaker turns = awaits.Loop.Turns;
    private FdWork work;
    private Memory<byte> target;
    private ReadOnlyMemory<byte> data;
    private int written;
    private bool isUsedUp;
    private long turn;
    private int atOnce;

    /// <summary>Makes the call now, if it may succeed at once, and waits for readiness otherwise.</summary>
    public ValueTask<Result> Start(FdWork work, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        VerifyFree();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        this.work = work;
        this.data = data;
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
        this.target = target;
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
        this.data = data;
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
            Result read = Read(target.Span);
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

    protected override void LetGo()
    {
        if (work == FdWork.Read)
        {
            target = default;
        }
        else
        {
            data = default;
        }
    }

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

        long now = turns.Number;
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
            FdWork.Read => Read(target.Span),
            FdWork.Accept => owner.AcceptNow(),
            FdWork.Write => Write(data.Span),
            FdWork.WriteAll => WriteAll(data.Span),
            FdWork.Connect => owner.FetchError(),
        };
        bool isWaiting = result.Is(Errno.EAGAIN);
        isUsedUp |= isWaiting;
        return !isWaiting;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Result Read(Span<byte> octets)
    {
        Result result = owner.ReadNow(octets);

        // Less than there was room for: it is empty now. If that is wrong, a level-triggered watch says so.
        isUsedUp = result.IsOk ? result.Value > 0 && result.Value < octets.Length : result.Is(Errno.EAGAIN);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Result Write(ReadOnlySpan<byte> octets)
    {
        Result result = owner.WriteNow(octets);
        isUsedUp = result.IsOk ? result.Value < octets.Length : result.Is(Errno.EAGAIN);
        return result;
    }

    private Result WriteAll(ReadOnlySpan<byte> octets)
    {
        while (true)
        {
            Result result = Write(octets[written..]);
            if (!result.IsOk)
            {
                return result;
            }

            written += result.Int;
            if (written == octets.Length)
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
