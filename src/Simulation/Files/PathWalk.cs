using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>Where a path leads (<c>man 7 path_resolution</c>): the folder of its last component, and what is there.</summary>
internal readonly struct PathWalk
{
    private const int PathMax = 4096;
    private const int NameMax = 255;
    private const int LinksMax = 40;

    /// <summary>What is wrong with the way there; the last component itself may be missing.</summary>
    public Errno Error { get; private init; }

    /// <summary>The folder of the last component.</summary>
    public MemoryNode Folder { get; private init; }

    /// <summary>The last component; empty for the root, <c>.</c> and <c>..</c>.</summary>
    public string Name { get; private init; }

    /// <summary>What is there; null for nothing.</summary>
    public MemoryNode? Node { get; private init; }

    /// <summary>A slash at the end: it must be a folder.</summary>
    public bool WantsDirectory { get; private init; }

    /// <summary>What is wrong if something must be there.</summary>
    public Errno ErrorOfNode => Error != Errno.None ? Error
        : Node is null ? Errno.ENOENT
        : WantsDirectory && !Node.IsDirectory ? Errno.ENOTDIR : Errno.None;

    /// <summary>Follows a path from the root.</summary>
    /// <param name="root">The root; a path without a slash at its beginning begins there, too.</param>
    /// <param name="path">The path.</param>
    /// <param name="followsLast">True: a symbolic link at its end is followed.</param>
    public static PathWalk From(MemoryNode root, string path, bool followsLast)
    {
        int links = 0;
        return path.Length == 0 ? Failed(Errno.ENOENT)
            : Encoding.UTF8.GetByteCount(path) >= PathMax ? Failed(Errno.ENAMETOOLONG)
            : Walk(root, root, path, followsLast, ref links);
    }

    private static PathWalk Walk(MemoryNode root, MemoryNode start, string path, bool followsLast, ref int links)
    {
        MemoryNode folder = path[0] == '/' ? root : start;
        bool hasSlash = path[^1] == '/';
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < names.Length; index++)
        {
            bool isLast = index == names.Length - 1;
            PathWalk step = Step(folder, names[index]);
            if (step.Node is { Kind: NodeKind.Link } link && (!isLast || followsLast || hasSlash))
            {
                if (++links > LinksMax)
                {
                    return Failed(Errno.ELOOP);
                }

                string rest = string.Join('/', names[(index + 1)..]);
                string next = rest.Length > 0 ? $"{link.Target}/{rest}" : link.Target;
                return Walk(root, folder, hasSlash ? next + "/" : next, followsLast, ref links);
            }

            Errno error = step.Error != Errno.None ? step.Error
                : isLast ? Errno.None
                : step.Node is null ? Errno.ENOENT
                : step.Node.IsDirectory ? Errno.None : Errno.ENOTDIR;
            if (error != Errno.None)
            {
                return Failed(error);
            }

            if (isLast)
            {
                return step with { WantsDirectory = hasSlash };
            }

            folder = step.Node!;
        }

        return new PathWalk { Folder = root, Name = "", Node = root };
    }

    private static PathWalk Step(MemoryNode folder, string name)
    {
        if (Encoding.UTF8.GetByteCount(name) > NameMax)
        {
            return Failed(Errno.ENAMETOOLONG);
        }

        // A folder that was removed has nothing in it, and lets nothing in.
        return name switch
        {
            "." => new PathWalk { Folder = folder, Name = "", Node = folder },
            ".." => new PathWalk { Folder = folder, Name = "", Node = folder.Parent ?? folder },
            _ => new PathWalk { Folder = folder, Name = name, Node = folder.Entries.GetValueOrDefault(name) },
        };
    }

    private static PathWalk Failed(Errno error) => new() { Error = error };
}
