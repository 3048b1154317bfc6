using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>One direction of an <see cref="AsyncFd"/>: the system call that is awaited, tried whenever it may succeed.</summary>
internal sealed class FdAwait(LoopAwaits awaits, AsyncFd owner, FdEvents direction) : PendingResult<Result>(awaits)
{
    // So often within one turn a call succeeds at once; then the others have their turn.
    private const int AtOnceMax = 32;

    private FdWork work;
    private Memory<byte> target;
    private ReadOnlyMemory<byte> data;
    private int written;
    private bool isUsedUp;
    private long turn;
    private int atOnce;

    /// <summary>Makes the call now, if it may succeed at once, and waits for readiness otherwise.</summary>
    public ValueTask<Result> Start(FdWork work, Memory<byte> target, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (!IsFree)
        {
            throw new InvalidOperationException($"Descriptor {owner.Fd} is awaited in this direction already.");
        }

        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Result>(cancellation);
        }

        this.work = work;
        this.target = target;
        this.data = data;
        written = 0;
        if (MayTry() && Try(out Result result))
        {
            LetGo();
            return new ValueTask<Result>(result);
        }

        owner.Watch(direction);
        Begin(cancellation);
        return AsValueTask();
    }

    /// <summary>The descriptor is ready in this direction.</summary>
    public void Advance()
    {
        isUsedUp = false;
        if (IsWaiting && Try(out Result result))
        {
            Complete(result, atOnce: true);
        }
    }

    protected override void LetGo()
    {
        target = default;
        data = default;
    }

    /// <summary>False where the kernel would say EAGAIN anyway, and where others wait for long enough.</summary>
    private bool MayTry()
    {
        if (work is FdWork.Wait or FdWork.Connect || isUsedUp)
        {
            return false;
        }

        if (turn != Awaits.Loop.Turn)
        {
            turn = Awaits.Loop.Turn;
            atOnce = 0;
        }

        return atOnce++ < AtOnceMax;
    }

    /// <summary>Makes the call. False: it has to wait (on).</summary>
    private bool Try(out Result result)
    {
        result = work switch
        {
            FdWork.Wait => Result.Ok(),
            FdWork.Read => Read(),
            FdWork.Accept => owner.AcceptNow(),
            FdWork.Write => Write(),
            FdWork.WriteAll => WriteAll(),
            FdWork.Connect => owner.FetchError(),
        };
        isUsedUp |= result.Is(Errno.EAGAIN);
        return !result.Is(Errno.EAGAIN);
    }

    private Result Read()
    {
        Result result = owner.Kernel.Read(owner.Fd, target.Span);

        // Less than there was room for: it is empty now. If that is wrong, a level-triggered watch says so.
        isUsedUp = result.IsOk && result.Value > 0 && result.Value < target.Length;
        return result;
    }

    private Result Write()
    {
        Result result = owner.Kernel.Write(owner.Fd, data.Span[written..]);
        isUsedUp = result.IsOk && result.Value < data.Length - written;
        return result;
    }

    private Result WriteAll()
    {
        while (true)
        {
            Result result = Write();
            if (!result.IsOk)
            {
                return result;
            }

            written += result.Int;
            if (written == data.Length)
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
