using System;
using System.Collections.Generic;
using System.Numerics;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>What is between the ends of a pipe: a ring of slots of a page each. Every write takes slots of its own, but that the
/// odd octets of one may go behind what the last page holds.</summary>
internal sealed class PipeRing(SimulatedMachine machine)
{
    public const int PageSize = 4096;
    private const int SlotsDefault = 16;

    private readonly LinkedList<Page> pages = new();
    private readonly Stack<LinkedListNode<Page>> spares = new();
    private int slots = SlotsDefault;

    // Set by the first poll of either end and never cleared: from then on every write wakes readers.
    private bool wasPolled;

    /// <summary>Where readers wait.</summary>
    public WaitQueue ReadQueue { get; } = new();

    /// <summary>Where writers wait.</summary>
    public WaitQueue WriteQueue { get; } = new();

    public int Readers { get; set; }

    public int Writers { get; set; }

    /// <summary>How often a writer has come.</summary>
    public int WritersEver { get; set; }

    public bool IsEmpty => pages.Count == 0;

    public bool IsFull => pages.Count >= slots;

    public void NotePolled() => wasPolled = machine.Rules.PolledPipeAlwaysWakes && !machine.Breaks(Mutation.PolledPipeWakesWhenEmpty);

    public Result Read(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return Result.Ok(0);
        }

        if (IsEmpty)
        {
            return Writers == 0 ? Result.Ok(0) : Result.Fail(Errno.EAGAIN);
        }

        bool wasFull = IsFull;
        bool freedWhileFull = false;
        int count = 0;
        while (count < destination.Length && pages.First is { } node)
        {
            int taken = node.Value.TakeTo(destination[count..]);
            count += taken;
            if (node.Value.Length == 0)
            {
                freedWhileFull |= IsFull;
                pages.RemoveFirst();
                spares.Push(node);
            }
        }

        WakeWriters(wasFull, freedWhileFull);
        return Result.Ok(count);
    }

    public Result Write(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            if (machine.Breaks(Mutation.EmptyPipeWriteWakes))
            {
                ReadQueue.Wake(PollMask.PipeData);
            }

            return Result.Ok(0);
        }

        if (Readers == 0)
        {
            return Result.Fail(Errno.EPIPE);
        }

        bool wasEmpty = IsEmpty;
        int count = Merge(source);
        while (count < source.Length && !IsFull)
        {
            count += AddPage(source[count..]);
        }

        bool isSilent = count == 0 && machine.Breaks(Mutation.FailedPipeWriteIsSilent);
        if ((wasEmpty || wasPolled) && !isSilent)
        {
            bool isPlain = machine.Breaks(Mutation.PipeWakesWithoutReadNormal);
            ReadQueue.Wake(isPlain ? PollMask.In : PollMask.PipeData);
        }

        return count == 0 ? Result.Fail(Errno.EAGAIN) : Result.Ok(count);
    }

    /// <summary>Gives the ring room for this many octets (F_SETPIPE_SZ); the value is what it has now.</summary>
    /// <param name="size">Octets, rounded up to pages and a power of two.</param>
    /// <param name="mayExceed">CAP_SYS_RESOURCE: more than /proc/sys/fs/pipe-max-size.</param>
    public Result Resize(uint size, bool mayExceed = true)
    {
        const uint SizeMax = 1 << 20;
        if (size > 1u << 31)
        {
            return Result.Fail(Errno.EINVAL);
        }

        uint rounded = BitOperations.RoundUpToPowerOf2(Math.Max(size, PageSize));
        int wanted = (int)(rounded / PageSize);
        if (wanted > slots && rounded > SizeMax && !mayExceed)
        {
            return Result.Fail(Errno.EPERM);
        }

        if (wanted < pages.Count)
        {
            return Result.Fail(Errno.EBUSY);
        }

        slots = wanted;
        WriteQueue.Wake(PollMask.None);
        return Result.Ok(rounded);
    }

    /// <summary>An end was opened or closed: everybody looks again, if one side alone has openers.</summary>
    public void EndClosed()
    {
        if (Readers == 0 && Writers == 0)
        {
            Clear();
        }
        else if (Readers == 0 || Writers == 0)
        {
            bool hasKey = machine.Breaks(Mutation.PipeCloseWakesWithKey);
            if (machine.Breaks(Mutation.PipeCloseWakesOneExclusive))
            {
                ReadQueue.Wake(PollMask.None);
            }
            else
            {
                ReadQueue.WakeAll(hasKey ? PollMask.In : PollMask.None);
            }

            if (!machine.Breaks(Mutation.PipeCloseWakesReadersAlone))
            {
                WriteQueue.WakeAll(hasKey ? PollMask.Out : PollMask.None);
            }
        }
    }

    private void Clear()
    {
        pages.Clear();
        slots = SlotsDefault;
        wasPolled = false;
    }

    private void WakeWriters(bool wasFull, bool freedWhileFull)
    {
        bool wakes = machine.Rules.PipeReadMustFreeSlot && !machine.Breaks(Mutation.PipeReadWakesWithoutFreeSlot) ? freedWhileFull : wasFull;
        if (wakes || machine.Breaks(Mutation.PipeReadAlwaysWakes))
        {
            WriteQueue.Wake(PollMask.PipeSpace);
        }
    }

    // What is over a whole number of pages goes into the last page, if all of it fits there.
    private int Merge(ReadOnlySpan<byte> source)
    {
        int odd = source.Length % PageSize;
        if (odd == 0 || pages.Last is not { } last || last.Value.Room < odd || machine.Breaks(Mutation.PipeDoesNotMerge))
        {
            return 0;
        }

        last.Value.Append(source[..odd]);
        return odd;
    }

    private int AddPage(ReadOnlySpan<byte> source)
    {
        if (!spares.TryPop(out LinkedListNode<Page>? node))
        {
            node = new LinkedListNode<Page>(new Page());
        }

        node.Value.Reset();
        int count = Math.Min(source.Length, PageSize);
        node.Value.Append(source[..count]);
        pages.AddLast(node);
        return count;
    }

    private sealed class Page
    {
        private readonly byte[] octets = new byte[PageSize];
        private int start;

        public int Length { get; private set; }

        // What was read from the front stays lost: a page is never moved together.
        public int Room => PageSize - start - Length;

        public void Reset() => start = Length = 0;

        public void Append(ReadOnlySpan<byte> source)
        {
            source.CopyTo(octets.AsSpan(start + Length));
            Length += source.Length;
        }

        public int TakeTo(Span<byte> destination)
        {
            int count = Math.Min(Length, destination.Length);
            octets.AsSpan(start, count).CopyTo(destination);
            start += count;
            Length -= count;
            return count;
        }
    }
}
