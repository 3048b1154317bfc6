using System.Collections.Generic;

namespace Spindle.Simulation.Files;

/// <summary>Who is told of what happens to a file: those who watch its folder, then those who watch it.</summary>
internal static class FileNotices
{
    /// <summary>Something was done with a file.</summary>
    public static void Tell(MemoryNode node, Happening what)
    {
        what |= node.IsDirectory ? Happening.IsDirectory : Happening.None;
        if (node.Parent is { } folder && folder.Volume == node.Volume)
        {
            Tell(folder, what, node.Name, 0, node.IsUnlinked);
        }

        Tell(node, what, "", 0, node.IsUnlinked);
    }

    /// <summary>Something happened to a file itself, of which its folder is not told.</summary>
    public static void TellSelf(MemoryNode node, Happening what)
    {
        Tell(node, what, "", 0);
    }

    /// <summary>A name in a folder was made, removed or renamed.</summary>
    public static void TellFolder(MemoryNode folder, MemoryNode node, string name, Happening what, uint cookie = 0)
    {
        what |= node.IsDirectory ? Happening.IsDirectory : Happening.None;
        Tell(folder, what, name, cookie);
    }

    /// <summary>A file is gone for good: nobody has a name for it nor has it open.</summary>
    public static void TellGone(MemoryNode node)
    {
        TellSelf(node, Happening.DeletedSelf);
        foreach (FileWatch watch in node.Watches?.ToArray() ?? [])
        {
            watch.Queue.End(watch);
        }
    }

    private static void Tell(MemoryNode watched, Happening what, string name, uint cookie, bool isUnlinked = false)
    {
        List<FileWatch>? watches = watched.Watches;
        for (int index = 0; index < watches?.Count; index++)
        {
            FileWatch watch = watches[index];

            // Of a file without a name some do not want to hear, unless it is about its permissions.
            bool isExcluded = isUnlinked && (watch.Mask & Happening.ExcludingUnlinked) != Happening.None;
            if (!isExcluded || (what & Happening.AttributesChanged) != Happening.None)
            {
                watch.Tell(what, name, cookie);
            }

            // One that was for one event has taken itself out.
            index -= index < watches.Count && watches[index] == watch ? 0 : 1;
        }
    }
}
