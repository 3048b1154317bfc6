using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Files;

/// <summary>What a path leads to: its content, and the one name that it has.</summary>
/// <remarks>No call of the kernel's makes a second name for a file, so every node has one folder and one name there.</remarks>
internal sealed class MemoryNode(Volume volume, ulong number, NodeKind kind, uint mode)
{
    public Volume Volume { get; } = volume;

    public ulong Number { get; } = number;

    public NodeKind Kind { get; } = kind;

    public bool IsDirectory => Kind == NodeKind.Directory;

    /// <summary>Permission bits.</summary>
    public uint Mode { get; set; } = mode;

    /// <summary>The folder it is in, or was in when it was removed; null for the root.</summary>
    public MemoryNode? Parent { get; private set; }

    /// <summary>What it is, or was, called there.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Removed from its folder; it lives on while somebody has it open.</summary>
    public bool IsUnlinked { get; private set; }

    /// <summary>How many keep it alive without a name: open files on it, and nameless files that were in it.</summary>
    public int Openers { get; set; }

    /// <summary>What is in a folder, by name.</summary>
    public SortedDictionary<string, MemoryNode> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Where a symbolic link points.</summary>
    public string Target { get; init; } = "";

    /// <summary>What reads and writes of a generated file come to, or what opening a device gives.</summary>
    public GeneratedContent? Generated { get; init; }

    /// <summary>A regular file's octets; <see cref="Length"/> of them count.</summary>
    public byte[] Content { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>Last change of content, nanoseconds since 1970.</summary>
    public long ModifiedAt { get; set; }

    /// <summary>Watches of inotifies, the oldest first; null while there was none.</summary>
    public List<FileWatch>? Watches { get; set; }

    /// <summary>What the disk has of it; null on a volume that lives in memory.</summary>
    public DiskNode? Disk { get; set; }

    /// <summary>What stat says its size is.</summary>
    public long ReportedSize => Kind switch
    {
        NodeKind.Directory => 4096,
        NodeKind.Link => System.Text.Encoding.UTF8.GetByteCount(Target),
        _ => Length,
    };

    public void PutInto(MemoryNode folder, string name)
    {
        folder.Entries[name] = this;
        Parent = folder;
        Name = name;
    }

    /// <summary>Out of its folder, whose name it keeps in mind.</summary>
    public void Unlink()
    {
        Parent!.Entries.Remove(Name);
        IsUnlinked = true;
    }

    /// <summary>Out of its folder, to be put into another.</summary>
    public void TakeOut() => Parent!.Entries.Remove(Name);

    public void Resize(int length)
    {
        Reserve(length);
        if (length > Length)
        {
            Content.AsSpan(Length, length - Length).Clear();
        }

        Length = length;
    }

    /// <summary>Writes; a gap before it reads as zeros.</summary>
    public void Write(int position, ReadOnlySpan<byte> source)
    {
        int end = position + source.Length;
        if (end > Length)
        {
            Resize(end);
        }

        source.CopyTo(Content.AsSpan(position));
    }

    private void Reserve(int length)
    {
        if (length > Content.Length)
        {
            byte[] larger = new byte[Math.Max(length, Content.Length * 2)];
            Content.AsSpan(0, Length).CopyTo(larger);
            Content = larger;
        }
    }
}

/// <summary>Kinds of <see cref="MemoryNode"/>.</summary>
internal enum NodeKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>The address of a unix socket.</summary>
    Socket,

    /// <summary>A character device, such as /dev/null.</summary>
    Device,

    /// <summary>A file of /proc or /sys: the kernel makes its content when it is read.</summary>
    Generated,
}
