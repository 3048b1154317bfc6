using System;
using Spindle.Kernels;

namespace Spindle.Loop.Polling;

/// <summary>The descriptors of an <see cref="IoUringPoller"/> that may be ready, in the order in which they came to be so, and how
/// they are, asked by one poll(2). Each knows its place (<see cref="Registration.Place"/>).</summary>
internal sealed class SuspectList
{
    private Registration[] suspects = new Registration[16];
    private PollEntry[] entries = new PollEntry[16];

    public int Count { get; private set; }

    /// <summary>Asks how all of them are, without waiting.</summary>
    /// <returns>False: the kernel does not answer.</returns>
    public bool Look(Kernel kernel) => kernel.Poll(entries.AsSpan(0, Count), TimeSpan.Zero).IsOk;

    /// <param name="index">Whose.</param>
    /// <param name="state">How it was at the last <see cref="Look"/>.</param>
    public Registration At(int index, out ushort state)
    {
        state = entries[index].Found;
        return suspects[index];
    }

    /// <summary>Puts one in, if it is not in.</summary>
    public void Add(Registration registration)
    {
        if (registration.Place >= 0)
        {
            return;
        }

        if (Count == suspects.Length)
        {
            Array.Resize(ref suspects, Count * 2);
            Array.Resize(ref entries, Count * 2);
        }

        registration.Place = Count;
        suspects[Count] = registration;
        entries[Count++] = new PollEntry(registration.Fd, (ushort)registration.Told.Events);
    }

    /// <summary>Takes one out, if it is in; the last one gets its place.</summary>
    public void Remove(Registration registration)
    {
        int place = registration.Place;
        if (place < 0)
        {
            return;
        }

        Count--;
        suspects[place] = suspects[Count];
        entries[place] = entries[Count];
        suspects[place].Place = place;
        suspects[Count] = null!;
        registration.Place = -1;
    }

    /// <summary>While the list is gone through: this one stays, and moves up.</summary>
    public void Keep(int from, int to)
    {
        if (from != to)
        {
            suspects[to] = suspects[from];
            entries[to] = entries[from];
            suspects[to].Place = to;
        }
    }

    /// <summary>Keeps the first ones alone. Of the others each was moved, or has been told that it has no place.</summary>
    public void Cut(int count)
    {
        while (Count > count)
        {
            suspects[--Count] = null!;
        }
    }
}
