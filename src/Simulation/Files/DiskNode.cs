using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Files;

/// <summary>What the disk has of a file or folder, which is less than what is in memory until it is synced.</summary>
internal sealed class DiskNode
{
    /// <summary>A folder's entries, as the journal has them.</summary>
    public SortedDictionary<string, MemoryNode> Entries { get; } = new(StringComparer.Ordinal);

    public uint Mode { get; set; }

    public long ModifiedAt { get; set; }

    public byte[] Content { get; set; } = [];

    /// <summary>Pages that were written and have not reached the disk, by their number.</summary>
    public SortedDictionary<int, DirtyPage> Dirty { get; } = [];

    /// <summary>The journal's number of the last cut of this file: what was written after it is nowhere without it.</summary>
    public long CutNumber { get; set; }

    /// <summary>Puts octets of a page where they belong; the file grows to hold them, and a gap reads as zeros.</summary>
    public void Write(int position, ReadOnlySpan<byte> octets)
    {
        int end = position + octets.Length;
        if (end > Content.Length)
        {
            byte[] larger = new byte[end];
            Content.CopyTo(larger, 0);
            Content = larger;
        }

        octets.CopyTo(Content.AsSpan(position));
    }

    public void Resize(int length)
    {
        byte[] content = Content;
        Array.Resize(ref content, length);
        Content = content;
    }
}

/// <summary>A page that the disk does not have yet.</summary>
/// <param name="At">When it was first written, nanoseconds on the world's clock.</param>
/// <param name="AfterCut">The journal's number of the cut that came before it.</param>
internal readonly record struct DirtyPage(long At, long AfterCut);
