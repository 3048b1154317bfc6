namespace Spindle.Protocols.Dns;

/// <summary>What a server says of a query (RFC 1035, section 4.1.1; RFC 6895). Others are kept as numbers.</summary>
public enum DnsResponseCode : byte
{
    /// <summary>No error.</summary>
    NoError = 0,

    /// <summary>The query was malformed.</summary>
    FormatError = 1,

    /// <summary>The server failed (SERVFAIL).</summary>
    ServerFailure = 2,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NameError = 3,

    /// <summary>The server knows no such query.</summary>
    NotImplemented = 4,

    /// <summary>The server does not want to.</summary>
    Refused = 5,
}
