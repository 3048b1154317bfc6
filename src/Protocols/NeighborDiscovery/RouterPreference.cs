namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>Which router is to be preferred (RFC 4191, section 2.1).</summary>
public enum RouterPreference : byte
{
    /// <summary>As good as most.</summary>
    Medium = 0,

    /// <summary>Better.</summary>
    High = 1,

    /// <summary>Reserved; to be taken for medium, and for routes to be passed over.</summary>
    Reserved = 2,

    /// <summary>Worse.</summary>
    Low = 3,
}
