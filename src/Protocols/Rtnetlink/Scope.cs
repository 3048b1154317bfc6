namespace Spindle.Protocols.Rtnetlink;

/// <summary>How far an address or a route reaches (<c>RT_SCOPE_*</c>). Other numbers are valid.</summary>
public enum Scope : byte
{
    /// <summary>Everywhere.</summary>
    Universe = 0,

    /// <summary>IPv6: a site.</summary>
    Site = 200,

    /// <summary>On this link.</summary>
    Link = 253,

    /// <summary>On this machine.</summary>
    Host = 254,

    /// <summary>Nowhere.</summary>
    Nowhere = 255,
}
