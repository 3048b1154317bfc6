using System;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.ResolvConf;

/// <summary>Keeps resolv.conf: as a new file renamed over the old one, so that no program reads half of it.</summary>
/// <remarks>
/// Symbolic links are followed: what they point to is replaced, they stay. Where a file can only be written and not
/// replaced (a bind mount, as containers have it, or a read-only directory), it is written in place.
/// Nothing is synced: the file is made anew at every start, and the loop does not wait for a disk.
/// </remarks>
public sealed class ResolvConfFile
{
    private const uint Mode = 0x1A4; // 0644
    private const int LinksMax = 8;

    // Far more than we ever write; a longer file is not ours and differs in any case.
    private const int SizeMax = 4096;

    private readonly Kernel kernel;

    /// <summary>A file that is not written yet.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="path">Where it is; null: nowhere, every write is then done.</param>
    public ResolvConfFile(Kernel kernel, string? path)
    {
        this.kernel = kernel;
        Path = path;
    }

    /// <summary>Where it is; null: nowhere.</summary>
    public string? Path { get; }

    /// <summary>Where it is to be (main.conf, <c>ResolvConf</c>).</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="key">The key's value. Null: ConnMan's folder if it is there, else <c>/etc</c>. Empty or
    /// <c>/dev/null</c>: nowhere.</param>
    /// <param name="runDirectory">Where volatile files are: <c>/run</c>.</param>
    /// <param name="configurationDirectory">Where the machine's own are: <c>/etc</c>.</param>
    public static string? ChoosePath(
        Kernel kernel, string? key, string runDirectory = "/run", string configurationDirectory = "/etc")
    {
        if (key is not null)
        {
            return key is "" or "/dev/null" ? null : key;
        }

        string own = $"{runDirectory}/connman";
        bool isThere = kernel.Status(own, out FileStatus status).IsOk && status.IsDirectory;
        return $"{(isThere ? own : configurationDirectory)}/resolv.conf";
    }

    /// <summary>Makes the file say this. The value is 1 if it was written, 0 if it said so already.</summary>
    public Result Write(string content)
    {
        if (Path is null)
        {
            return Result.Ok();
        }

        Result followed = Follow(Path, out string target);
        if (!followed.IsOk)
        {
            return followed;
        }

        byte[] octets = Encoding.UTF8.GetBytes(content);
        if (Says(target, octets))
        {
            return Result.Ok();
        }

        Result replaced = Replace(target, octets);

        // EBUSY: a bind mount. The others: a directory that nothing can be made in.
        bool isOnlyWritable = replaced.Error is Errno.EBUSY or Errno.EXDEV or Errno.EROFS or Errno.EACCES or Errno.EPERM;
        return isOnlyWritable ? WriteInPlace(target, octets) : replaced;
    }

    /// <summary>Where a chain of symbolic links ends; its end need not be there.</summary>
    private Result Follow(string path, out string target)
    {
        target = path;
        for (int i = 0; i < LinksMax; i++)
        {
            Result read = kernel.ReadLink(target, out string next);
            if (!read.IsOk)
            {
                // EINVAL: no link. ENOENT: nothing there yet.
                return read.Error is Errno.EINVAL or Errno.ENOENT ? Result.Ok() : read;
            }

            target = System.IO.Path.Combine(DirectoryOf(target), next);
        }

        return Result.Fail(Errno.ELOOP);
    }

    private bool Says(string path, ReadOnlySpan<byte> content)
    {
        Span<byte> current = stackalloc byte[SizeMax];
        Result read = kernel.ReadFile(path, current);
        return read.IsOk && current[..read.Int].SequenceEqual(content);
    }

    private Result Replace(string path, ReadOnlySpan<byte> octets)
    {
        string fresh = $"{DirectoryOf(path)}/.{System.IO.Path.GetFileName(path)}.spindle";
        kernel.Unlink(fresh);
        Result opened = kernel.Open(
            fresh, FileFlags.Write | FileFlags.Create | FileFlags.Exclusive | FileFlags.NoFollow, Mode);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result result = kernel.ChangeMode(opened.Int, Mode);
        result = result.IsOk ? WriteAll(opened.Int, octets) : result;
        Result closed = kernel.Close(opened.Int);
        result = result.IsOk ? closed : result;
        result = result.IsOk ? kernel.Rename(fresh, path) : result;
        if (!result.IsOk)
        {
            kernel.Unlink(fresh);
            return result;
        }

        return Result.Ok(1);
    }

    private Result WriteInPlace(string path, ReadOnlySpan<byte> octets)
    {
        Result opened = kernel.Open(path, FileFlags.Write | FileFlags.Truncate | FileFlags.NoFollow);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result result = WriteAll(opened.Int, octets);
        Result closed = kernel.Close(opened.Int);
        return !result.IsOk ? result : !closed.IsOk ? closed : Result.Ok(1);
    }

    private Result WriteAll(int fd, ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Result written = kernel.Write(fd, octets);
            if (!written.IsOk)
            {
                return written;
            }

            octets = octets[written.Int..];
        }

        return Result.Ok();
    }

    private static string DirectoryOf(string path) => System.IO.Path.GetDirectoryName(path) is { Length: > 0 } directory
        ? directory.TrimEnd('/')
        : path.StartsWith('/') ? "" : ".";
}
