namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>What router discovery on a link does.</summary>
public enum RouterDiscoveryState
{
    /// <summary>Nothing.</summary>
    Stopped,

    /// <summary>Asks, and asks again ever more slowly: no default router has been heard.</summary>
    Soliciting,

    /// <summary>Listens: a default router has been heard.</summary>
    Listening,
}
