using System;
using System.Threading;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Actions posted from any thread, run on the loop's in their order. An eventfd wakes the loop.</summary>
/// <remarks>
/// The actions are in a <see cref="Mailbox{T}"/>, which sleeps while this source is not flagged: so a post to a loop that knows
/// of posts makes no system call, one to a loop that does not makes one, and nobody waits for a lock, least of all the loop for
/// a thread that it has just interrupted. Sources that have something to do are told by a stack of their own, as they go by
/// their own priorities; who puts the first one on it wakes the loop.
/// </remarks>
internal sealed class PostSource : Source
{
    private readonly Mailbox<PostedAction> mailbox = new();
    private readonly WakeDescriptor wake;
    private readonly Registration registration;
    private WokenSource? woken;

    // Each write is an edge: then there is nothing to be read, and a wake-up costs one system call less on the loop.
    private bool isEdge;

    public PostSource(EventLoop loop, Kernel kernel)
        : base(loop, global::Spindle.Loop.Priority.Default, "posts")
    {
        // A posted action that runs the loop must not keep the other ones waiting: one of them may be to end it.
        CanRecurse = true;
        wake = new WakeDescriptor(kernel);
        isEdge = loop.Poller.HasEdgeWakers;
        registration = loop.Poller.AddWaker(wake.Fd, SeeWake, kind: isEdge ? WishKind.Edge : WishKind.Level);
    }

    /// <summary>On the loop: a foreign loop is about to wait for the eventfd by poll(2), and must find it empty when there is
    /// nothing.</summary>
    public void TellLevel()
    {
        if (isEdge)
        {
            isEdge = false;
            Loop.Poller.TellLevel(registration);
        }
    }

    /// <summary>Any thread. A closed loop drops it.</summary>
    public void Post(Delegate call, object? state)
    {
        if (mailbox.TryPut(new PostedAction(call, state), out bool wakes) && wakes)
        {
            wake.Write();
        }
    }

    /// <summary>Any thread: flags a source of this loop, as soon as the loop looks. Not behind the actions: by its own
    /// priority.</summary>
    public void Flag(WokenSource source)
    {
        if (!source.TryEnter())
        {
            // Who put it there has woken the loop, or is about to, and the loop takes it away before it looks.
            return;
        }

        WokenSource? first = Volatile.Read(ref woken);
        while (true)
        {
            source.Next = first;
            WokenSource? found = Interlocked.CompareExchange(ref woken, source, first);
            if (found == first)
            {
                break;
            }

            first = found;
        }

        if (first is null)
        {
            wake.Write();
        }
    }

    /// <summary>Any thread: the loop's next wait, or the one it is in, ends.</summary>
    public void Wake() => wake.Write();

    public void Close()
    {
        mailbox.Close();
        Interlocked.Exchange(ref woken, null);
        wake.Close();
    }

    internal override bool Dispatch(long turn)
    {
        if (!mailbox.TakeRow())
        {
            TakeBackFlag();
            return false;
        }

        // One that throws must not take the others with it: the row goes on behind it, and the source stays flagged.
        bool isCalled = false;
        while (mailbox.TryTake(out PostedAction action))
        {
            if (mailbox.IsRowOver)
            {
                // Before the last one, which may run the loop: a turn inside must not find us ready for nothing.
                TakeBackFlag();
            }

            isCalled = true;
            action.Invoke();
        }

        if (!mailbox.IsRowOver)
        {
            // Whoever was interrupted in the middle of a post wakes the loop.
            Unflag();
        }

        return isCalled;
    }

    internal override void Detach()
    {
        // It lives and dies with its loop.
    }

    /// <summary>What came meanwhile waits for the next turn, so that posts which post do not starve the rest.</summary>
    private void TakeBackFlag()
    {
        if (mailbox.TrySleep())
        {
            Unflag();
        }
    }

    private void SeeWake()
    {
        if (!isEdge)
        {
            wake.Read();
        }

        WokenSource? source = Interlocked.Exchange(ref woken, null);
        while (source is not null)
        {
            source = source.Leave();
        }

        if (mailbox.HasItems)
        {
            Flag();
        }
    }
}
