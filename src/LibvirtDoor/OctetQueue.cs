using System;
using System.Buffers;

namespace Spindle.LibvirtDoor;

/// <summary>Octets that wait, first in first out, in an array that is there only while some do.</summary>
internal struct OctetQueue
{
    // Up to here arrays are shared; larger ones are rare, and the pool would keep them.
    private const int PooledMax = 64 * 1024;

    // What is left of a large array is moved out of it when it is no more than this.
    private const int SmallMax = 16 * 1024;

    private byte[]? array;
    private int start;
    private int end;

    public readonly int Count => end - start;

    public readonly byte[] Array => array ?? [];

    public readonly int Start => start;

    public readonly ReadOnlySpan<byte> Octets => array.AsSpan(start, end - start);

    /// <summary>Octets of the array, as far as it is larger than what is shared.</summary>
    public readonly int LargeSize => array is { Length: > PooledMax } ? array.Length : 0;

    /// <summary>Puts octets behind those that wait. The array doubles, so that many small ones are not each a copy of all.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (!octets.IsEmpty)
        {
            octets.CopyTo(Reserve(octets.Length, Math.Max(octets.Length, Count)));
            end += octets.Length;
        }
    }

    /// <summary>How many more octets the array would have after <see cref="Append"/>, as far as it is a large one.</summary>
    public readonly int LargeGrowthOf(int length) => LargeSizeAfter(length, Math.Max(length, Count)) - LargeSize;

    /// <summary>Room behind what is there.</summary>
    /// <param name="atLeast">How much there must be.</param>
    /// <param name="atMost">How much there need not be more of, however much is doubled.</param>
    public Span<byte> Reserve(int atLeast, int atMost)
    {
        if (array is null || array.Length - end < atLeast)
        {
            Grow(atLeast, atMost);
        }

        return array.AsSpan(end);
    }

    /// <summary>How long the array would be after <see cref="Reserve"/>, if it is a large one.</summary>
    public readonly int LargeSizeAfter(int atLeast, int atMost)
    {
        int size = array is not null && array.Length - end >= atLeast ? array.Length : SizeFor(atLeast, atMost);
        return size > PooledMax ? size : 0;
    }

    public void Fill(int count) => end += count;

    /// <summary>Takes octets out at the front; after the last one there is no array.</summary>
    public void Consume(int count)
    {
        start += count;
        if (start == end)
        {
            Clear();
        }
        else if (LargeSize > 0 && Count <= SmallMax)
        {
            byte[] smaller = ArrayPool<byte>.Shared.Rent(Count);
            Octets.CopyTo(smaller);
            end = Count;
            start = 0;
            array = smaller;
        }
    }

    public void Clear()
    {
        GiveBack();
        array = null;
        start = 0;
        end = 0;
    }

    private readonly int SizeFor(int atLeast, int atMost)
    {
        int needed = Count + atLeast;
        int wished = Math.Min(Math.Max(needed, 2 * Count), Count + Math.Max(atLeast, atMost));
        return Math.Max(wished, needed);
    }

    private void Grow(int atLeast, int atMost)
    {
        int size = SizeFor(atLeast, atMost);
        if (array is not null && size <= array.Length)
        {
            array.AsSpan(start, Count).CopyTo(array);
        }
        else
        {
            byte[] larger = size <= PooledMax ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
            Octets.CopyTo(larger);
            GiveBack();
            array = larger;
        }

        end -= start;
        start = 0;
    }

    private readonly void GiveBack()
    {
        if (array is { Length: <= PooledMax })
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
