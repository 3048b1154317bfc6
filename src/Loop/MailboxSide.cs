using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Spindle.Loop;

/// <summary>One side of a <see cref="Mailbox{T}"/>: places in any number. Those that are usual are one array, which grows as
/// rows do; behind it come chunks, each as large as all before together, made by whoever needs one first. What was made is
/// kept: in the long run nothing is allocated.</summary>
internal sealed class MailboxSide<T>
    where T : struct
{
    private const int UsualMin = 16;

    private T[] usual = [];

    // The n-th one begins at 2^n, and is of that size.
    private readonly T[]?[] chunks = new T[31][];

    /// <summary>The place of this number: for who knows that the side is not free, and for who finds out afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int index)
    {
        T[] known = usual;
        if ((uint)index < (uint)known.Length)
        {
            return ref known[index];
        }

        return ref Find(index);
    }

    /// <summary>The side is free: makes as many places usual as there were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fit(int count)
    {
        if (count > usual.Length)
        {
            Grow(count);
        }
    }

    /// <summary>Lets go of everything. Who has a place knows it, and who looks for one makes it anew.</summary>
    public void Drop()
    {
        Volatile.Write(ref usual, []);
        chunks.AsSpan().Clear();
    }

    private void Grow(int count)
    {
        Volatile.Write(ref usual, new T[BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, UsualMin))]);
        chunks.AsSpan().Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref T Find(int index)
    {
        T[] known = Volatile.Read(ref usual);
        if (known.Length == 0)
        {
            T[] made = new T[UsualMin];
            T[] found = Interlocked.CompareExchange(ref usual, made, known);
            known = found == known ? made : found;
        }

        if (index < known.Length)
        {
            return ref known[index];
        }

        int log = BitOperations.Log2((uint)index);
        ref T[]? chunk = ref chunks[log];
        return ref (Volatile.Read(ref chunk) ?? Make(ref chunk, 1 << log))[index ^ (1 << log)];
    }

    private static T[] Make(ref T[]? chunk, int size)
    {
        T[] made = new T[size];
        return Interlocked.CompareExchange(ref chunk, made, null) ?? made;
    }
}
