using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>rename(2): what stands in its way, in the order in which the kernel looks, and what it does.</summary>
internal static class FileRenaming
{
    public static Errno ObstacleTo(in PathWalk source, in PathWalk target)
    {
        if (source.Error != Errno.None || target.Error != Errno.None)
        {
            return source.Error != Errno.None ? source.Error : target.Error;
        }

        if (source.Folder.Volume != target.Folder.Volume)
        {
            return Errno.EXDEV;
        }

        if (source.Name.Length == 0 || target.Name.Length == 0)
        {
            return Errno.EBUSY;
        }

        if (source.Node is not { } node)
        {
            return Errno.ENOENT;
        }

        bool wantsDirectory = source.WantsDirectory || (target.WantsDirectory);
        return wantsDirectory && !node.IsDirectory ? Errno.ENOTDIR
            : IsWithin(target.Folder, node) ? Errno.EINVAL
            : target.Node is { } ancestor && IsWithin(source.Folder, ancestor) ? Errno.ENOTEMPTY
            : node == target.Node ? Errno.None
            : ObstacleBetween(node, target.Node, target.Folder);
    }

    /// <summary>Renames: for everybody, and for the disk, in one step.</summary>
    public static void Rename(in PathWalk source, in PathWalk target, uint cookie)
    {
        (MemoryNode node, MemoryNode from, MemoryNode to) = (source.Node!, source.Folder, target.Folder);
        (string oldName, string newName) = (source.Name, target.Name);
        MemoryNode? replaced = target.Node;
        replaced?.Unlink();
        node.TakeOut();
        node.PutInto(to, newName);
        to.Volume.Disk?.Note(() =>
        {
            from.Disk!.Entries.Remove(oldName);
            to.Disk!.Entries[newName] = node;
        });
        FileNotices.TellFolder(from, node, oldName, Happening.MovedFrom, cookie);
        FileNotices.TellFolder(to, node, newName, Happening.MovedTo, cookie);
        if (replaced is not null)
        {
            FileNotices.TellSelf(replaced, Happening.AttributesChanged | (replaced.IsDirectory ? Happening.IsDirectory : Happening.None));
        }

        FileNotices.TellSelf(node, Happening.MovedSelf);
        if (replaced is not null)
        {
            MemoryFileSystem.LostName(replaced);
        }
    }

    private static Errno ObstacleBetween(MemoryNode node, MemoryNode? replaced, MemoryNode folder) =>
        folder.IsUnlinked ? Errno.ENOENT
        : replaced is null ? Errno.None
        : replaced.Volume != folder.Volume || node.Volume != folder.Volume ? Errno.EBUSY
        : node.IsDirectory && !replaced.IsDirectory ? Errno.ENOTDIR
        : !node.IsDirectory && replaced.IsDirectory ? Errno.EISDIR
        : replaced.Entries.Count > 0 ? Errno.ENOTEMPTY : Errno.None;

    private static bool IsWithin(MemoryNode folder, MemoryNode node)
    {
        for (MemoryNode? step = folder; step is not null; step = step.Parent)
        {
            if (step == node)
            {
                return true;
            }
        }

        return false;
    }
}
