using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Spindle.Loop.Async;

/// <summary>What is to run on the loop in a later turn. From the loop's own thread that costs neither a lock nor a system
/// call; from others it is as a post, without a lock: a <see cref="Mailbox{T}"/>, which sleeps while it has nothing that this
/// source is flagged for.</summary>
/// <remarks>All that waits when its turn comes runs in that turn, in order. What is added meanwhile waits for the next one,
/// so that continuations which continue do not starve the rest.</remarks>
internal sealed class ContinuationSource : Source
{
    private readonly Mailbox<PostedItem<Entry>> foreign = new();
    private readonly WokenSource woken;
    private Entry[] waiting = new Entry[16];
    private Entry[] running = new Entry[16];
    private int waitingCount;
    private int runningCount;
    private int runningIndex;
    private bool isEnding;

    public ContinuationSource(EventLoop loop)
        : base(loop, global::Spindle.Loop.Priority.Default, "continuations")
    {
        // A continuation that runs the loop has the others go on meanwhile, as a post has.
        CanRecurse = true;
        woken = new WokenSource(this);
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
    public bool IsClosed => foreign.IsClosed;

    /// <summary>Any thread.</summary>
    public void Add(Action<object?> call, object? state) => Add(new Entry(call, state));

    /// <inheritdoc cref="Add(Action{object}, object)"/>
    public void AddCallback(SendOrPostCallback call, object? state) => Add(new Entry(call, state));

    /// <summary>On the loop: takes no more, and runs what waits. The first exception comes out at the end.</summary>
    public void RunOut()
    {
        isEnding = true;
        while (TakeForeign())
        {
        }

        foreign.Close();
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
        bool isMoreThere = TakeForeign();
        bool isCalled = runningIndex < runningCount || TakeWaiting();

        // One that throws must not take the others with it: the index is past it, and the source stays flagged.
        while (runningIndex < runningCount)
        {
            RunNext();
            if (Loop.IsDisposed)
            {
                return true;
            }
        }

        // Once more, for a turn inside another one may have been told of something, and have left it to us.
        if (!((isCalled ? TakeForeign() : isMoreThere) || waitingCount > 0))
        {
            Unflag();
        }

        return isCalled;
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
            if (!isEnding)
            {
                Append(ref waiting, ref waitingCount, entry);
                Flag();
            }
        }
        else if (foreign.TryPut(new PostedItem<Entry>(entry), out bool wakes) && wakes)
        {
            Loop.Posts.Flag(woken);
        }
    }

    /// <summary>On the loop: what other threads have brought joins what waits. Who was interrupted in the middle of bringing
    /// something has us flagged afterwards.</summary>
    /// <returns>True if more has come meanwhile, which nobody will flag us for.</returns>
    private bool TakeForeign()
    {
        if (!foreign.HasItems)
        {
            return false;
        }

        foreign.TakeRow();
        while (foreign.TryTake(out PostedItem<Entry> item))
        {
            Append(ref waiting, ref waitingCount, item.Value);
        }

        return foreign.IsRowOver && !foreign.TrySleep();
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
