using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>An absolute <c>http</c> or <c>https</c> address (RFC 3986; RFC 9110, section 4.2).</summary>
/// <remarks>
/// Only visible ASCII is accepted, so nothing in it can end a header line or surprise who shows it. User names and
/// IPv6 zones in it are refused; a fragment is cut off.
/// </remarks>
public sealed record HttpUri
{
    /// <summary>The most characters of an address.</summary>
    public const int LengthMax = 2048;

    private const int HostLengthMax = 255;

    private HttpUri(bool isSecure, string host, IpAddress? literal, ushort port, string target)
    {
        IsSecure = isSecure;
        Host = host;
        Literal = literal;
        Port = port;
        Target = target;
    }

    /// <summary>True for <c>https</c>.</summary>
    public bool IsSecure { get; }

    /// <summary>The host in lower case; an IPv6 address without its brackets, in the form of RFC 5952.</summary>
    public string Host { get; }

    /// <summary>The address, if the host is one.</summary>
    public IpAddress? Literal { get; }

    /// <summary>The port, 80 or 443 unless said otherwise.</summary>
    public ushort Port { get; }

    /// <summary>Path and query as they go into a request; begins with a slash.</summary>
    public string Target { get; }

    /// <summary>Host and, if it is not the scheme's own, port, as they go into the Host header.</summary>
    public string Authority
    {
        get
        {
            string host = Literal is { IsV6: true } ? $"[{Host}]" : Host;
            return Port == DefaultPort(IsSecure) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>Reads an absolute address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out HttpUri? uri)
    {
        uri = null;
        text = text.Trim(' ');
        if (text.Length > LengthMax || text.ContainsAnyExceptInRange('!', '~') || !TryTakeScheme(ref text, out bool isSecure))
        {
            return false;
        }

        int end = text.IndexOfAny('/', '?', '#');
        ReadOnlySpan<char> authority = end < 0 ? text : text[..end];
        ReadOnlySpan<char> target = end < 0 ? default : text[end..];
        if (!TrySplitAuthority(authority, isSecure, out ReadOnlySpan<char> host, out ushort port)
            || !IsHost(host, out IpAddress? literal))
        {
            return false;
        }

        int fragment = target.IndexOf('#');
        target = fragment < 0 ? target : target[..fragment];
        string path = target.StartsWith('/') ? target.ToString() : $"/{target}";
        uri = new(isSecure, literal?.ToString() ?? host.ToString().ToLowerInvariant(), literal, port, path);
        return true;
    }

    /// <summary>Reads what a Location header says of where to go from here: absolute or relative (RFC 3986, 5.2).</summary>
    /// <returns>False if it is empty, of another scheme, or malformed.</returns>
    public bool TryResolve(ReadOnlySpan<char> reference, [NotNullWhen(true)] out HttpUri? uri)
    {
        reference = reference.Trim(" \t");
        string scheme = IsSecure ? "https:" : "http:";
        if (reference.StartsWith("//"))
        {
            return TryParse(string.Concat(scheme, reference), out uri);
        }

        int colon = reference.IndexOf(':');
        int separator = reference.IndexOfAny('/', '?', '#');
        bool hasScheme = colon >= 0 && (separator < 0 || colon < separator);
        if (hasScheme || reference.IsEmpty)
        {
            return TryParse(reference, out uri);
        }

        ReadOnlySpan<char> path = Target;
        int query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        ReadOnlySpan<char> front = reference[0] switch
        {
            '/' => default,
            '?' or '#' => path,
            _ => path[..(path.LastIndexOf('/') + 1)],
        };
        return TryParse($"{scheme}//{Authority}{front}{reference}", out uri);
    }

    /// <summary>The whole address.</summary>
    public override string ToString() => $"{(IsSecure ? "https" : "http")}://{Authority}{Target}";

    private static ushort DefaultPort(bool isSecure) => (ushort)(isSecure ? 443 : 80);

    private static bool TryTakeScheme(ref ReadOnlySpan<char> text, out bool isSecure)
    {
        const string Plain = "http://";
        const string Secure = "https://";
        isSecure = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        bool isKnown = isSecure || text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase);
        text = isKnown ? text[(isSecure ? Secure.Length : Plain.Length)..] : text;
        return isKnown;
    }

    private static bool TrySplitAuthority(
        ReadOnlySpan<char> authority, bool isSecure, out ReadOnlySpan<char> host, out ushort port)
    {
        port = DefaultPort(isSecure);
        int hostEnd = authority.StartsWith('[') ? authority.IndexOf(']') + 1 : authority.IndexOf(':');
        hostEnd = hostEnd < 0 || (hostEnd == 0 && !authority.StartsWith(':')) ? authority.Length : hostEnd;
        host = authority[..hostEnd];
        ReadOnlySpan<char> rest = authority[hostEnd..];
        return rest.Length <= 1
            ? rest.IsEmpty || rest[0] == ':'
            : rest[0] == ':' && ushort.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
    }

    private static bool IsHost(ReadOnlySpan<char> host, out IpAddress? literal)
    {
        literal = null;
        if (host.Length is 0 or > HostLengthMax)
        {
            return false;
        }

        if (host[0] == '[')
        {
            IpAddress v6 = default;
            bool isV6 = host[^1] == ']' && IpAddress.TryParse(host[1..^1], out v6) && v6.IsV6;
            literal = isV6 ? v6 : null;
            return isV6;
        }

        if (IpAddress.TryParse(host, out IpAddress v4))
        {
            literal = v4;
            return v4.IsV4;
        }

        foreach (char character in host)
        {
            // What is a name is the resolver's affair; here only what would change the meaning of the whole is refused.
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
