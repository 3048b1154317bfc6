using System;

namespace Spindle.Simulation.Files;

/// <summary>What happens to files, what is watched for, and how: the <c>IN_*</c> bits (<c>man 7 inotify</c>).</summary>
[Flags]
internal enum Happening : uint
{
    None = 0,
    Accessed = 0x1,
    Modified = 0x2,
    AttributesChanged = 0x4,
    ClosedWritable = 0x8,
    ClosedReadOnly = 0x10,
    Opened = 0x20,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Created = 0x100,
    Deleted = 0x200,
    DeletedSelf = 0x400,
    MovedSelf = 0x800,
    All = 0xFFF,

    // Told unasked.
    Unmounted = 0x2000,
    Overflow = 0x4000,
    Ended = 0x8000,
    IsDirectory = 0x40000000,

    // How to watch.
    OnlyDirectory = 0x1000000,
    NotFollowing = 0x2000000,
    ExcludingUnlinked = 0x4000000,
    MaskCreate = 0x10000000,
    MaskAdd = 0x20000000,
    OneShot = 0x80000000,
    Any = All | Unmounted | Overflow | Ended | OnlyDirectory | NotFollowing | ExcludingUnlinked
        | MaskCreate | MaskAdd | IsDirectory | OneShot,
}
