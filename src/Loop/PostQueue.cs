using System;
using System.Threading;

namespace Spindle.Loop;

/// <summary>Handles an item that was posted.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="queue">The queue; removing it here is legal.</param>
/// <param name="item">The item.</param>
public delegate void PostHandler<T>(PostQueue<T> queue, T item);

/// <summary>Brings items of one type from any thread to the loop, in their order, through a queue with a bound.</summary>
/// <remarks>
/// For what may come faster than it is handled: <see cref="EventLoop.Post(Action)"/> takes everything, this says
/// <see cref="PostResult.Full"/>. Nothing is allocated for an item. The loop is told when the queue is empty and an item
/// comes, under the queue's lock; it takes that back under the same lock, only while it sees the queue empty. So whenever
/// items wait, the loop has been told and has not forgotten.
/// </remarks>
/// <typeparam name="T">What is posted.</typeparam>
public sealed class PostQueue<T> : Source
{
    private readonly Lock gate = new();
    private readonly PostHandler<T> handler;
    private T[] waiting;
    private T[] running;
    private int waitingCount;
    private int runningCount;
    private int runningIndex;
    private int unfinished;
    private bool isTold;
    private bool isEnded;

    internal PostQueue(EventLoop loop, int capacity, PostHandler<T> handler, int priority, string name)
        : base(loop, priority, name)
    {
        Capacity = capacity;
        this.handler = handler;
        waiting = new T[Math.Min(capacity, 16)];
        running = new T[waiting.Length];
        loop.Hold(this);
    }

    /// <summary>The most items that wait, those of the row that is being handled included.</summary>
    public int Capacity { get; }

    /// <summary>Any thread: posts an item. Items of one thread are handled in their order.</summary>
    public PostResult TryPost(T item)
    {
        bool tells;
        lock (gate)
        {
            if (isEnded)
            {
                return PostResult.Ended;
            }

            if (unfinished == Capacity)
            {
                return PostResult.Full;
            }

            if (waitingCount == waiting.Length)
            {
                Array.Resize(ref waiting, (int)Math.Min(Capacity, waitingCount * 2L));
            }

            waiting[waitingCount++] = item;
            unfinished++;
            tells = !isTold;
            isTold = true;
        }

        if (tells)
        {
            Loop.Posts.Flag(this);
        }

        return PostResult.Queued;
    }

    internal override bool Dispatch(long turn)
    {
        if (runningIndex == runningCount)
        {
            TakeWaiting();
        }

        bool isCalled = runningIndex < runningCount;

        // One that throws must not take the others with it: the index is past it, and the source stays flagged.
        while (runningIndex < runningCount && IsOpen)
        {
            T item = running[runningIndex];
            running[runningIndex++] = default!;
            handler(this, item);
        }

        if (runningIndex == runningCount)
        {
            Finish();
        }

        return isCalled;
    }

    internal override bool DispatchForChild(long turn) => Dispatch(turn);

    internal override void Detach()
    {
        lock (gate)
        {
            isEnded = true;
            Array.Clear(waiting);
            waitingCount = 0;
        }

        Array.Clear(running);
        runningIndex = runningCount;
        Loop.Release(this);
    }

    private void TakeWaiting()
    {
        lock (gate)
        {
            (running, waiting) = (waiting, running);
            runningCount = waitingCount;
            runningIndex = 0;
            waitingCount = 0;
        }
    }

    /// <summary>The row that was handled makes room. Where nothing came meanwhile, the loop forgets; what came waits for
    /// the next turn, so that handlers which post do not starve the rest.</summary>
    private void Finish()
    {
        bool isEmpty;
        lock (gate)
        {
            unfinished = waitingCount;
            isEmpty = waitingCount == 0;
            isTold = !isEmpty;
        }

        if (isEmpty)
        {
            Unflag();
        }
    }
}
