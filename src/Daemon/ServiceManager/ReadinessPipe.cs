using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.ServiceManager;

/// <summary>The child's side of <see cref="BackgroundStart"/>: says once that the daemon is ready, or why it is not.</summary>
public sealed class ReadinessPipe
{
    private readonly Kernel kernel;
    private int fd;

    private ReadinessPipe(Kernel kernel, int fd)
    {
        this.kernel = kernel;
        this.fd = fd;
    }

    /// <summary>What a report of success begins with; a reason never does.</summary>
    internal static ReadOnlySpan<byte> ReadyMark => "\u0006"u8;

    /// <summary>Takes over the descriptor that the variable names. After the process has executed itself, if it does.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="variable">The value of <see cref="BackgroundStart.Variable"/>; null: not started in the background.</param>
    /// <returns>Null if this is not a child in the background.</returns>
    public static ReadinessPipe? Open(Kernel kernel, string? variable)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (!int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out int inherited) || inherited < 3)
        {
            return null;
        }

        // The inherited one would go on to our own children; its duplicate closes on exec.
        Result own = kernel.Duplicate(inherited);
        if (!own.IsOk)
        {
            return null;
        }

        kernel.Close(inherited);
        return new ReadinessPipe(kernel, own.Int);
    }

    /// <summary>The name is owned: the parent ends with 0.</summary>
    public void Ready() => Report(ReadyMark);

    /// <summary>It will not be: the parent says so and ends with 1.</summary>
    public void Fail(string reason) => Report(Encoding.UTF8.GetBytes(reason));

    private void Report(ReadOnlySpan<byte> report)
    {
        if (fd >= 0)
        {
            _ = kernel.Write(fd, report);
            kernel.Close(fd);
            fd = -1;
        }
    }
}
