using Spindle.Basics;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>TLS over TCP, from the first octet on.</summary>
/// <param name="Address">As for TCP.</param>
/// <param name="Port">As for TCP.</param>
/// <param name="Certificates">Who we are, and whom we believe.</param>
public sealed record TlsListenerOptions(IpAddress Address, ushort Port, TlsCertificates Certificates) : TcpListenerOptions(Address, Port)
{
    internal override RpcTransport Transport => RpcTransport.Tls;

    internal override RpcChannel Open(RpcClient client, int fd) =>
        new TlsChannel(client.Server.Door.Loop, fd, client, Certificates.Options);

    internal override bool TryReload(out string? complaint) => Certificates.TryReload(out complaint);
}
