using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Files;

/// <summary>The files of a machine: a disk, what is mounted over it, and the calls on paths.</summary>
internal sealed class MemoryFileSystem(SimulatedMachine machine, MemoryNode root)
{
    private uint lastCookie;

    public MemoryNode Root { get; } = root;

    public PathWalk Find(string path, bool followsLast = true) => PathWalk.From(Root, path, followsLast);

    public Result Open(SimulatedProcess process, string path, FileFlags flags, uint mode)
    {
        bool creates = (flags & FileFlags.Create) != 0;
        bool isExclusive = creates && (flags & FileFlags.Exclusive) != 0;
        if (creates && (flags & FileFlags.Directory) != 0)
        {
            return Result.Fail(Errno.EINVAL);
        }

        PathWalk found = Find(path, followsLast: !isExclusive && (flags & FileFlags.NoFollow) == 0);
        Errno error = found.Node is null && creates && !found.WantsDirectory ? found.Error
            : found.Error == Errno.None && creates && found.WantsDirectory ? Errno.EISDIR
            : found.ErrorOfNode;
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        if (isExclusive && found.Node is not null)
        {
            return Result.Fail(Errno.EEXIST);
        }

        if (!process.Files.HasRoom(1))
        {
            return Result.Fail(Errno.EMFILE);
        }

        if (found.Node is null)
        {
            MemoryNode made = Make(found, NodeKind.File, mode & ~process.FileModeMask);
            return process.Open(Opened(made, flags));
        }

        error = ObstacleTo(found.Node, flags);
        return error == Errno.None ? process.Open(Existing(found.Node, flags)) : Result.Fail(error);
    }

    public Result MakeDirectory(string path, uint mode)
    {
        PathWalk found = Find(path, followsLast: false);
        Errno error = found.Error != Errno.None ? found.Error : found.Node is not null ? Errno.EEXIST : ObstacleIn(found);
        return error != Errno.None ? Result.Fail(error) : Ok(Make(found, NodeKind.Directory, mode));
    }

    /// <summary>Makes a symbolic link, which no call of the kernel's does.</summary>
    public Result MakeLink(string path, string target)
    {
        PathWalk found = Find(path, followsLast: false);
        Errno error = found.Error != Errno.None ? found.Error : found.Node is not null ? Errno.EEXIST : ObstacleIn(found);
        return error != Errno.None ? Result.Fail(error) : Ok(Make(found, NodeKind.Link, 0x1FF, target));
    }

    /// <summary>Puts a file there that the kernel makes up, and the folders on the way to it; what was there is replaced.</summary>
    public MemoryNode Generate(string path, GeneratedContent content)
    {
        MemoryNode folder = Root;
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (string name in names[..^1])
        {
            if (!folder.Entries.TryGetValue(name, out MemoryNode? next))
            {
                next = new MemoryNode(folder.Volume, machine.NextFileNumber(), NodeKind.Directory, 0x16D);
                next.PutInto(folder, name);
            }

            folder = next;
        }

        NodeKind kind = content.Device is null ? NodeKind.Generated : NodeKind.Device;
        uint mode = (content.Write is null && content.Device is null ? 0u : 0x80u) | 0x124u;
        MemoryNode node = new(folder.Volume, machine.NextFileNumber(), kind, mode) { Generated = content };
        node.PutInto(folder, names[^1]);
        return node;
    }

    /// <summary>Gives a generated folder another name.</summary>
    public void Move(string path, string name)
    {
        if (Find(path, followsLast: false).Node is { Parent: { } folder } node)
        {
            node.TakeOut();
            node.PutInto(folder, name);
        }
    }

    /// <summary>Takes a generated file or folder away, with all that is in it.</summary>
    public void Withdraw(string path)
    {
        if (Find(path, followsLast: false).Node is { } node)
        {
            node.Unlink();
        }
    }

    /// <summary>Makes the address of a unix socket.</summary>
    public Result MakeSocket(string path, uint mode)
    {
        PathWalk found = Find(path, followsLast: false);
        Errno error = found.Error != Errno.None ? found.Error : found.Node is not null ? Errno.EADDRINUSE : ObstacleIn(found);
        return error != Errno.None ? Result.Fail(error) : Ok(Make(found, NodeKind.Socket, mode));
    }

