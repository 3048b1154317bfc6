using System;

namespace Spindle.Protocols.Http;

/// <summary>The first line of a response (RFC 9112, section 4): <c>HTTP/1.1 200 OK</c>.</summary>
public static class HttpStatusLine
{
    private static ReadOnlySpan<byte> Protocol => "HTTP/"u8;

    /// <summary>True if a line that begins so can still become a status line.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> front)
    {
        int length = Math.Min(front.Length, Protocol.Length);
        return front is [(byte)'\r'] || front[..length].SequenceEqual(Protocol[..length]);
    }

    /// <summary>Reads the status code: three digits after the version, then nothing or a space.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out int statusCode)
    {
        statusCode = 0;
        if (!line.StartsWith(Protocol))
        {
            return false;
        }

        int space = line.IndexOf((byte)' ');
        if (space <= Protocol.Length || !IsVersion(line[Protocol.Length..space]))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[space..].TrimStart((byte)' ');
        if (rest.Length < 3 || (rest.Length > 3 && rest[3] != ' ') || rest[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        statusCode = ((rest[0] - '0') * 100) + ((rest[1] - '0') * 10) + (rest[2] - '0');
        return true;
    }

    private static bool IsVersion(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9'] or [>= (byte)'0' and <= (byte)'9', (byte)'.', >= (byte)'0' and <= (byte)'9'];
}
