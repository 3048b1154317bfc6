namespace Spindle.Protocols.Dns;

/// <summary>Record types (RFC 1035, section 3.2.2; RFC 3596). Others are kept as numbers and passed over.</summary>
public enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server of the zone.</summary>
    Ns = 2,

    /// <summary>The name that this one is an alias of.</summary>
    Cname = 5,

    /// <summary>Start of authority.</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>EDNS pseudo record (RFC 6891).</summary>
    Opt = 41,
}
