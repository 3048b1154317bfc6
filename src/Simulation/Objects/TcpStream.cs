using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Objects;

/// <summary>Octets that a TCP socket has received, with the place of an urgent one among them.</summary>
internal sealed class TcpStream
{
    private readonly Queue<byte[]> parts = new();
    private int start;
    private int urgentAfter = -1;

    /// <summary>Octets that can be read, the urgent one not among them.</summary>
    public int Length { get; private set; }

    /// <summary>True if an urgent octet was not read, nor read past.</summary>
    public bool HasUrgent => urgentAfter >= 0;

    public void Add(ReadOnlySpan<byte> octets)
    {
        parts.Enqueue(octets.ToArray());
        Length += octets.Length;
    }

    /// <summary>An urgent octet stands behind what is there now; one before it becomes an ordinary one.</summary>
    public void AddUrgent()
    {
        if (HasUrgent)
        {
            Add([1]);
        }

        urgentAfter = Length;
    }

    public bool TakeUrgent()
    {
        bool had = HasUrgent;
        urgentAfter = -1;
        return had;
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
        int max = HasUrgent && urgentAfter > 0 ? Math.Min(destination.Length, urgentAfter) : destination.Length;
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

        bool isPast = HasUrgent && urgentAfter == 0 && count > 0;
        urgentAfter = isPast ? -1 : HasUrgent ? urgentAfter - count : -1;
        Length -= count;
        return count;
    }
}
