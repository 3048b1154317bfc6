using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Spindle.Loop;

/// <summary>One side of a <see cref="Mailbox{T}"/>: places in any number. Those that are usual are one array, which grows as
/// rows do; behind it come chunks, each as large as all before together, made by whoever needs one first. What was made is
/// kept: in the long run nothing is allocated.</summary>
internal sealed class MailboxSide<T>
{
    private const int UsualMin = 16;
    private const int UsualMax = 1 << 15;

    private MailboxSlot<T>[] usual = [];

    // The n-th one begins at 2^n, and is of that size.
    private readonly MailboxSlot<T>[]?[] chunks = new MailboxSlot<T>[31][];

    /// <summary>The place of this number: for who knows that the side is not free, and for who finds out afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref MailboxSlot<T> At(int index)
    {
        MailboxSlot<T>[] known = usual;
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
        if (count > usual.Length && usual.Length < UsualMax)
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
        int size = Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, UsualMin)), UsualMax);
        Volatile.Write(ref usual, new MailboxSlot<T>[size]);
        chunks.AsSpan(0, BitOperations.Log2((uint)size)).Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref MailboxSlot<T> Find(int index)
    {
        MailboxSlot<T>[] known = Volatile.Read(ref usual);
        if (known.Length == 0)
        {
            MailboxSlot<T>[] made = new MailboxSlot<T>[UsualMin];
            MailboxSlot<T>[] found = Interlocked.CompareExchange(ref usual, made, known);
            known = found == known ? made : found;
        }

        if (index < known.Length)
        {
            return ref known[index];
        }

        int log = BitOperations.Log2((uint)index);
        ref MailboxSlot<T>[]? chunk = ref chunks[log];
        return ref (Volatile.Read(ref chunk) ?? Make(ref chunk, 1 << log))[index ^ (1 << log)];
    }

    private static MailboxSlot<T>[] Make(ref MailboxSlot<T>[]? chunk, int size)
    {
        MailboxSlot<T>[] made = new MailboxSlot<T>[size];
        return Interlocked.CompareExchange(ref chunk, made, null) ?? made;
    }
}
