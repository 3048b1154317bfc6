using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Daemon.Libvirt;

/// <summary>What a client may open.</summary>
internal static class ConnectUri
{
    /// <summary>What a client opens that names nothing.</summary>
    public const string Default = "interface:///system";

    private const string Scheme = "interface";

    /// <summary>Null if it may be opened, else what the client is told.</summary>
    /// <param name="name">The URI as it came, without what the client kept for itself.</param>
    public static RpcError? Check(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<char> scheme = colon < 0 ? name : name.AsSpan(0, colon);
        int transport = scheme.IndexOf('+');
        scheme = transport < 0 ? scheme : scheme[..transport];
        if (colon < 0 || !scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return RpcError.Formatted(
                RpcErrorCode.NoConnect, RpcErrorDomain.None, "no connection driver available for %s", name);
        }

        string path = PathOf(name.AsSpan(colon + 1)).ToString();
        return path == "/system" ? null : RpcError.Formatted(
            RpcErrorCode.InternalError,
            RpcErrorDomain.Interface,
            "internal error: %s",
            $"unexpected {Scheme} URI path '{path}', try {Default}");
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny('?', '#');
        rest = end < 0 ? rest : rest[..end];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return rest;
        }

        int path = rest[2..].IndexOf('/');
        return path < 0 ? default : rest[(2 + path)..];
    }
}
