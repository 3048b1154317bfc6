using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>Files and folders in memory, by their absolute paths.</summary>
internal sealed class MemoryFileSystem(SimulatedMachine machine)
{
    private readonly SortedDictionary<string, MemoryNode> nodes = new(StringComparer.Ordinal)
    {
        ["/"] = new MemoryNode(1, isDirectory: true, 0x1ED),
    };

    private ulong numbers = 1;

    public Result Open(SimulatedProcess process, string path, FileFlags flags, uint mode)
    {
        string name = Clean(path);
        if (!nodes.TryGetValue(name, out MemoryNode? node))
        {
            Errno error = (flags & FileFlags.Create) == 0 ? Errno.ENOENT : ObstacleIn(name);
            if (error != Errno.None)
            {
                return Result.Fail(error);
            }

            node = Make(name, isDirectory: false, mode);
        }
        else if ((flags & FileFlags.Exclusive) != 0)
        {
            return Result.Fail(Errno.EEXIST);
        }

        if (node.IsDirectory ? (flags & FileFlags.Write) != 0 : (flags & FileFlags.Directory) != 0)
        {
            return Result.Fail(node.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR);
        }

        if ((flags & FileFlags.Truncate) != 0)
        {
            node.Truncate();
        }

        return process.Open(new MemoryFile(machine, node, flags));
    }

    public Result MakeDirectory(string path, uint mode)
    {
        string name = Clean(path);
        Errno error = nodes.ContainsKey(name) ? Errno.EEXIST : ObstacleIn(name);
        if (error == Errno.None)
        {
            Make(name, isDirectory: true, mode);
        }

        return error == Errno.None ? Result.Ok() : Result.Fail(error);
    }

    public Result Remove(string path, bool isDirectory)
    {
        string name = Clean(path);
        if (!nodes.TryGetValue(name, out MemoryNode? node))
        {
            return Result.Fail(Errno.ENOENT);
        }

        if (node.IsDirectory != isDirectory)
        {
            return Result.Fail(isDirectory ? Errno.ENOTDIR : Errno.EISDIR);
        }

        if (isDirectory && NamesIn(name).Count > 0)
        {
            return Result.Fail(Errno.ENOTEMPTY);
        }

        nodes.Remove(name);
        return Result.Ok();
    }

    public Result Rename(string from, string to)
    {
        string old = Clean(from);
        string name = Clean(to);
        if (!nodes.TryGetValue(old, out MemoryNode? node))
        {
            return Result.Fail(Errno.ENOENT);
        }

        Errno error = ObstacleIn(name);
        if (error != Errno.None || old == name)
        {
            return error == Errno.None ? Result.Ok() : Result.Fail(error);
        }

        if (nodes.TryGetValue(name, out MemoryNode? replaced) && replaced.IsDirectory != node.IsDirectory)
        {
            return Result.Fail(replaced.IsDirectory ? Errno.EISDIR : Errno.ENOTDIR);
        }

        if (replaced is { IsDirectory: true } && NamesIn(name).Count > 0)
        {
            return Result.Fail(Errno.ENOTEMPTY);
        }

        MoveAll(old, name);
        return Result.Ok();
    }

    public Result Status(string path, out FileStatus status)
    {
        status = default;
        if (!nodes.TryGetValue(Clean(path), out MemoryNode? node))
        {
            return Result.Fail(Errno.ENOENT);
        }

        status = new FileStatus((node.IsDirectory ? 0x4000u : 0x8000u) | node.Mode, node.Length, 1, node.Number, node.ModifiedAt);
        return Result.Ok();
    }

    public Result List(string path, ICollection<string> names)
    {
        string name = Clean(path);
        if (!nodes.TryGetValue(name, out MemoryNode? node) || !node.IsDirectory)
        {
            return Result.Fail(node is null ? Errno.ENOENT : Errno.ENOTDIR);
        }

        foreach (string found in NamesIn(name))
        {
            names.Add(found);
        }

        return Result.Ok();
    }

    public bool Exists(string path) => nodes.ContainsKey(Clean(path));

    private static string Clean(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "/";

    private Errno ObstacleIn(string path) => nodes.TryGetValue(ParentOf(path), out MemoryNode? parent)
        ? parent.IsDirectory ? Errno.None : Errno.ENOTDIR
        : Errno.ENOENT;

    private MemoryNode Make(string path, bool isDirectory, uint mode)
    {
        MemoryNode node = new(++numbers, isDirectory, mode)
        {
            ModifiedAt = machine.Monotonic.Now.Nanoseconds + machine.RealtimeOffset,
        };
        nodes[path] = node;
        return node;
    }

    private List<string> NamesIn(string folder)
    {
        List<string> names = [];
        foreach (string path in nodes.Keys)
        {
            if (path.Length > 1 && ParentOf(path) == folder)
            {
                names.Add(path[(path.LastIndexOf('/') + 1)..]);
            }
        }

        return names;
    }

    private void MoveAll(string from, string to)
    {
        foreach (string path in new List<string>(nodes.Keys))
        {
            if (path == from || path.StartsWith(from + "/", StringComparison.Ordinal))
            {
                nodes[to + path[from.Length..]] = nodes[path];
                nodes.Remove(path);
            }
        }
    }
}
