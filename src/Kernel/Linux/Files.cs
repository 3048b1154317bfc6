using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>Files, directories and inotify, by path.</summary>
internal static unsafe class Files
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int RemoveDirectoryFlag = 0x200; // AT_REMOVEDIR
    private const int NoFollowFlag = 0x100;    // AT_SYMLINK_NOFOLLOW
    private const int PathMax = 4096;

    public static Result Open(string path, FileFlags flags, uint mode)
    {
        using CString file = new(path);
        int numbers = ToNumbers(flags, SystemCallNumber.IsArm64);
        return Invoke(SystemCallNumber.Openat, CurrentDirectory, file.Address, numbers, (nint)mode);
    }

    /// <summary>The <c>O_*</c> bits; two of them differ between the architectures.</summary>
    public static int ToNumbers(FileFlags flags, bool isArm64)
    {
        bool writes = flags.HasFlag(FileFlags.Write);
        int access = !writes ? 0 : flags.HasFlag(FileFlags.Read) ? 2 : 1;
        return access | Descriptors.CloseOnExec
            | (flags.HasFlag(FileFlags.Create) ? 0x40 : 0)
            | (flags.HasFlag(FileFlags.Exclusive) ? 0x80 : 0)
            | (flags.HasFlag(FileFlags.Truncate) ? 0x200 : 0)
            | (flags.HasFlag(FileFlags.Append) ? 0x400 : 0)
            | (flags.HasFlag(FileFlags.NonBlocking) ? Descriptors.NonBlocking : 0)
            | (flags.HasFlag(FileFlags.Directory) ? (isArm64 ? 0x4000 : 0x10000) : 0)
            | (flags.HasFlag(FileFlags.NoFollow) ? (isArm64 ? 0x8000 : 0x20000) : 0)
            | 0x100; // O_NOCTTY: no file makes itself our terminal
    }

    public static Result Rename(string from, string to)
    {
        using CString source = new(from);
        using CString target = new(to);
        return Invoke(SystemCallNumber.Renameat2, CurrentDirectory, source.Address, CurrentDirectory, target.Address);
    }

    public static Result Unlink(string path)
    {
        using CString file = new(path);
        return Invoke(SystemCallNumber.Unlinkat, CurrentDirectory, file.Address);
    }

    public static Result ChangeMode(string path, uint mode)
    {
        using CString file = new(path);
        return Invoke(SystemCallNumber.Fchmodat, CurrentDirectory, file.Address, (nint)mode);
    }

    /// <summary>-1 leaves the user, or the group, as it is.</summary>
    public static Result ChangeOwner(string path, uint? user, uint? group)
    {
        using CString file = new(path);
        return Invoke(
            SystemCallNumber.Fchownat, CurrentDirectory, file.Address, (nint)(user ?? uint.MaxValue),
            (nint)(group ?? uint.MaxValue), NoFollowFlag);
    }

    public static Result MakeDirectory(string path, uint mode)
    {
        using CString directory = new(path);
        return Invoke(SystemCallNumber.Mkdirat, CurrentDirectory, directory.Address, (nint)mode);
    }

    public static Result RemoveDirectory(string path)
    {
        using CString directory = new(path);
        return Invoke(SystemCallNumber.Unlinkat, CurrentDirectory, directory.Address, RemoveDirectoryFlag);
    }

    /// <summary>statx, whose structure is the same on every architecture (256 octets; stx_mode at 28, stx_ino 32,
    /// stx_size 40, stx_mtime 112, stx_dev_major 136).</summary>
    public static Result Status(string path, out FileStatus status, bool followLinks)
    {
        const int BasicStats = 0x7FF; // STATX_BASIC_STATS
        Span<byte> answer = stackalloc byte[256];
        using CString file = new(path);
        Result result;
        fixed (byte* buffer = answer)
        {
            int flags = followLinks ? 0 : NoFollowFlag;
            result = Invoke(
                SystemCallNumber.Statx, CurrentDirectory, file.Address, flags, BasicStats, (nint)buffer);
        }

        status = result.IsOk ? ReadStatus(answer) : default;
        return result;
    }

    public static Result ListDirectory(string path, ICollection<string> names)
    {
        Result directory = Open(path, FileFlags.Read | FileFlags.Directory, 0);
        if (!directory.IsOk)
        {
            return directory;
        }

        byte[] entries = new byte[8192];
        Result read;
        do
        {
            fixed (byte* buffer = entries)
            {
                read = Invoke(SystemCallNumber.Getdents64, directory.Int, (nint)buffer, entries.Length);
            }

            AddNames(entries.AsSpan(0, read.Int), names);
        }
        while (read.IsOk && read.Value > 0);

        Descriptors.Close(directory.Int);
        return read;
    }

    public static Result ReadLink(string path, out string target)
    {
        Span<byte> octets = stackalloc byte[PathMax];
        using CString file = new(path);
        fixed (byte* buffer = octets)
        {
            Result result = Invoke(
                SystemCallNumber.Readlinkat, CurrentDirectory, file.Address, (nint)buffer, octets.Length);
            target = Encoding.UTF8.GetString(octets[..result.Int]);
            return result;
        }
    }

    public static Result InotifyCreate() => Invoke(SystemCallNumber.InotifyInit1, Descriptors.Ours);

    public static Result InotifyAdd(int fd, string path, uint mask)
    {
        using CString file = new(path);
        return Invoke(SystemCallNumber.InotifyAddWatch, fd, file.Address, (nint)mask);
    }

    public static Result InotifyRemove(int fd, int watch) => Invoke(SystemCallNumber.InotifyRemoveWatch, fd, watch);

    private static FileStatus ReadStatus(ReadOnlySpan<byte> answer)
    {
        long modifiedSeconds = MemoryMarshal.Read<long>(answer[112..]);
        uint modifiedNanoseconds = MemoryMarshal.Read<uint>(answer[120..]);
        return new FileStatus(
            Mode: MemoryMarshal.Read<ushort>(answer[28..]),
            Size: MemoryMarshal.Read<long>(answer[40..]),
            Device: DeviceNumber(MemoryMarshal.Read<uint>(answer[136..]), MemoryMarshal.Read<uint>(answer[140..])),
            Inode: MemoryMarshal.Read<ulong>(answer[32..]),
            ModifiedNanoseconds: (modifiedSeconds * 1_000_000_000) + modifiedNanoseconds);
    }

    /// <summary>A device's number as <c>makedev(3)</c> builds it, so that it compares with <c>st_dev</c>.</summary>
    private static ulong DeviceNumber(ulong major, ulong minor) =>
        (major & 0xFFFFF000) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFFFF00) << 12 | (minor & 0xFF);

    /// <summary>Each entry: inode (8), offset (8), length of the entry (2), kind (1), name with its NUL.</summary>
    private static void AddNames(ReadOnlySpan<byte> entries, ICollection<string> names)
    {
        while (entries.Length > 19)
        {
            ushort length = MemoryMarshal.Read<ushort>(entries[16..]);
            ReadOnlySpan<byte> name = entries[19..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                names.Add(Encoding.UTF8.GetString(name));
            }

            entries = entries[length..];
        }
    }
}
