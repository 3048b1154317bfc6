namespace Spindle.Protocols.InterfaceXml;

/// <summary>What the link reports (<c>&lt;link speed='' state=''/&gt;</c>). The default value is an absent element.</summary>
/// <param name="SpeedMegabits">Mbit/s; 0 is unknown.</param>
/// <param name="State">The kernel's operational state.</param>
public readonly record struct InterfaceLink(uint SpeedMegabits, InterfaceLinkState State);

/// <summary>The operational states of RFC 2863, in libvirt's order and spelling (lower case in XML).</summary>
public enum InterfaceLinkState
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary><c>unknown</c>: the driver does not tell.</summary>
    Unknown,

    /// <summary><c>notpresent</c>: a part is missing.</summary>
    NotPresent,

    /// <summary><c>down</c>.</summary>
    Down,

    /// <summary><c>lowerlayerdown</c>: what it stands on is down.</summary>
    LowerLayerDown,

    /// <summary><c>testing</c>.</summary>
    Testing,

    /// <summary><c>dormant</c>: waits for something, such as authentication.</summary>
    Dormant,

    /// <summary><c>up</c>.</summary>
    Up,
}