    public Result Remove(string path, bool isDirectory)
    {
        PathWalk found = Find(path, followsLast: false);
        if (found.Error == Errno.None && found.Name.Length == 0)
        {
            return Result.Fail(!isDirectory ? Errno.EISDIR : found.Node == Root ? Errno.EBUSY
                : path.TrimEnd('/').EndsWith("..", StringComparison.Ordinal) ? Errno.ENOTEMPTY : Errno.EINVAL);
        }

        Errno error = found.ErrorOfNode;
        if (error == Errno.None)
        {
            MemoryNode node = found.Node!;
            error = node.IsDirectory != isDirectory ? (isDirectory ? Errno.ENOTDIR : Errno.EISDIR)
                : node.Volume != found.Folder.Volume ? Errno.EBUSY
                : node.Entries.Count > 0 ? Errno.ENOTEMPTY
                : node.Kind is NodeKind.Generated ? Errno.EPERM : Errno.None;
        }

        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        Remove(found.Node!);
        machine.ChangeName(path, null);
        return Result.Ok();
    }

    public Result Rename(string from, string to)
    {
        PathWalk source = Find(from, followsLast: false);
        PathWalk target = Find(to, followsLast: false);
        Errno error = FileRenaming.ObstacleTo(source, target);
        if (error != Errno.None || source.Node == target.Node)
        {
            return error == Errno.None ? Result.Ok() : Result.Fail(error);
        }

        MemoryNode moved = source.Node!;
        FileRenaming.Rename(source, target, ++lastCookie);
        machine.ChangeName(from, null);
        machine.ChangeName(to, moved);
        source.Folder.ModifiedAt = target.Folder.ModifiedAt = machine.RealtimeNow;
        return Result.Ok();
    }

    public Result Status(string path, out FileStatus status, bool followLinks)
    {
        PathWalk found = Find(path, followLinks);
        Errno error = found.ErrorOfNode;
        status = error == Errno.None ? StatusOf(found.Node!) : default;
        return error == Errno.None ? Result.Ok() : Result.Fail(error);
    }

    public Result List(string path, ICollection<string> names)
    {
        PathWalk found = Find(path);
        Errno error = found.ErrorOfNode;
        if (error != Errno.None || !found.Node!.IsDirectory)
        {
            return Result.Fail(error == Errno.None ? Errno.ENOTDIR : error);
        }

        FileNotices.Tell(found.Node, Happening.Opened);
        FileNotices.Tell(found.Node, Happening.Accessed);
        FileNotices.Tell(found.Node, Happening.Accessed); // the call that finds the end
        foreach (string name in found.Node.Entries.Keys)
        {
            names.Add(name);
        }

        FileNotices.Tell(found.Node, Happening.ClosedReadOnly);
        return Result.Ok();
    }

    public Result ReadLink(string path, out string target)
    {
        PathWalk found = Find(path, followsLast: false);
        Errno error = found.ErrorOfNode;
        error = error == Errno.None && found.Node!.Kind != NodeKind.Link ? Errno.EINVAL : error;
        target = error == Errno.None ? found.Node!.Target : "";
        return error == Errno.None ? Result.Ok(found.Node!.ReportedSize) : Result.Fail(error);
    }

    /// <summary>Watches a path, in the order of checks of inotify_add_watch.</summary>
    public Result Watch(SimulatedProcess process, int fd, string path, Happening mask)
    {
        const Happening AddOrCreate = Happening.MaskAdd | Happening.MaskCreate;
        if ((mask & Happening.Any) == Happening.None || !process.Files.TryGet(fd, out OpenFile? file))
        {
            return Result.Fail((mask & Happening.Any) == Happening.None ? Errno.EINVAL : Errno.EBADF);
        }

        if ((mask & AddOrCreate) == AddOrCreate || file is not NotificationQueue queue)
        {
            return Result.Fail(Errno.EINVAL);
        }

        PathWalk found = Find(path, followsLast: (mask & Happening.NotFollowing) == Happening.None);
        Errno error = found.ErrorOfNode;
        bool isOther = error == Errno.None && (mask & Happening.OnlyDirectory) != Happening.None && !found.Node!.IsDirectory;
        return error != Errno.None || isOther
            ? Result.Fail(isOther ? Errno.ENOTDIR : error)
            : queue.Watch(found.Node!, mask & Happening.Any);
    }

    public Result ChangeMode(string path, uint mode)
    {
        PathWalk found = Find(path);
        return found.ErrorOfNode != Errno.None ? Result.Fail(found.ErrorOfNode) : ChangeMode(found.Node!, mode);
    }

    public static Result ChangeMode(MemoryNode node, uint mode)
    {
        node.Mode = mode & 0xFFF;
        node.Volume.Disk?.NoteMode(node);
        FileNotices.Tell(node, Happening.AttributesChanged);
        return Result.Ok();
    }

    /// <summary>fsync: nothing is left to do where the volume lives in memory.</summary>
    public static Result Sync(MemoryNode node)
    {
        node.Volume.Disk?.Sync(node);
        return Result.Ok();
    }

