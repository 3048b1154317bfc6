using System;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>Actions posted from any thread, run on the loop's in their order. An eventfd wakes the loop.</summary>
/// <remarks>
/// No wake-up is lost, because one lock covers all that the question "does the loop know?" rests on: an action is queued, and
/// the eventfd written unless the loop knows, under the lock; the loop reads the eventfd, and takes back "it knows", under
/// the lock as well, the latter only while it sees the queue empty. It knows in two ways: the eventfd was written and not
/// yet read (<c>isWakeWritten</c>), or this source is flagged (<c>isAwake</c>), so that no turn waits before it has been
/// dispatched. So whenever something waits, one of the two is true, and a flood costs one write, not one a turn.
/// </remarks>
internal sealed class PostSource : Source
{
    private readonly Lock gate = new();
    private readonly Kernel kernel;
    private readonly int fd;
    private PostedAction[] waiting = new PostedAction[16];
    private PostedAction[] running = new PostedAction[16];
    private int waitingCount;
    private int runningCount;
    private int runningIndex;
    private bool isWakeWritten;
    private bool isAwake;
    private Source[] woken = new Source[4];
    private int wokenCount;
    private bool isClosed;

    private readonly record struct PostedAction(Action<object?>? WithState, object? State)
    {
        public void Invoke()
        {
            if (WithState is not null)
            {
                WithState(State);
            }
            else
            {
                ((Action)State!)();
            }
        }
    }

    public PostSource(EventLoop loop, Kernel kernel)
        : base(loop, global::Spindle.Loop.Priority.Default, "posts")
    {
        this.kernel = kernel;

        // A posted action that runs the loop must not keep the other ones waiting: one of them may be to end it.
        CanRecurse = true;
        Result result = kernel.EventFd(0);
        fd = result.IsOk ? result.Int : throw new InvalidOperationException($"eventfd failed: {result.Error}.");
        loop.Poller.AddWaker(fd, SeeWake);
    }

    /// <summary>Any thread. A closed loop drops it.</summary>
    public void Post(Action<object?>? withState, object? state)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            if (waitingCount == waiting.Length)
            {
                Array.Resize(ref waiting, waitingCount * 2);
            }

            waiting[waitingCount++] = new PostedAction(withState, state);
            if (!isAwake)
            {
                WriteWake();
            }
        }
    }

    /// <summary>Any thread: flags a source of this loop, as soon as the loop looks. Not behind the actions: by its own
    /// priority.</summary>
    public void Flag(Source source)
    {
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }

            if (wokenCount == woken.Length)
            {
                Array.Resize(ref woken, wokenCount * 2);
            }

            woken[wokenCount++] = source;
            WriteWake();
        }
    }

    /// <summary>Any thread: the loop's next wait, or the one it is in, ends.</summary>
    public void Wake()
    {
        lock (gate)
        {
            if (!isClosed)
            {
                WriteWake();
            }
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Array.Clear(waiting, 0, waitingCount);
            waitingCount = 0;
            Array.Clear(woken);
            wokenCount = 0;
            kernel.Close(fd);
        }
    }

    internal override bool Dispatch(long turn)
    {
        if (runningIndex == runningCount && !TakeWaiting())
        {
            TakeBackFlag();
            return false;
        }

        // One that throws must not take the others with it: the index is past it, and the source stays flagged.
        while (runningIndex < runningCount)
        {
            PostedAction action = running[runningIndex];
            running[runningIndex++] = default;
            if (runningIndex == runningCount)
            {
                // Before the last one, which may run the loop: a turn inside must not find us ready for nothing.
                TakeBackFlag();
            }

            action.Invoke();
            if (Loop.IsDisposed)
            {
                return true;
            }
        }

        return true;
    }

    internal override void Detach()
    {
        // It lives and dies with its loop.
    }

    private bool TakeWaiting()
    {
        lock (gate)
        {
            (running, waiting) = (waiting, running);
            runningCount = waitingCount;
            runningIndex = 0;
            waitingCount = 0;
            return runningCount > 0;
        }
    }

    /// <summary>What came meanwhile waits for the next turn, so that posts which post do not starve the rest.</summary>
    private void TakeBackFlag()
    {
        lock (gate)
        {
            isAwake = waitingCount > 0;
        }

        if (!isAwake)
        {
            Unflag();
        }
    }

    private void SeeWake()
    {
        Span<byte> counter = stackalloc byte[8];
        lock (gate)
        {
            kernel.Read(fd, counter);
            isWakeWritten = false;
            isAwake |= waitingCount > 0;
            foreach (Source source in woken.AsSpan(0, wokenCount))
            {
                source.Flag();
            }

            Array.Clear(woken, 0, wokenCount);
            wokenCount = 0;
        }

        if (isAwake)
        {
            Flag();
        }
    }

    private void WriteWake()
    {
        if (isWakeWritten)
        {
            return;
        }

        ReadOnlySpan<byte> one = BitConverter.IsLittleEndian ? [1, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 1];
        isWakeWritten = kernel.Write(fd, one).IsOk;
    }
}
