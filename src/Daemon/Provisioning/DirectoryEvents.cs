using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Spindle.Daemon.Provisioning;

/// <summary>What inotify said of a directory (<c>man 7 inotify</c>), gathered over one or more reads.</summary>
internal sealed class DirectoryEvents
{
    private const uint CloseWrite = 0x8;
    private const uint MovedFrom = 0x40;
    private const uint MovedTo = 0x80;
    private const uint Create = 0x100;
    private const uint Delete = 0x200;
    private const uint DeleteSelf = 0x400;
    private const uint MoveSelf = 0x800;
    private const uint Overflow = 0x4000;
    private const uint Ignored = 0x8000;
    private const uint OnlyDirectory = 0x1000000;
    private const int HeaderSize = 16;

    /// <summary>What to ask for.</summary>
    public const uint WatchMask = CloseWrite | MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf | OnlyDirectory;

    /// <summary>Files to look at again.</summary>
    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that were only made, and neither written nor renamed since.</summary>
    public HashSet<string> CreatedNames { get; } = [];

    /// <summary>Events were lost.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>The directory itself went away.</summary>
    public bool IsDirectoryGone { get; private set; }

    /// <summary>Takes the events of one read: watch (4), mask (4), cookie (4), length of the name (4), name with NULs.</summary>
    /// <param name="octets">What was read.</param>
    /// <param name="watch">Our present watch; events of one that has ended say nothing about the directory.</param>
    public void Read(ReadOnlySpan<byte> octets, int watch)
    {
        while (octets.Length >= HeaderSize)
        {
            int of = MemoryMarshal.Read<int>(octets);
            uint mask = MemoryMarshal.Read<uint>(octets[4..]);
            uint length = MemoryMarshal.Read<uint>(octets[12..]);
            if (length > octets.Length - HeaderSize)
            {
                return;
            }

            ReadOnlySpan<byte> name = octets.Slice(HeaderSize, (int)length);
            octets = octets[(HeaderSize + (int)length)..];
            IsOverflown |= (mask & Overflow) != 0;
            if (of == watch)
            {
                IsDirectoryGone |= (mask & (DeleteSelf | MoveSelf | Ignored)) != 0;
                Add(name[..Math.Max(0, name.IndexOf((byte)0))], mask);
            }
        }
    }

    private void Add(ReadOnlySpan<byte> octets, uint mask)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        string name = Encoding.UTF8.GetString(octets);
        if ((mask & Create) != 0)
        {
            if (Names.Add(name))
            {
                CreatedNames.Add(name);
            }

            return;
        }

        Names.Add(name);
        CreatedNames.Remove(name);
    }
}
