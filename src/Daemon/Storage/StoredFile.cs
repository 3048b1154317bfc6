using System.Globalization;
using Spindle.Kernels;

namespace Spindle.Daemon.Storage;

/// <summary>Files that are put out of the way because they are not what they should be.</summary>
internal static class StoredFile
{
    private const int AsideMax = 9;

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
