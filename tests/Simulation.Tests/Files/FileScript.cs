using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>Random calls on files below a folder, and what they and an inotify said: equal seeds make equal calls on any kernel.</summary>
internal sealed class FileScript(Kernel kernel, string root, ulong seed)
{
    private const uint AllEvents = 0xFFF;

    private static readonly string[] Names = ["a", "b", "longer-name-than-sixteen", "a/b", "a/c", "b/a", "b/c/d", "a/../b", ".", "a/.", "b/", "gone/x"];

    private readonly List<int> open = [];
    private readonly List<string> lines = [];
    private PseudoRandom random = new(seed);
    private int inotify;

    public List<string> Run(int steps)
    {
        Note("mkdir root", kernel.MakeDirectory(root, 0x1ED));
        inotify = kernel.InotifyCreate().Int;
        Watch(root);
        for (int step = 0; step < steps; step++)
        {
            Step();
            ReadEvents();
        }

        while (open.Count > 0)
        {
            CloseOne();
            ReadEvents();
        }

        kernel.Close(inotify);
        return lines;
    }

    private void Step()
    {
        string path = Pick();
        switch (random.NextUInt32() % 12)
        {
            case 0 or 1:
                OpenOne(path);
                break;
            case 2:
                CloseOne();
                break;
            case 3:
                Note($"mkdir {path}", kernel.MakeDirectory(Full(path), 0x1ED));
                break;
            case 4:
                Note($"rmdir {path}", kernel.RemoveDirectory(Full(path)));
                break;
            case 5:
                Note($"unlink {path}", kernel.Unlink(Full(path)));
                break;
            case 6 or 7:
                string other = Pick();
                Note($"rename {path} {other}", kernel.Rename(Full(path), Full(other)));
                break;
            case 8:
                Write();
                break;
            case 9:
                Read();
                break;
            case 10:
                Look(path);
                break;
            default:
                Watch(Full(path));
                break;
        }
    }

    private void OpenOne(string path)
    {
        FileFlags[] some = [FileFlags.Read, FileFlags.Write, FileFlags.Create, FileFlags.Exclusive, FileFlags.Truncate, FileFlags.Append, FileFlags.Directory, FileFlags.NoFollow];
        FileFlags flags = 0;
        foreach (FileFlags flag in some)
        {
            int rarity = flag is FileFlags.Directory or FileFlags.Exclusive ? 5 : 2;
            flags |= random.NextUInt32() % rarity == 0 ? flag : 0;
        }

        // What is truncated without being opened for writing is the file system's own affair.
        flags |= (flags & FileFlags.Truncate) != 0 ? FileFlags.Write : 0;
        Result result = kernel.Open(Full(path), flags, 0x1A4);
        Note($"open {path} {flags}", result.IsOk ? Result.Ok() : result);
        if (result.IsOk)
        {
            open.Add(result.Int);
        }
    }

    private void CloseOne()
    {
        if (TryPickOpen(out int index))
        {
            Note($"close {index}", kernel.Close(open[index]));
            open.RemoveAt(index);
        }
    }

    private void Write()
    {
        if (TryPickOpen(out int index))
        {
            Note($"write {index}", kernel.Write(open[index], new byte[random.NextUInt32() % 3 * 3000]));
        }
    }

    private void Read()
    {
        if (TryPickOpen(out int index))
        {
            Note($"read {index}", kernel.Read(open[index], new byte[5000]));
        }
    }

    private void Look(string path)
    {
        Result result = kernel.Status(Full(path), out FileStatus status, followLinks: false);
        long size = status.IsDirectory ? 0 : status.Size;
        Note($"status {path} {status.Mode:x} {size}", result);
        List<string> names = [];
        Note($"list {path}", kernel.ListDirectory(Full(path), names) is { IsOk: false } failed ? failed : Result.Ok());
        names.Sort(StringComparer.Ordinal);
        lines.Add(string.Join(' ', names));
    }

    private void Watch(string path)
    {
        uint[] masks = [AllEvents, AllEvents, 0x2 | 0x8, 0x3C0, AllEvents | 0x80000000, AllEvents | 0x01000000, AllEvents | 0x20000000, 0xC00 | 0x4000000, 0];
        uint mask = masks[random.NextUInt32() % masks.Length];
        Note($"watch {path[root.Length..]} {mask:x}", kernel.InotifyAdd(inotify, path, mask));
    }

    private void ReadEvents()
    {
        byte[] buffer = new byte[4096];
        Result read = kernel.Read(inotify, buffer);
        Span<byte> octets = buffer.AsSpan(0, read.Int);
        while (octets.Length > 0)
        {
            int length = MemoryMarshal.Read<int>(octets[12..]);
            string name = Encoding.UTF8.GetString(octets.Slice(16, length)).TrimEnd('\0');
            bool hasCookie = MemoryMarshal.Read<uint>(octets[8..]) != 0;
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"  {MemoryMarshal.Read<int>(octets)} {MemoryMarshal.Read<uint>(octets[4..]):x} {(hasCookie ? "cookie" : "-")} {length} {name}"));
            octets = octets[(16 + length)..];
        }
    }

    private string Pick() => Names[random.NextUInt32() % Names.Length];

    private string Full(string path) => $"{root}/{path}";

    private bool TryPickOpen(out int index)
    {
        index = open.Count == 0 ? 0 : (int)(random.NextUInt32() % open.Count);
        return open.Count > 0;
    }

    private void Note(string what, Result result) => lines.Add($"{what} -> {result}");
}
