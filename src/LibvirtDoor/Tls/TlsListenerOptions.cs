using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>TLS over TCP, from the first octet on.</summary>
/// <param name="Address">As for TCP.</param>
/// <param name="Port">As for TCP.</param>
/// <param name="Certificates">Who we are, and whom we believe.</param>
public sealed record TlsListenerOptions(IpAddress Address, ushort Port, TlsCertificates Certificates) : TcpListenerOptions(Address, Port)
{
    /// <summary>Whose certificates are taken, by the names in them: <c>*</c> is any text, <c>?</c> a character. Null: all that are
    /// verified. As with libvirt, it means nothing where none is verified (<c>tls_allowed_dn_list</c>).</summary>
    public ImmutableArray<string>? AllowedNames { get; init; }

    internal override RpcTransport Transport => RpcTransport.Tls;

    /// <summary>Whether somebody whose certificate is verified, if it has to be, may come in.</summary>
    /// <param name="name">The name in it; null: there is none.</param>
    internal bool Admits(string? name)
    {
        if (!Certificates.VerifiesClients || AllowedNames is not { } patterns)
        {
            return true;
        }

        foreach (string pattern in patterns)
        {
            if (name is not null && Glob.MatchesPlain(pattern, name))
            {
                return true;
            }
        }

        return false;
    }

    internal override Result TryOpen(RpcClient client, int fd, out RpcChannel? channel)
    {
        Result opened = LoopStream.TryOpen(client.Server.Door.Loop, fd, out LoopStream? stream);
        channel = stream is null ? null : new TlsChannel(stream, client, this);
        return opened;
    }

    internal override bool TryReload(out string? complaint) => Certificates.TryReload(out complaint);
}
