using System;
using System.Diagnostics.CodeAnalysis;

namespace Spindle.Basics;

/// <summary>A first-in first-out queue with a named maximum; grows to it, then refuses.</summary>
/// <param name="capacityMax">The most items it holds.</param>
public sealed class BoundedQueue<T>(int capacityMax)
{
    private T[] items = new T[Math.Min(capacityMax, 4)];
    private int head;

    /// <summary>Items in the queue.</summary>
    public int Count { get; private set; }

    /// <summary>The most items it holds.</summary>
    public int CapacityMax => capacityMax;

    /// <summary>Puts an item at the end; false if the queue is full.</summary>
    public bool TryEnqueue(T item)
    {
        if (Count == items.Length && !TryGrow())
        {
            return false;
        }

        items[(head + Count) % items.Length] = item;
        Count++;
        return true;
    }

    /// <summary>Takes the item at the front; false if the queue is empty.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = items[head];
        items[head] = default!;
        head = (head + 1) % items.Length;
        Count--;
        return true;
    }

    private bool TryGrow()
    {
        if (items.Length >= capacityMax)
        {
            return false;
        }

        T[] larger = new T[(int)Math.Min(capacityMax, items.Length * 2L)];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = items[(head + i) % items.Length];
        }

        items = larger;
        head = 0;
        return true;
    }
}
