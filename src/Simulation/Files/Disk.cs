using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Files;

/// <summary>What a journalling file system (ext4, in ordered mode) has on its disk: names and sizes as its journal was committed,
/// content as far as it was written back.</summary>
/// <remarks>
/// What a power cut may do, and does as the choices say. Changes of names, sizes and modes are journalled in order: some are there, and then
/// all that came before them. Content that nobody has synced gets to the disk page by page in any order, whole or as its first
/// sectors: also behind the names, so that a new file may have its name and nothing else. (ext4 has an heuristic against just that
/// where a file is replaced, which may be off, and other file systems have none.) fsync of anything commits the journal, and
/// writes the content of that file. Both happen by themselves after some seconds, too.
/// </remarks>
internal sealed class Disk(Func<Instant> now)
{
    public const int PageSize = 4096;

    private const int SectorSize = 512;
    private const long CommitNanoseconds = 6_000_000_000;     // commit=5, and the time that it takes
    private const long WriteBackNanoseconds = 36_000_000_000; // dirty_expire_centisecs, dirty_writeback_centisecs, the time it takes

    private readonly List<(long At, Action Apply)> journal = [];
    private readonly List<MemoryNode> dirty = []; // in the order in which they were written
    private int committed;
    private long forgotten;

    /// <summary>Notes a change of names, sizes or modes.</summary>
    /// <returns>Its number in the journal.</returns>
    public long Note(Action apply)
    {
        CatchUp();
        journal.Add((now().Nanoseconds, apply));
        return forgotten + journal.Count;
    }

    /// <summary>Content was written to memory.</summary>
    public void NoteWrite(MemoryNode node, int position, int count)
    {
        CatchUp();
        if (node.Disk!.Dirty.Count == 0)
        {
            dirty.Add(node);
        }

        for (int page = position / PageSize; page * PageSize < position + count; page++)
        {
            node.Disk!.Dirty.TryAdd(page, new DirtyPage(now().Nanoseconds, node.Disk.CutNumber));
        }
    }

    /// <summary>A file was emptied: what it had is gone, once the journal says so.</summary>
    public void NoteCut(MemoryNode node)
    {
        DiskNode disk = node.Disk!;
        disk.CutNumber = Note(() => disk.Content = []);
        Clean(node);
    }

    /// <summary>A file has other permissions.</summary>
    public void NoteMode(MemoryNode node)
    {
        (DiskNode disk, uint mode) = (node.Disk!, node.Mode);
        Note(() => disk.Mode = mode);
    }

    /// <summary>fsync.</summary>
    public void Sync(MemoryNode node)
    {
        Commit(journal.Count);
        DiskNode disk = node.Disk!;
        foreach (int page in disk.Dirty.Keys)
        {
            Write(node, page, PageSize);
        }

        Clean(node);
        if (node.Kind == NodeKind.File)
        {
            disk.Resize(node.Length);
            disk.ModifiedAt = node.ModifiedAt;
        }
    }

    /// <summary>The power is gone: whatever had not reached the disk has got there by now, or never will.</summary>
    public void Cut(Choices choices)
    {
        CatchUp();
        int open = journal.Count - committed;
        bool isLost = open > 0 && choices.Mishap(500_000);
        Commit(isLost ? committed + (int)choices.NextBelow((uint)open) : journal.Count);
        foreach (MemoryNode node in dirty)
        {
            foreach ((int page, DirtyPage state) in node.Disk!.Dirty)
            {
                if (state.AfterCut <= forgotten + committed)
                {
                    Write(node, page, OctetsThatMadeIt(choices));
                }
            }

            node.Disk.Dirty.Clear();
        }

        journal.Clear();
        dirty.Clear();
        committed = 0;
    }

    private static int OctetsThatMadeIt(Choices choices)
    {
        int sectors = PageSize / SectorSize;
        return !choices.Mishap(600_000) ? PageSize
            : choices.Chance(500_000) ? 0 : SectorSize * choices.Between(1, sectors - 1);
    }

    private static void Write(MemoryNode node, int page, int count)
    {
        int start = page * PageSize;
        count = Math.Min(count, node.Length - start);
        if (count > 0)
        {
            node.Disk!.Write(start, node.Content.AsSpan(start, count));
            node.Disk.ModifiedAt = node.ModifiedAt;
        }
    }

    // What the kernel has done by itself since somebody last looked.
    private void CatchUp()
    {
        long time = now().Nanoseconds;
        int count = committed;
        while (count < journal.Count && time - journal[count].At >= CommitNanoseconds)
        {
            count++;
        }

        Commit(count);
        for (int index = dirty.Count - 1; index >= 0; index--)
        {
            WriteBackOld(dirty[index], time);
        }
    }

    private void WriteBackOld(MemoryNode node, long time)
    {
        SortedDictionary<int, DirtyPage> pages = node.Disk!.Dirty;
        foreach ((int page, DirtyPage state) in new List<KeyValuePair<int, DirtyPage>>(pages))
        {
            if (time - state.At >= WriteBackNanoseconds)
            {
                Write(node, page, PageSize);
                pages.Remove(page);
            }
        }

        if (pages.Count == 0)
        {
            dirty.Remove(node);
        }
    }

    private void Clean(MemoryNode node)
    {
        if (node.Disk!.Dirty.Count > 0)
        {
            node.Disk.Dirty.Clear();
            dirty.Remove(node);
        }
    }

    private void Commit(int count)
    {
        while (committed < count)
        {
            journal[committed++].Apply();
        }

        if (committed == journal.Count)
        {
            forgotten += committed;
            journal.Clear();
            committed = 0;
        }
    }
}
