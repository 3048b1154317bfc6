using System;
using System.Globalization;
using Spindle.Kernels;

namespace Spindle.Daemon.Logging;

/// <summary>Standard error: a terminal, a file, a pipe, or the journal's stream.</summary>
/// <remarks>Its open file is shared with whoever started us, so it is not made non-blocking: an epoll of our own tells whether a
/// line fits. Where the journal listens each line begins with its priority (<c>man 3 sd-daemon</c>).</remarks>
public sealed class DescriptorSink : LogSink, IDisposable
{
    private const uint Writable = 4; // EPOLLOUT

    private readonly Kernel kernel;
    private readonly int fd;
    private readonly bool isJournal;
    private readonly int epollFd;

    /// <summary>A sink on this descriptor.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="fd">Stays the caller's.</param>
    /// <param name="isJournal">Begin lines with <c>&lt;N&gt;</c>.</param>
    public DescriptorSink(Kernel kernel, int fd, bool isJournal)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        this.kernel = kernel;
        this.fd = fd;
        this.isJournal = isJournal;
        epollFd = Watch();
    }

    /// <summary>True if the journal says, through <c>JOURNAL_STREAM</c>, that it reads this very descriptor.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="fd">The descriptor.</param>
    /// <param name="journalStream">The variable: device and inode in decimal, with a colon between (<c>man 5 systemd.exec</c>).</param>
    public static bool IsJournal(Kernel kernel, int fd, string? journalStream)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}");
        return journalStream is not null && kernel.Status(path, out FileStatus status).IsOk
            && journalStream == string.Create(CultureInfo.InvariantCulture, $"{status.Device}:{status.Inode}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (epollFd >= 0)
        {
            kernel.Close(epollFd);
        }
    }

    /// <inheritdoc/>
    protected override int WriteHead(LogLevel level, Span<byte> destination)
    {
        if (!isJournal)
        {
            return 0;
        }

        "<6>"u8.CopyTo(destination);
        destination[1] = (byte)('0' + (int)level);
        return 3;
    }

    /// <inheritdoc/>
    protected override bool TryHandOver(ReadOnlySpan<byte> line)
    {
        if (epollFd >= 0)
        {
            Span<EpollEvent> ready = stackalloc EpollEvent[1];
            if (kernel.EpollWait(epollFd, ready, TimeSpan.Zero) is not { IsOk: true, Value: 1 } || (ready[0].Events & Writable) == 0)
            {
                return false;
            }
        }

        return kernel.Write(fd, line).IsOk;
    }

    /// <summary>An epoll on the descriptor; -1 for a regular file, which epoll refuses since it never waits.</summary>
    private int Watch()
    {
        Result epoll = kernel.EpollCreate();
        if (!epoll.IsOk)
        {
            return -1;
        }

        if (kernel.EpollControl(epoll.Int, EpollOperation.Add, fd, Writable, 0).IsOk)
        {
            return epoll.Int;
        }

        kernel.Close(epoll.Int);
        return -1;
    }
}
