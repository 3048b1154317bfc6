using System;
using System.Globalization;
using System.IO;
using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>Whole small files, read at once; and put out of the way when they are not what they should be.</summary>
internal static class StoredFile
{
    /// <summary>EFBIG.</summary>
    public const Errno TooLarge = (Errno)27;

    private const int AsideMax = 9;

    /// <summary>Reads a file of at most <see cref="KeyFileDocument.SizeMax"/> octets; <see cref="TooLarge"/> if it is larger.</summary>
    public static Result Read(Kernel kernel, string path, out byte[] octets)
    {
        octets = [];

        // Non-blocking: a FIFO in a file's place would wait for its other end.
        Result opened = kernel.Open(path, FileFlags.Read | FileFlags.NonBlocking);
        if (!opened.IsOk)
        {
            return opened;
        }

        using MemoryStream content = new();
        Span<byte> piece = stackalloc byte[4096];
        Result read;
        do
        {
            read = kernel.Read(opened.Int, piece);
            content.Write(piece[..read.Int]);
        }
        while (read.IsOk && read.Value > 0 && content.Length <= KeyFileDocument.SizeMax);

        kernel.Close(opened.Int);
        octets = content.ToArray();
        return content.Length > KeyFileDocument.SizeMax ? Result.Fail(TooLarge) : read;
    }

    /// <summary>Renames what cannot be used to <c>NAME.bad-N</c>; after nine of them the last is replaced.</summary>
    /// <returns>The new name, or null and why not.</returns>
    public static string? SetAside(Kernel kernel, string path, out Result result)
    {
        string aside = path;
        for (int number = 1; number <= AsideMax; number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{path}.bad-{number}");
            if (kernel.Status(aside, out _, followLinks: false).Is(Errno.ENOENT))
            {
                break;
            }
        }

        result = kernel.Rename(path, aside);
        return result.IsOk ? aside : null;
    }
}
