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
/// <see cref="PostResult.Full"/>. Nothing is allocated for an item, and no thread waits for another. The items are in a
/// <see cref="Mailbox{T}"/>, which sleeps while this source is not flagged; what wakes it has the loop flag this source.
/// </remarks>
/// <typeparam name="T">What is posted.</typeparam>
public sealed class PostQueue<T> : Source
{
    private readonly Mailbox<PostedItem<T>> mailbox = new();
    private readonly WokenSource woken;
    private readonly PostHandler<T> handler;
    private ApartWord waiting;

    internal PostQueue(EventLoop loop, int capacity, PostHandler<T> handler, int priority, string name)
        : base(loop, priority, name)
    {
        Capacity = capacity;
        this.handler = handler;
        woken = new WokenSource(this);
        loop.Hold(this);
    }

    /// <summary>The most items that wait. One whose handler was called waits no longer.</summary>
    public int Capacity { get; }

    /// <summary>Any thread: posts an item. Items of one thread are handled in their order.</summary>
    public PostResult TryPost(T item)
    {
        if (!TryReserve())
        {
            return mailbox.IsClosed ? PostResult.Ended : PostResult.Full;
        }

        if (!mailbox.TryPut(new PostedItem<T>(item), out bool wakes))
        {
            return PostResult.Ended;
        }

        if (wakes)
        {
            Loop.Posts.Flag(woken);
        }

        return PostResult.Queued;
    }

    internal override bool Dispatch(long turn)
    {
        if (!mailbox.TakeRow())
        {
            Finish();
            return false;
        }

        // One that throws must not take the others with it: the row goes on behind it, and the source stays flagged.
        bool isCalled = false;
        while (IsOpen && mailbox.TryTake(out PostedItem<T> item))
        {
            // Before it is handled: its answer may be the next item, and come at once.
            Interlocked.Decrement(ref waiting.Value);
            isCalled = true;
            handler(this, item.Value);
        }

        if (mailbox.IsRowOver)
        {
            Finish();
        }
        else if (IsOpen)
        {
            // Whoever was interrupted in the middle of a post has us flagged.
            Unflag();
        }

        return isCalled;
    }

    internal override bool DispatchForChild(long turn) => Dispatch(turn);

    internal override void Detach()
    {
        mailbox.Close();
        Loop.Release(this);
    }

    private bool TryReserve()
    {
        long known = Volatile.Read(ref waiting.Value);
        while (known < Capacity)
        {
            long found = Interlocked.CompareExchange(ref waiting.Value, known + 1, known);
            if (found == known)
            {
                return true;
            }

            known = found;
        }

        return false;
    }

    /// <summary>Where nothing came meanwhile, the mailbox sleeps; what came waits for the next turn, so that handlers which
    /// post do not starve the rest.</summary>
    private void Finish()
    {
        if (mailbox.TrySleep())
        {
            Unflag();
        }
    }
}
