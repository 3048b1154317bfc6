using System;

namespace Spindle.Kernels;

/// <summary>Small files that are read from their beginning at once: settings, and what /proc and /sys tell. Waits for the disk.</summary>
public static class WholeFile
{
    // Non-blocking: a FIFO in a file's place would wait for its other end.
    private const FileFlags Flags = FileFlags.Read | FileFlags.NonBlocking;

    private const int FirstSize = 4096;

    /// <summary>Reads a file's beginning, all of it if there is room for more.</summary>
    /// <returns>How many octets, or why it cannot be opened or read.</returns>
    public static Result ReadFile(this Kernel kernel, string path, Span<byte> octets)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Result opened = kernel.Open(path, Flags);
        if (!opened.IsOk)
        {
            return opened;
        }

        Result result = ReadAll(kernel, opened.Int, octets);
        kernel.Close(opened.Int);
        return result;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="kernel">Where it is.</param>
    /// <param name="path">Its name.</param>
    /// <param name="sizeMax">Most octets that it may have.</param>
    /// <param name="octets">What is in it; nothing on failure.</param>
    /// <returns>How many octets, or why it cannot be opened or read: EFBIG if there are more than that.</returns>
    public static Result ReadFile(this Kernel kernel, string path, int sizeMax, out byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        octets = [];
        Result opened = kernel.Open(path, Flags);
        if (!opened.IsOk)
        {
            return opened;
        }

        byte[] room = new byte[Math.Min(FirstSize, sizeMax + 1)];
        int length = 0;
        Result read;
        while (true)
        {
            read = ReadAll(kernel, opened.Int, room.AsSpan(length));
            length += read.Int;
            if (length < room.Length || length > sizeMax)
            {
                break;
            }

            Array.Resize(ref room, 2 * length);
        }

        kernel.Close(opened.Int);
        if (!read.IsOk || length > sizeMax)
        {
            return read.IsOk ? Result.Fail(Errno.EFBIG) : read;
        }

        octets = room[..length];
        return Result.Ok(length);
    }

    private static Result ReadAll(Kernel kernel, int fd, Span<byte> octets)
    {
        int length = 0;
        while (length < octets.Length)
        {
            Result read = kernel.Read(fd, octets[length..]);
            if (!read.IsOk || read.Int == 0)
            {
                return read.IsOk ? Result.Ok(length) : read;
            }

            length += read.Int;
        }

        return Result.Ok(length);
    }
}
