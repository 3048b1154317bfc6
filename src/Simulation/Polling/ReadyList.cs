using System.Diagnostics;

namespace Spindle.Simulation.Polling;

/// <summary>Registrations in an order, each in one list at the most: the ready list of an epoll, or the batch a scan took from it.</summary>
internal struct ReadyList
{
    private EventPollItem? last;

    public EventPollItem? First { get; private set; }

    public readonly bool IsEmpty => First is null;

    public void AddLast(EventPollItem item)
    {
        Debug.Assert(!item.IsReadyLinked, "an item is a candidate once");
        item.IsReadyLinked = true;
        item.PreviousReady = last;
        item.NextReady = null;
        if (last is null)
        {
            First = item;
        }
        else
        {
            last.NextReady = item;
        }

        last = item;
    }

    public void AddFirst(EventPollItem item)
    {
        Debug.Assert(!item.IsReadyLinked, "an item is a candidate once");
        item.IsReadyLinked = true;
        item.NextReady = First;
        item.PreviousReady = null;
        if (First is null)
        {
            last = item;
        }
        else
        {
            First.PreviousReady = item;
        }

        First = item;
    }

    public void Remove(EventPollItem item)
    {
        if (item.PreviousReady is null)
        {
            First = item.NextReady;
        }
        else
        {
            item.PreviousReady.NextReady = item.NextReady;
        }

        if (item.NextReady is null)
        {
            last = item.PreviousReady;
        }
        else
        {
            item.NextReady.PreviousReady = item.PreviousReady;
        }

        item.NextReady = item.PreviousReady = null;
        item.IsReadyLinked = false;
    }

    /// <summary>Puts a whole list in front of this one.</summary>
    public void AddFront(ReadyList front)
    {
        if (front.IsEmpty)
        {
            return;
        }

        front.last!.NextReady = First;
        if (First is null)
        {
            last = front.last;
        }
        else
        {
            First.PreviousReady = front.last;
        }

        First = front.First;
    }
}
