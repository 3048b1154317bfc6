using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Objects;

/// <summary>Octets that a TCP socket has received, with the place of an urgent one among them.</summary>
internal sealed class TcpStream
{
    private readonly Queue<byte[]> parts = new();
    private int start;
    private int urgentAfter = -1;
    private bool isUrgentTaken;
    private bool isUrgentRefused;

    /// <summary>Octets that can be read, the urgent one not among them.</summary>
    public int Length { get; private set; }

    /// <summary>Octets that count as there: an urgent one behind others among them, whether it was taken or not.</summary>
    public int Available => Length + (urgentAfter > 0 && !isUrgentRefused ? 1 : 0);

    /// <summary>Octets that have come and were not read past, the urgent one among them wherever it stands: by these is decided
    /// whether a watcher is woken, by <see cref="Available"/> what it then finds.</summary>
    public int Arrived => Length + (urgentAfter >= 0 && !isUrgentRefused ? 1 : 0);

    /// <summary>True if an urgent octet was not read, nor read past.</summary>
    public bool HasUrgent => urgentAfter >= 0 && !isUrgentTaken;

    public void Add(ReadOnlySpan<byte> octets)
    {
        parts.Enqueue(octets.ToArray());
        Length += octets.Length;
    }

    /// <summary>An urgent octet stands behind what is there now; one before it, taken or not, becomes an ordinary one, or is lost if
    /// it is what would be read next.</summary>
    public void AddUrgent()
    {
        if (urgentAfter > 0)
        {
            Add([1]);
        }

        urgentAfter = Length;
        isUrgentTaken = false;
        isUrgentRefused = false;
    }

    /// <summary>An urgent octet came that nobody will ever read: that it came is told, and stays true, as it is not among the octets
    /// and so never read past.</summary>
    public void RefuseUrgent()
    {
        AddUrgent();
        isUrgentRefused = true;
    }

    /// <summary>Takes the urgent octet, if there is one.</summary>
    /// <returns>How many octets that were.</returns>
    public int TakeUrgent()
    {
        int count = HasUrgent ? 1 : 0;
        isUrgentTaken = true;
        return count;
    }

    /// <summary>Looks at what would be read, and leaves it there.</summary>
    public int PeekTo(Span<byte> destination)
    {
        int count = 0;
        int skip = start;
        foreach (byte[] part in parts)
        {
            int taken = Math.Min(part.Length - skip, destination.Length - count);
            part.AsSpan(skip, taken).CopyTo(destination[count..]);
            count += taken;
            skip = 0;
        }

        return count;
    }

    /// <summary>Reads, up to an urgent octet at the most; from there on it is read past.</summary>
    public int TakeTo(Span<byte> destination)
    {
        int max = urgentAfter > 0 ? Math.Min(destination.Length, urgentAfter) : destination.Length;
        int count = 0;
        while (count < max && parts.TryPeek(out byte[]? part))
        {
            int taken = Math.Min(part.Length - start, max - count);
            part.AsSpan(start, taken).CopyTo(destination[count..]);
            count += taken;
            start += taken;
            if (start == part.Length)
            {
                parts.Dequeue();
                start = 0;
            }
        }

        // At its place it is read past, even if there is nothing behind it.
        urgentAfter = urgentAfter > 0 ? urgentAfter - count : isUrgentRefused ? urgentAfter : -1;
        Length -= count;
        return count;
    }
}
