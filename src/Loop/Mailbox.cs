using System.Runtime.CompilerServices;
using System.Threading;

namespace Spindle.Loop;

/// <summary>A queue from any thread to one: nobody waits for anybody, items of one thread keep their order, and who puts into
/// it learns whether the taker sleeps.</summary>
/// <remarks>
/// <para>There are two sides. Producers fill one, while the taker empties the other, its row. One word tells which side is
/// filled, how many places of it are given away, and whether the taker sleeps. All changes of it are atomic, so each place
/// has one owner, and each row a definite length.</para>
/// <list type="table">
/// <item><term>put</term><description>takes the next place (count + 1), writes the item, marks the place full, and looks
/// whether the taker waits at this very place. It wakes if so, and if it took the first place of a sleeping mailbox; in both
/// cases after the item is there.</description></item>
/// <item><term>take a row</term><description>if the count is not zero: exchanges sides. That ends sleep.</description></item>
/// <item><term>take</term><description>the next item of the row. A place that is given away but not full yet, because its
/// thread was interrupted in between, is a hole: the taker says that it waits there, has all processors agree (a barrier for
/// the whole process, so that putting, which is far more frequent, needs none), looks once more, and goes; whoever fills the
/// hole after that sees it, and wakes.</description></item>
/// <item><term>sleep</term><description>when its row is over: sets the flag, if the count is zero at that moment.</description></item>
/// </list>
/// <para>So where items wait that the taker does not know of, there is always one who wakes it or has yet to: who took the
/// first place since it sleeps, or who owns the hole. A wake-up that comes late, when the item was taken already, finds nothing,
/// and is over with that. Nobody holds anything while it is interrupted but its own place.</para>
/// </remarks>
/// <typeparam name="T">What is put in.</typeparam>
internal sealed class Mailbox<T>
    where T : struct, IMailboxItem<T>
{
    // The word, from below: how many places are given away, whether the taker sleeps, whether it is closed, and the number of
    // the row that is being filled, by which a side is known, and two words that are alike otherwise are told apart.
    private const long CountMask = 0xFFFF_FFFF;
    private const long AsleepBit = 1L << 32;
    private const long ClosedBit = 1L << 33;
    private const long RowOne = 1L << 34;
    private const long RowMask = -RowOne;
    private const long Nowhere = -1;

    // A place that two processors are about to fill and to take is filled within a fraction of a microsecond.
    private const int HoleLooks = 16;

    // Producers only read these, and the last changes only at a hole.
    private readonly MailboxSide<T> near = new();
    private readonly MailboxSide<T> far = new();
    private long awaited = Nowhere;

    // Who puts writes the one each time, who takes the other: they share nothing.
    private ApartWord state = new() { Value = AsleepBit };
    private MailboxRow row = new() { Number = -RowOne };

    /// <summary>The taker's: true if there is no more in the row, and no hole either.</summary>
    public bool IsRowOver => row.Index == row.Count;

    /// <summary>The taker's: true if there is something in the row, or behind it.</summary>
    public bool HasItems => !IsRowOver || (Volatile.Read(ref state.Value) & CountMask) != 0;

    /// <summary>Any thread: true after <see cref="Close"/>.</summary>
    public bool IsClosed => (Volatile.Read(ref state.Value) & ClosedBit) != 0;

    /// <summary>Any thread: puts an item in.</summary>
    /// <param name="item">The item.</param>
    /// <param name="wakes">True: the caller has to wake the taker, which may sleep.</param>
    /// <returns>False: it is closed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPut(in T item, out bool wakes)
    {
        long known = Volatile.Read(ref state.Value);
        while (true)
        {
            if ((known & ClosedBit) != 0)
            {
                wakes = false;
                return false;
            }

            // Whatever can fail comes before a place is taken.
            ref T place = ref SideOf(known).At((int)(known & CountMask));
            long found = Interlocked.CompareExchange(ref state.Value, known + 1, known);
            if (found == known)
            {
                place.Fill(item);
                wakes = Volatile.Read(ref awaited) == (known & (RowMask | CountMask))
                    || (known & (CountMask | AsleepBit)) == AsleepBit;
                return true;
            }

            known = found;
        }
    }

    /// <summary>The taker's: makes what waits the row, if the one before is over.</summary>
    /// <returns>False: there is nothing.</returns>
    public bool TakeRow()
    {
        if (!IsRowOver)
        {
            return true;
        }

        if (row.IsClosed)
        {
            return false;
        }

        // Its side is free now, and becomes the one that is filled.
        SideOf(row.Number).Fit(row.Count);
        long taken = Interlocked.Exchange(ref state.Value, row.Number + RowOne + RowOne);
        row.Number = taken & RowMask;
        row.Count = (int)(taken & CountMask);
        row.Index = 0;
        return row.Count > 0;
    }

    /// <summary>The taker's: takes the next item of the row.</summary>
    /// <returns>False: the row is over, or stops at a hole. Who fills that one wakes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out T item)
    {
        if (!IsRowOver)
        {
            ref T place = ref SideOf(row.Number).At(row.Index);
            if (place.IsThere || !IsHole(ref place))
            {
                item = place;
                place = default;
                row.Index++;
                return true;
            }
        }

        item = default;
        return false;
    }

    /// <summary>The taker's, with its row over: who puts something in from now on wakes it.</summary>
    /// <returns>False: something is there, and the taker stays awake.</returns>
    public bool TrySleep()
    {
        long known = Volatile.Read(ref state.Value);
        return (known & CountMask) == 0
            && ((known & (AsleepBit | ClosedBit)) != 0
                || Interlocked.CompareExchange(ref state.Value, known | AsleepBit, known) == known);
    }

    /// <summary>The taker's: takes no more, and drops what waits.</summary>
    public void Close()
    {
        Interlocked.Exchange(ref state.Value, ClosedBit);
        near.Drop();
        far.Drop();
        row = new MailboxRow { IsClosed = true };
    }

    private MailboxSide<T> SideOf(long word) => (word & RowOne) == 0 ? near : far;

    private bool IsHole(ref T place)
    {
        for (int look = 0; look < HoleLooks; look++)
        {
            Thread.SpinWait(1);
            if (place.IsThere)
            {
                return false;
            }
        }

        Volatile.Write(ref awaited, row.Number | (uint)row.Index);
        Interlocked.MemoryBarrierProcessWide();
        if (!place.IsThere)
        {
            return true;
        }

        Volatile.Write(ref awaited, Nowhere);
        return false;
    }
}