    /// <summary>A file has lost its name: it is gone, or lives on as long as somebody has it open, and its folder with it.</summary>
    public static void LostName(MemoryNode node)
    {
        if (node.Openers > 0)
        {
            node.Parent!.Openers++;
            return;
        }

        End(node);
    }

    /// <summary>An opening of a file is over: without a name it may be gone.</summary>
    public static void LostOpener(MemoryNode node)
    {
        if (--node.Openers == 0 && node.IsUnlinked)
        {
            End(node);
            LostOpener(node.Parent!);
        }
    }

    private static void End(MemoryNode node)
    {
        node.Volume.Used -= node.Length;
        FileNotices.TellGone(node);
    }

    private static FileStatus StatusOf(MemoryNode node) =>
        new(TypeOf(node.Kind) | node.Mode, node.ReportedSize, node.Volume.Device, node.Number, node.ModifiedAt);

    private static uint TypeOf(NodeKind kind) => kind switch
    {
        NodeKind.File or NodeKind.Generated => 0x8000,
        NodeKind.Directory => 0x4000,
        NodeKind.Link => 0xA000,
        NodeKind.Socket => 0xC000,
        NodeKind.Device => 0x2000,
    };

    private static Result Ok(MemoryNode node) => Result.Ok(node.Openers);

    private static Errno ObstacleIn(in PathWalk found) =>
        found.Folder.IsUnlinked ? Errno.ENOENT : found.Folder.Volume.IsGenerated ? Errno.EACCES : Errno.None;

    private static Errno ObstacleTo(MemoryNode node, FileFlags flags)
    {
        bool writes = (flags & FileFlags.Write) != 0;
        return node.Kind == NodeKind.Link ? ((flags & FileFlags.Directory) != 0 ? Errno.ENOTDIR : Errno.ELOOP)
            : (flags & FileFlags.Directory) != 0 && !node.IsDirectory ? Errno.ENOTDIR
            : node.IsDirectory && (writes || (flags & FileFlags.Create) != 0) ? Errno.EISDIR
            : node.Kind == NodeKind.Socket ? Errno.ENXIO
            : node.Kind == NodeKind.Generated && writes && node.Generated!.Write is null ? Errno.EACCES
            : Errno.None;
    }

    private OpenFile Existing(MemoryNode node, FileFlags flags)
    {
        OpenFile file = Opened(node, flags);
        if (node.Kind == NodeKind.File && (flags & FileFlags.Truncate) != 0)
        {
            node.Volume.Used -= node.Length;
            node.Resize(0);
            node.ModifiedAt = machine.RealtimeNow;
            node.Volume.Disk?.NoteCut(node);
            FileNotices.Tell(node, Happening.Modified);
        }

        return file;
    }

    private OpenFile Opened(MemoryNode node, FileFlags flags)
    {
        OpenFile file = node.Kind switch
        {
            NodeKind.Device => node.Generated!.Device!(),
            NodeKind.Generated => new GeneratedFile(machine, node.Generated!, flags),
            NodeKind.File or NodeKind.Directory or NodeKind.Link or NodeKind.Socket => new MemoryFile(machine, node, flags),
        };
        FileNotices.Tell(node, Happening.Opened);
        return file;
    }

    private MemoryNode Make(in PathWalk place, NodeKind kind, uint mode, string target = "")
    {
        Volume volume = place.Folder.Volume;
        MemoryNode node = new(volume, machine.NextFileNumber(), kind, mode)
        {
            Target = target,
            ModifiedAt = machine.RealtimeNow,
            Disk = volume.Disk is null ? null : new DiskNode { Mode = mode, ModifiedAt = machine.RealtimeNow },
        };
        node.PutInto(place.Folder, place.Name);
        place.Folder.ModifiedAt = machine.RealtimeNow;
        (DiskNode? disk, string name) = (place.Folder.Disk, place.Name);
        volume.Disk?.Note(() => disk!.Entries[name] = node);
        FileNotices.TellFolder(place.Folder, node, place.Name, Happening.Created);
        return node;
    }

    private void Remove(MemoryNode node)
    {
        (MemoryNode folder, string name) = (node.Parent!, node.Name);
        node.Unlink();
        folder.ModifiedAt = machine.RealtimeNow;
        folder.Volume.Disk?.Note(() => folder.Disk!.Entries.Remove(name));
        if (!node.IsDirectory)
        {
            FileNotices.TellSelf(node, Happening.AttributesChanged);
        }

        // Those who watch it learn of its end before those who watch the folder that it was in.
        LostName(node);
        FileNotices.TellFolder(folder, node, name, Happening.Deleted);
    }
}
