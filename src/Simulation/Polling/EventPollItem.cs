using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>One registration of an epoll: a file under a descriptor number, and what is wanted of it.</summary>
/// <remarks>While it is being added it registers a callback at each wait queue that the file names; they stay until it is removed.</remarks>
internal sealed class EventPollItem(EventPoll owner, OpenFile file, int fd) : WaitRegistrar
{
    private EventPollCallback? firstCallback;

    public EventPoll Owner { get; } = owner;

    public OpenFile File { get; } = file;

    public int Fd { get; } = fd;

    /// <summary>What is wanted, with the private bits; nothing else is left while a one-shot registration is disarmed.</summary>
    public PollMask Events { get; set; }

    public ulong Data { get; set; }

    // Neighbours in the ready list.
    public bool IsReadyLinked { get; set; }
    public EventPollItem? NextReady { get; set; }
    public EventPollItem? PreviousReady { get; set; }

    // Neighbours in the overflow list.
    public bool IsOverflowLinked { get; set; }
    public EventPollItem? NextOverflow { get; set; }

    // Neighbours in the file's list of watchers.
    public EventPollItem? NextWatcher { get; set; }
    public EventPollItem? PreviousWatcher { get; set; }

    public bool IsDisarmed => (Events & ~PollMask.Private) == PollMask.None;

    public bool Has(PollMask bit) => (Events & bit) != PollMask.None;

    public override void Register(WaitQueue queue)
    {
        firstCallback = new EventPollCallback(this, firstCallback);
        if (Has(PollMask.Exclusive) && Owner.Machine.Rules.HasExclusive)
        {
            if (Owner.Machine.Breaks(Mutation.ExclusiveGoesToHead))
            {
                queue.AddExclusiveFirst(firstCallback);
            }
            else
            {
                queue.AddExclusive(firstCallback);
            }
        }
        else if (Owner.Machine.Breaks(Mutation.NormalGoesToTail))
        {
            queue.AddExclusive(firstCallback);
            firstCallback.IsExclusive = false;
        }
        else
        {
            queue.Add(firstCallback);
        }
    }

    /// <summary>Takes the callbacks out of all wait queues.</summary>
    public void Unregister()
    {
        for (EventPollCallback? callback = firstCallback; callback is not null; callback = callback.NextOfItem)
        {
            callback.Queue?.Remove(callback);
        }

        firstCallback = null;
    }

    /// <summary>What of the wanted is there now.</summary>
    public PollMask Poll(WaitRegistrar? registrar = null) => File.Poll(registrar, Events) & Events;
}
