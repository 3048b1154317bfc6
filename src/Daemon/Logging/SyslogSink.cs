using System;
using System.Globalization;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Daemon.Logging;

/// <summary>The system's log, by datagrams to <c>/dev/log</c> (RFC 3164 without a time stamp: the receiver has its own).</summary>
/// <remarks>A log that is not there yet, or comes back, is found at the next line.</remarks>
public sealed class SyslogSink : LogSink, IDisposable
{
    private const int FacilityDaemon = 3 << 3;

    private readonly Kernel kernel;
    private readonly SocketAddress address;
    private readonly string tag;
    private int fd = -1;

    /// <summary>A sink on this socket's path.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="path">Where the log listens.</param>
    /// <exception cref="ArgumentException">The path is too long for a socket.</exception>
    public SyslogSink(Kernel kernel, string path = "/dev/log")
    {
        ArgumentNullException.ThrowIfNull(kernel);
        this.kernel = kernel;
        tag = string.Create(CultureInfo.InvariantCulture, $"spindled[{kernel.ProcessId}]: ");
        if (!SocketAddress.TryUnix(path, out address))
        {
            throw new ArgumentException("Not a socket's path.", nameof(path));
        }
    }

    /// <inheritdoc/>
    public override string Destination => "syslog:spindled";

    /// <inheritdoc/>
    public void Dispose()
    {
        if (fd >= 0)
        {
            kernel.Close(fd);
            fd = -1;
        }
    }

    /// <inheritdoc/>
    protected override int WriteHead(LogLevel level, Span<byte> destination) =>
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"<{FacilityDaemon + (int)level}>{tag}"), destination);

    /// <inheritdoc/>
    protected override bool TryHandOver(ReadOnlySpan<byte> line)
    {
        if (fd < 0)
        {
            Result socket = kernel.Socket(AddressFamily.Unix, SocketType.Datagram, 0);
            fd = socket.IsOk ? socket.Int : -1;
        }

        // Not connected: each line finds the log that listens now, restarted or not.
        return fd >= 0 && kernel.SendTo(fd, line[..^1], 0, address).IsOk;
    }
}
