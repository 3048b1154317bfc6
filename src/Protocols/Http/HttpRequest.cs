using System;
using System.Text;

namespace Spindle.Protocols.Http;

/// <summary>A GET as ConnMan's online check sends it: these three headers, in this order, and no others.</summary>
public sealed record HttpRequest
{
    /// <summary>What we call ourselves; portals know ConnMan's name.</summary>
    public const string UserAgentDefault = "ConnMan/2.0 wispr";

    private readonly string text;

    /// <summary>A request.</summary>
    /// <param name="uri">What to get.</param>
    /// <param name="userAgent">Visible ASCII and spaces.</param>
    /// <exception cref="ArgumentException">The user agent would break the header.</exception>
    public HttpRequest(HttpUri uri, string userAgent = UserAgentDefault)
    {
        if (userAgent.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException("A user agent is visible ASCII.", nameof(userAgent));
        }

        text = $"GET {uri.Target} HTTP/1.1\r\nHost: {uri.Authority}\r\nUser-Agent: {userAgent}\r\nConnection: close\r\n\r\n";
    }

    /// <summary>Octets on the wire.</summary>
    public int Size => text.Length;

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> destination) => Encoding.ASCII.GetBytes(text, destination);

    /// <summary>The request as it goes out.</summary>
    public override string ToString() => text;
}
