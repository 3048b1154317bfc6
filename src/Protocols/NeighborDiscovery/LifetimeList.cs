using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>A short list of things that are each good until some instant, in the order they were first heard.</summary>
/// <param name="countMax">When it is full, a new one takes the place of the one that was not heard of for longest. RFC 8106, section
/// 6.2, has the one that ends soonest go; but lifetimes are claims, and who once claimed eternity for eight servers would keep
/// the real one out for ever.</param>
internal sealed class LifetimeList<T>(int countMax)
    where T : IEquatable<T>
{
    private readonly List<Entry> entries = [];

    private readonly record struct Entry(T Value, Instant HeardAt, Instant EndsAt, Instant RefreshAt);

    /// <summary>The things.</summary>
    public IReadOnlyList<T> Values { get; private set; } = [];

    /// <summary>True if a new one takes another's place.</summary>
    public bool IsFull => entries.Count == countMax;

    /// <summary>When the next of them ends.</summary>
    public Instant EndsAt => Earliest(static entry => entry.EndsAt);

    /// <summary>When four fifths of the lifetime of one of them are over.</summary>
    public Instant RefreshAt => Earliest(static entry => entry.RefreshAt);

    /// <summary>When the one at this place in <see cref="Values"/> was last heard of.</summary>
    public Instant HeardAt(int index) => entries[index].HeardAt;

    /// <summary>Takes out the one at this place, though it has not ended.</summary>
    public void Drop(int index) => RemoveAt(index);

    /// <summary>Notes a thing; true if the list is different now, in more than its times.</summary>
    public bool Note(T value, uint lifetimeSeconds, Instant now)
    {
        const uint Forever = uint.MaxValue;
        int index = IndexOf(value);
        if (lifetimeSeconds == 0)
        {
            return index >= 0 && RemoveAt(index);
        }

        TimeSpan lifetime = TimeSpan.FromSeconds(lifetimeSeconds);
        Entry noted = lifetimeSeconds == Forever
            ? new(value, now, Instant.Never, Instant.Never)
            : new(value, now, now + lifetime, now + (lifetime * 0.8));
        if (index >= 0)
        {
            entries[index] = noted;
            return false;
        }

        if (IsFull && !MakeRoom(now))
        {
            return false;
        }

        entries.Add(noted);
        return Publish();
    }

    /// <summary>Takes out what has ended; true if that was something.</summary>
    public bool Expire(Instant now) => now >= EndsAt && entries.RemoveAll(entry => now >= entry.EndsAt) > 0 && Publish();

    /// <summary>Forgets when to refresh what is due; what comes in answer sets it anew.</summary>
    public void ForgetRefresh(Instant now)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (now >= entries[i].RefreshAt)
            {
                entries[i] = entries[i] with { RefreshAt = Instant.Never };
            }
        }
    }

    /// <summary>Forgets all; true if that was something.</summary>
    public bool Clear()
    {
        bool any = entries.Count > 0;
        entries.Clear();
        return any && Publish();
    }

    private int IndexOf(T value)
    {
        int index = entries.Count - 1;
        while (index >= 0 && !entries[index].Value.Equals(value))
        {
            index--;
        }

        return index;
    }

    // Of one message the first ones count: what was heard just now stays.
    private bool MakeRoom(Instant now)
    {
        int oldest = 0;
        for (int i = 1; i < entries.Count; i++)
        {
            oldest = entries[i].HeardAt < entries[oldest].HeardAt ? i : oldest;
        }

        return entries[oldest].HeardAt < now && RemoveAt(oldest);
    }

    private bool RemoveAt(int index)
    {
        entries.RemoveAt(index);
        return Publish();
    }

    /// <summary>A new list each time: who got the last one keeps what it was.</summary>
    private bool Publish()
    {
        T[] values = new T[entries.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = entries[i].Value;
        }

        Values = values;
        return true;
    }

    private Instant Earliest(Func<Entry, Instant> when)
    {
        Instant earliest = Instant.Never;
        foreach (Entry entry in entries)
        {
            earliest = Instant.Min(earliest, when(entry));
        }

        return earliest;
    }
}
