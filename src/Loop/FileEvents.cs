using System;

namespace Spindle.Loop;

/// <summary>What happens to a file, what to watch for, and how (the <c>IN_*</c> bits, <c>man 7 inotify</c>).</summary>
[Flags]
public enum FileEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Was read.</summary>
    Read = 0x1,

    /// <summary>Was written, or cut.</summary>
    Modified = 0x2,

    /// <summary>Its permissions, times, links or owner changed.</summary>
    AttributesChanged = 0x4,

    /// <summary>Was closed by somebody who could write it.</summary>
    ClosedWritable = 0x8,

    /// <summary>Was closed by somebody who could only read it.</summary>
    ClosedReadOnly = 0x10,

    /// <summary>Was opened.</summary>
    Opened = 0x20,

    /// <summary>Was renamed away from the directory.</summary>
    MovedFrom = 0x40,

    /// <summary>Was renamed into the directory; the same cookie as its <see cref="MovedFrom"/>.</summary>
    MovedTo = 0x80,

    /// <summary>Was made in the directory.</summary>
    Created = 0x100,

    /// <summary>Was removed from the directory.</summary>
    Deleted = 0x200,

    /// <summary>What is watched was itself removed. <see cref="Ended"/> follows.</summary>
    DeletedSelf = 0x400,

    /// <summary>What is watched was itself renamed; the watch goes with it.</summary>
    MovedSelf = 0x800,

    /// <summary>Told unasked: its file system was unmounted. <see cref="Ended"/> follows.</summary>
    Unmounted = 0x2000,

    /// <summary>Told unasked: events were lost. Whoever watches must look for itself at what is watched.</summary>
    Overflow = 0x4000,

    /// <summary>Told unasked: the kernel has ended the watch; the source is removed. The last event there is.</summary>
    Ended = 0x8000,

    /// <summary>How to watch: only if it is a directory (ENOTDIR otherwise).</summary>
    OnlyDirectory = 0x1000000,

    /// <summary>How to watch: a symbolic link itself.</summary>
    NotFollowing = 0x2000000,

    /// <summary>How to watch: nothing of files that are in the directory no more.</summary>
    ExcludingUnlinked = 0x4000000,

    /// <summary>Told with others: it happened to a directory.</summary>
    IsDirectory = 0x40000000,
}
