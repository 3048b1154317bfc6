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
            Tell(folder, node, what, node.Name);
        }

        Tell(node, node, what, "");
    }

    /// <summary>Something happened to a file itself, of which its folder is not told.</summary>
    public static void TellSelf(MemoryNode node, Happening what)
    {
        foreach (FileWatch watch in node.Watches?.ToArray() ?? [])
        {
            watch.Tell(what, "", 0);
        }
    }

    /// <summary>A name in a folder was made, removed or renamed.</summary>
    public static void TellFolder(MemoryNode folder, MemoryNode node, string name, Happening what, uint cookie = 0)
    {
        what |= node.IsDirectory ? Happening.IsDirectory : Happening.None;
        foreach (FileWatch watch in folder.Watches?.ToArray() ?? [])
        {
            watch.Tell(what, name, cookie);
        }
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

    // Of a file without a name some do not want to hear, unless it is about its permissions.
    private static void Tell(MemoryNode watched, MemoryNode node, Happening what, string name)
    {
        foreach (FileWatch watch in watched.Watches?.ToArray() ?? [])
        {
            bool isExcluded = node.IsUnlinked && (watch.Mask & Happening.ExcludingUnlinked) != Happening.None;
            if (!isExcluded || (what & Happening.AttributesChanged) != Happening.None)
            {
                watch.Tell(what, name, 0);
            }
        }
    }
}
