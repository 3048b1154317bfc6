using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>The descriptors of a process: a number is always the lowest that is free.</summary>
internal sealed class DescriptorTable
{
    private OpenFile?[] files = new OpenFile?[64];
    private int lowestFree;

    /// <summary>One more than the highest number there can be (RLIMIT_NOFILE).</summary>
    public int Limit { get; set; } = 20_000;

    /// <summary>How many numbers the table has room for now: select does not look beyond (64, doubling).</summary>
    public int Size => files.Length;

    /// <summary>How many numbers are in use.</summary>
    public int Count { get; private set; }

    /// <summary>The file behind a number; an O_PATH descriptor has none that can be used.</summary>
    public bool TryGet(int fd, [NotNullWhen(true)] out OpenFile? file) =>
        TryGetAny(fd, out file) && !file.IsPathOnly;

    /// <summary>The file behind a number, O_PATH or not.</summary>
    public bool TryGetAny(int fd, [NotNullWhen(true)] out OpenFile? file)
    {
        file = (uint)fd < (uint)files.Length ? files[fd] : null;
        return file is not null;
    }

    /// <summary>Gives a file the lowest free number; EMFILE if there is none.</summary>
    public Result Add(OpenFile file)
    {
        int fd = lowestFree;
        while (fd < files.Length && files[fd] is not null)
        {
            fd++;
        }

        if (fd >= Limit)
        {
            return Result.Fail(Errno.EMFILE);
        }

        Put(fd, file);
        lowestFree = fd + 1;
        return Result.Ok(fd);
    }

    /// <summary>True if this many more descriptors can be had.</summary>
    public bool HasRoom(int count)
    {
        for (int fd = lowestFree; fd < Limit; fd++)
        {
            if ((fd >= files.Length || files[fd] is null) && --count == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives a file this very number; what was there is closed (dup2).</summary>
    public void Replace(int fd, OpenFile file)
    {
        OpenFile? old = fd < files.Length ? files[fd] : null;
        Put(fd, file);
        old?.Drop();
    }

    public Result Close(int fd)
    {
        if (!TryGetAny(fd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        files[fd] = null;
        Count--;
        lowestFree = Math.Min(lowestFree, fd);
        file.Drop();
        return Result.Ok();
    }

    public void CloseAll()
    {
        for (int fd = 0; fd < files.Length; fd++)
        {
            Close(fd);
        }
    }

    /// <summary>A table of its own with the same files, as a forked child has it.</summary>
    public DescriptorTable Fork()
    {
        DescriptorTable copy = new() { files = (OpenFile?[])files.Clone(), lowestFree = lowestFree, Limit = Limit, Count = Count };
        foreach (OpenFile? file in files)
        {
            file?.Hold();
        }

        return copy;
    }

    private void Put(int fd, OpenFile file)
    {
        while (fd >= files.Length)
        {
            Array.Resize(ref files, files.Length * 2);
        }

        file.Hold();
        Count += files[fd] is null ? 1 : 0;
        files[fd] = file;
    }
}
