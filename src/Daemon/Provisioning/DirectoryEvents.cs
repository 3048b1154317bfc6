using System;
using System.Collections.Generic;
using Spindle.Loop;

namespace Spindle.Daemon.Provisioning;

/// <summary>What happened in a directory, gathered until it is looked at.</summary>
internal sealed class DirectoryEvents
{
    /// <summary>What to ask for.</summary>
    public const FileEvents Wanted = FileEvents.ClosedWritable | FileEvents.MovedFrom | FileEvents.MovedTo | FileEvents.Created
        | FileEvents.Deleted | FileEvents.DeletedSelf | FileEvents.MovedSelf | FileEvents.OnlyDirectory;

    /// <summary>Files to look at again.</summary>
    public SortedSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that were only made, and neither written nor renamed since.</summary>
    public HashSet<string> CreatedNames { get; } = [];

    /// <summary>Events were lost.</summary>
    public bool IsOverflown { get; private set; }

    /// <summary>The directory itself went away.</summary>
    public bool IsDirectoryGone { get; private set; }

    /// <summary>Takes an event.</summary>
    public void Add(in FileEvent happened)
    {
        IsOverflown |= happened.Is(FileEvents.Overflow);
        IsDirectoryGone |= (happened.Events & (FileEvents.DeletedSelf | FileEvents.MovedSelf | FileEvents.Ended)) != FileEvents.None;
        if (happened.Name.Length == 0)
        {
            return;
        }

        if (!happened.Is(FileEvents.Created))
        {
            Names.Add(happened.Name);
            CreatedNames.Remove(happened.Name);
        }
        else if (Names.Add(happened.Name))
        {
            CreatedNames.Add(happened.Name);
        }
    }
}
