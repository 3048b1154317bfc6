namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>How a client is connected.</summary>
public enum AdminTransport
{
    /// <summary>By a local socket.</summary>
    Unix = 0,

    /// <summary>By TCP.</summary>
    Tcp = 1,

    /// <summary>By TLS.</summary>
    Tls = 2,
}
