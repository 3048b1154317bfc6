using Spindle.Kernels;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>A settings file as it was found. Waits for the disk.</summary>
/// <param name="Document">Its content; empty if there is none to use.</param>
/// <param name="Remark">What a person should know; null: nothing.</param>
internal sealed record ReadDocument(KeyFileDocument Document, string? Remark)
{
    public static ReadDocument Read(Kernel kernel, string path)
    {
        Result result = StoredFile.Read(kernel, path, out byte[] octets);
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
        if (!result.IsOk && result.Error is Errno.EACCES or Errno.EIO or Errno.EMFILE or Errno.ENFILE)
        {
            return new(new KeyFileDocument(), $"{path} cannot be read ({reason})");
        }

        string? aside = StoredFile.SetAside(kernel, path, out Result moved);
        return new(new KeyFileDocument(), aside is null
            ? $"{path} is no settings file ({reason}), and cannot be set aside ({moved.Error})"
            : $"{path} is no settings file ({reason}); it is now {aside}");
    }
}
