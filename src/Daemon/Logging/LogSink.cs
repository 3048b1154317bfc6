using System;
using System.Globalization;
using System.Text;

namespace Spindle.Daemon.Logging;

/// <summary>Where log lines go. A sink never waits: what does not fit now is dropped and counted.</summary>
public abstract class LogSink
{
    /// <summary>The most octets of a line; the rest is cut off.</summary>
    public const int LineMax = 2048;

    private readonly byte[] line = new byte[LineMax];
    private long unsaidDrops;

    /// <summary>Where lines go, as libvirt's log outputs are written.</summary>
    public virtual string Destination => "stderr";

    /// <summary>Lines that were lost so far.</summary>
    public long Dropped { get; private set; }

    /// <summary>Writes a line, and before it how many were lost, if any were.</summary>
    public void Write(LogLevel level, ReadOnlySpan<char> text)
    {
        if (unsaidDrops > 0)
        {
            string lost = string.Create(CultureInfo.InvariantCulture, $"{unsaidDrops} log lines were lost");
            unsaidDrops = TryWriteLine(LogLevel.Warning, lost) ? 0 : unsaidDrops;
        }

        if (!TryWriteLine(level, text))
        {
            Dropped++;
            unsaidDrops++;
        }
    }

    /// <summary>Begins the line: priority, name, process.</summary>
    /// <returns>Octets written.</returns>
    protected abstract int WriteHead(LogLevel level, Span<byte> destination);

    /// <summary>Hands a line over, without waiting. It ends in a newline, which a datagram leaves out.</summary>
    protected abstract bool TryHandOver(ReadOnlySpan<byte> line);

    private bool TryWriteLine(LogLevel level, ReadOnlySpan<char> text)
    {
        int head = WriteHead(level, line);
        Encoding.UTF8.GetEncoder().Convert(text, line.AsSpan(head..^1), flush: true, out _, out int length, out _);
        Span<byte> body = line.AsSpan(head, length);
        for (int i = 0; i < body.Length; i++)
        {
            // One message is one line, whatever a peer put into the names that it shows.
            body[i] = body[i] is < 0x20 or 0x7F ? (byte)'?' : body[i];
        }

        line[head + length] = (byte)'\n';
        return TryHandOver(line.AsSpan(0, head + length + 1));
    }
}
