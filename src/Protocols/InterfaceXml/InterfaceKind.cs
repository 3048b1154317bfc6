namespace Spindle.Protocols.InterfaceXml;

/// <summary>The four kinds of interface that libvirt's schema knows (attribute <c>type</c>).</summary>
public enum InterfaceKind
{
    /// <summary>A network card, or what looks like one.</summary>
    Ethernet,

    /// <summary>A bridge with its ports.</summary>
    Bridge,

    /// <summary>Several cards that are one link.</summary>
    Bond,

    /// <summary>An IEEE 802.1Q network on another interface.</summary>
    Vlan,
}

/// <summary>When the host brings the interface up (<c>&lt;start mode=''/&gt;</c>).</summary>
public enum InterfaceStartMode
{
    /// <summary>The definition does not say.</summary>
    Unspecified,

    /// <summary>When the host starts: <c>onboot</c>.</summary>
    OnBoot,

    /// <summary>Only when asked: <c>none</c>.</summary>
    None,

    /// <summary>When the device appears: <c>hotplug</c>.</summary>
    HotPlug,
}
