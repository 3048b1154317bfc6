using System.Diagnostics;

namespace Spindle.Simulation.Waiting;

/// <summary>Those who wait for one thing, in order. Normal entries come first, the latest of them at the head; exclusive
/// ones follow in the order of their arrival, but for threads blocked in epoll_wait, whose latest is woken first.</summary>
internal sealed class WaitQueue
{
    private WaitEntry? first;
    private WaitEntry? last;

    public bool IsEmpty => first is null;

    /// <summary>A normal entry goes to the head.</summary>
    public void Add(WaitEntry entry)
    {
        entry.IsExclusive = false;
        LinkFirst(entry);
    }

    /// <summary>An exclusive entry goes to the tail.</summary>
    public void AddExclusive(WaitEntry entry)
    {
        entry.IsExclusive = true;
        LinkLast(entry);
    }

    /// <summary>A thread blocked in epoll_wait: exclusive, but at the head.</summary>
    public void AddExclusiveFirst(WaitEntry entry)
    {
        entry.IsExclusive = true;
        LinkFirst(entry);
    }

    public void Remove(WaitEntry entry)
    {
        Debug.Assert(entry.Queue == this, "the entry waits here");
        if (entry.Previous is null)
        {
            first = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is null)
        {
            last = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Next = entry.Previous = null;
        entry.Queue = null;
    }

    /// <summary>Wakes all normal entries it comes by, until one exclusive entry was woken.</summary>
    public void Wake(PollMask key) => Walk(key, exclusiveMax: 1);

    /// <summary>Wakes everybody, normally without a word about why.</summary>
    public void WakeAll(PollMask key = PollMask.None) => Walk(key, exclusiveMax: 0);

    private void Walk(PollMask key, int exclusiveMax)
    {
        WaitEntry? entry = first;
        while (entry is not null)
        {
            WaitEntry? next = entry.Next;
            if (entry.Wake(key) && entry.IsExclusive && --exclusiveMax == 0)
            {
                return;
            }

            entry = next;
        }
    }

    private void LinkFirst(WaitEntry entry)
    {
        Debug.Assert(entry.Queue is null, "an entry waits in one queue");
        entry.Queue = this;
        entry.Next = first;
        if (first is null)
        {
            last = entry;
        }
        else
        {
            first.Previous = entry;
        }

        first = entry;
    }

    private void LinkLast(WaitEntry entry)
    {
        Debug.Assert(entry.Queue is null, "an entry waits in one queue");
        entry.Queue = this;
        entry.Previous = last;
        if (last is null)
        {
            first = entry;
        }
        else
        {
            last.Next = entry;
        }

        last = entry;
    }
}
