namespace Spindle.Protocols.Rtnetlink;

/// <summary>The state of RFC 2863 (<c>IF_OPER_*</c>).</summary>
public enum LinkOperationalState : byte
{
    /// <summary>The driver does not say.</summary>
    Unknown = 0,

    /// <summary>Its hardware is missing.</summary>
    NotPresent = 1,

    /// <summary>Down, usually without carrier.</summary>
    Down = 2,

    /// <summary>Down because the link below or the peer is.</summary>
    LowerLayerDown = 3,

    /// <summary>Under test.</summary>
    Testing = 4,

    /// <summary>Waits for something above the driver (802.1X).</summary>
    Dormant = 5,

    /// <summary>Passes traffic.</summary>
    Up = 6,
}
