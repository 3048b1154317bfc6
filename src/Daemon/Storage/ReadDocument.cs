using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>A settings file as it was found. Waits for the disk.</summary>
/// <param name="Document">Its content; empty if there is none to use.</param>
/// <param name="Remark">What a person should know; null: nothing.</param>
/// <param name="Failure">Why it could not be read, so that nobody knows what is in it.</param>
internal sealed record ReadDocument(KeyFileDocument Document, string? Remark, Errno Failure = Errno.None)
{
    /// <summary>True if another time may do: something was short for a moment.</summary>
    public bool IsTransient => Failure.IsTransient();

    public static ReadDocument Read(Kernel kernel, string path)
    {
        Result result = kernel.ReadFile(path, KeyFileDocument.SizeMax, out byte[] octets);
        if (result.Is(Errno.ENOENT) || result.Is(Errno.ENOTDIR))
        {
            return new(new KeyFileDocument(), null);
        }

        KeyFileError error = default;
        if (result.IsOk && KeyFileDocument.TryParse(octets, out KeyFileDocument? document, out error))
        {
            return new(document, null);
        }

        // A disk that cannot be read has not lied: what is there stays there.
        string reason = result.IsOk ? error.ToString() : result.Error.ToString();
        if (!result.IsOk && !IsOtherThanFile(result.Error))
        {
            return new(new KeyFileDocument(), $"{path} cannot be read ({reason})", result.Error);
        }

        string? aside = StoredFile.SetAside(kernel, path, out Result moved);
        return new(new KeyFileDocument(), aside is null
            ? $"{path} is no settings file ({reason}), and cannot be set aside ({moved.Error})"
            : $"{path} is no settings file ({reason}); it is now {aside}");
    }

    // Too large, a directory, a device or socket, links in a circle: whatever is there is none of ours.
    private static bool IsOtherThanFile(Errno error) => error is Errno.EFBIG or Errno.EISDIR or Errno.ENXIO or Errno.ELOOP;
}
