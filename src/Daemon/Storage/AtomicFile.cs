using System;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Daemon.Storage;

/// <summary>Writes a file so that after a crash there is the old one or the new one, and nothing between. Waits for the disk:
/// on a thread of its own, or before the loop runs.</summary>
internal static class AtomicFile
{
    private const uint FileMode = 0x180;      // 0600
    private const uint DirectoryMode = 0x1C0; // 0700

    /// <summary>A new file, synced, renamed over the old one; then the directory is synced. The directory is made if needed.</summary>
    public static Result Replace(Kernel kernel, string path, ReadOnlySpan<byte> octets)
    {
        string directory = Path.GetDirectoryName(path) ?? "/";
        Result made = MakeDirectory(kernel, directory);
        if (!made.IsOk)
        {
            return made;
        }

        string fresh = path + ".new";
        kernel.Unlink(fresh);
        Result result = WriteSynced(kernel, fresh, octets);
        if (result.IsOk)
        {
            result = kernel.Rename(fresh, path);
        }

        if (!result.IsOk)
        {
            kernel.Unlink(fresh);
            return result;
        }

        return SyncDirectory(kernel, directory);
    }

    /// <summary>Removes a file for good; one that is not there is removed.</summary>
    public static Result Remove(Kernel kernel, string path)
    {
        Result result = kernel.Unlink(path);
        return result.IsOk ? SyncDirectory(kernel, Path.GetDirectoryName(path) ?? "/")
            : result.Is(Errno.ENOENT) ? Result.Ok()
            : result;
    }

    /// <summary>Makes a directory, for root alone unless told otherwise, and those above it for all to pass; one that is there is left as it is.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="directory">Its path.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="isExact">What is made has its permissions whatever the umask is.</param>
    public static Result MakeDirectory(Kernel kernel, string directory, uint mode = DirectoryMode, bool isExact = false)
    {
        Result made = kernel.MakeDirectory(directory, mode);
        string? above = Path.GetDirectoryName(directory);
        if (made.Is(Errno.ENOENT) && above is not null)
        {
            Result madeAbove = MakeDirectory(kernel, above, mode: 0x1ED, isExact); // 0755
            made = madeAbove.IsOk ? kernel.MakeDirectory(directory, mode) : madeAbove;
        }

        made = made.IsOk && isExact ? kernel.ChangeMode(directory, mode) : made;
        if (made.IsOk && above is not null)
        {
            return SyncDirectory(kernel, above);
        }

        return made.Is(Errno.EEXIST) ? Result.Ok() : made;
    }

    private static Result WriteSynced(Kernel kernel, string path, ReadOnlySpan<byte> octets)
    {
        Result opened = kernel.Open(path, FileFlags.Write | FileFlags.Create | FileFlags.Exclusive | FileFlags.NoFollow, FileMode);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result result = Result.Ok();
        while (result.IsOk && !octets.IsEmpty)
        {
            result = kernel.Write(opened.Int, octets);
            octets = octets[result.Int..];
        }

        if (result.IsOk)
        {
            result = kernel.Sync(opened.Int);
        }

        Result closed = kernel.Close(opened.Int);
        return result.IsOk ? closed : result;
    }

    private static Result SyncDirectory(Kernel kernel, string directory)
    {
        Result opened = kernel.Open(directory, FileFlags.Read | FileFlags.Directory);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result synced = kernel.Sync(opened.Int);
        kernel.Close(opened.Int);

        // Some file systems sync no directories; then the rename is as safe as it gets.
        return synced.Is(Errno.EINVAL) ? Result.Ok() : synced;
    }
}
