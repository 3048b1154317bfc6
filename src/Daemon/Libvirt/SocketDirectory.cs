using System.IO;
using Spindle.Kernels;

namespace Spindle.Daemon.Libvirt;

/// <summary>The folder of the sockets, through which everybody may pass who may open one of them.</summary>
internal static class SocketDirectory
{
    private const uint Mode = 0x1ED; // 0755

    /// <summary>Makes it, and those above it. What is made has its mode whatever the umask is; what is there stays as it is.</summary>
    public static Result Make(Kernel kernel, string directory)
    {
        Result made = kernel.MakeDirectory(directory, Mode);
        if (made.Is(Errno.ENOENT) && Path.GetDirectoryName(directory) is { } above)
        {
            Result madeAbove = Make(kernel, above);
            made = madeAbove.IsOk ? kernel.MakeDirectory(directory, Mode) : madeAbove;
        }

        return made.IsOk ? kernel.ChangeMode(directory, Mode)
            : made.Is(Errno.EEXIST) ? Result.Ok()
            : made;
    }
}
