using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Spindle.Loop.Async;

/// <summary>What is to run on the loop in a later turn. From the loop's own thread that costs neither a lock nor a system
/// call; from others it is a post.</summary>
/// <remarks>All that waits when its turn comes runs in that turn, in order. What is added meanwhile waits for the next one,
/// so that continuations which continue do not starve the rest.</remarks>
internal sealed class ContinuationSource : Source
{
    private readonly Lock gate = new();
    private Entry[] waiting = new Entry[16];
    private Entry[] running = new Entry[16];
    private Entry[] foreign = new Entry[4];
    private int waitingCount;
    private int runningCount;
    private int runningIndex;
    private int foreignCount;
    private bool isForeignPosted;

    public ContinuationSource(EventLoop loop)
        : base(loop, global::Spindle.Loop.Priority.Default, "continuations")
    {
        // A continuation that runs the loop has the others go on meanwhile, as a post has.
        CanRecurse = true;
    }

    private readonly record struct Entry(Delegate Call, object? State)
    {
        public void Invoke()
        {
            if (Call is Action<object?> action)
            {
                action(State);
            }
            else
            {
                ((SendOrPostCallback)Call)(State);
            }
        }
    }

    /// <summary>True once nothing is taken any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Any thread.</summary>
    public void Add(Action<object?> call, object? state) => Add(new Entry(call, state));

    /// <inheritdoc cref="Add(Action{object}, object)"/>
    public void AddCallback(SendOrPostCallback call, object? state) => Add(new Entry(call, state));

    /// <summary>On the loop: takes no more, and runs what waits. The first exception comes out at the end.</summary>
    public void RunOut()
    {
        lock (gate)
        {
            IsClosed = true;
        }

        TakeForeign();
        ExceptionDispatchInfo? first = null;
        while (runningIndex < runningCount || TakeWaiting())
        {
            try
            {
                RunNext();
            }
            catch (Exception exception)
            {
                first ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        first?.Throw();
    }

    internal override bool Dispatch(long turn)
    {
        if (runningIndex == runningCount && !TakeWaiting())
        {
            Unflag();
            return false;
        }

        // One that throws must not take the others with it: the index is past it, and the source stays flagged.
        while (runningIndex < runningCount)
        {
            RunNext();
            if (Loop.IsDisposed)
            {
                return true;
            }
        }

        if (waitingCount == 0)
        {
            Unflag();
        }

        return true;
    }

    internal override void Detach()
    {
        // It lives and dies with its loop.
    }

    private static void Append(ref Entry[] entries, ref int count, in Entry entry)
    {
        if (count == entries.Length)
        {
            Array.Resize(ref entries, count * 2);
        }

        entries[count++] = entry;
    }

    private void Add(in Entry entry)
    {
        if (Loop.IsOwnThread)
        {
            if (!IsClosed)
            {
                Append(ref waiting, ref waitingCount, entry);
                Flag();
            }

            return;
        }

        lock (gate)
        {
            if (IsClosed)
            {
                return;
            }

            Append(ref foreign, ref foreignCount, entry);
            if (isForeignPosted)
            {
                return;
            }

            isForeignPosted = true;
        }

        Loop.Post(static source => ((ContinuationSource)source!).TakeForeign(), this);
    }

    /// <summary>On the loop: what other threads have brought joins what waits.</summary>
    private void TakeForeign()
    {
        lock (gate)
        {
            for (int index = 0; index < foreignCount; index++)
            {
                Append(ref waiting, ref waitingCount, foreign[index]);
            }

            Array.Clear(foreign, 0, foreignCount);
            foreignCount = 0;
            isForeignPosted = false;
        }

        if (waitingCount > 0)
        {
            Flag();
        }
    }

    private bool TakeWaiting()
    {
        (running, waiting) = (waiting, running);
        runningCount = waitingCount;
        runningIndex = 0;
        waitingCount = 0;
        return runningCount > 0;
    }

    private void RunNext()
    {
        Entry entry = running[runningIndex];
        running[runningIndex++] = default;
        entry.Invoke();
    }
}
