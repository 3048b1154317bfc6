namespace Spindle.Protocols.Dns;

/// <summary>How a query travels.</summary>
public enum DnsTransport : byte
{
    /// <summary>In a datagram.</summary>
    Udp,

    /// <summary>Over a connection, after a truncated answer (RFC 7766).</summary>
    Tcp,
}
