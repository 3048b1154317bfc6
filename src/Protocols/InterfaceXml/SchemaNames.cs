using System;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>The schema's spelling of our enumerations: a name's index is its value. An empty name cannot be written or read.</summary>
internal static class SchemaNames
{
    public static ReadOnlySpan<string> Kinds => KindNames;

    public static ReadOnlySpan<string> StartModes => StartModeNames;

    public static ReadOnlySpan<string> LinkStates => LinkStateNames;

    public static ReadOnlySpan<string> BondModes => BondModeNames;

    public static ReadOnlySpan<string> MiiCarriers => MiiCarrierNames;

    public static ReadOnlySpan<string> ArpValidations => ArpValidationNames;

    private static readonly string[] KindNames = ["ethernet", "bridge", "bond", "vlan"];
    private static readonly string[] StartModeNames = ["", "onboot", "none", "hotplug"];
    private static readonly string[] LinkStateNames =
        ["", "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"];
    private static readonly string[] BondModeNames =
        ["", "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];
    private static readonly string[] MiiCarrierNames = ["", "ioctl", "netif"];
    private static readonly string[] ArpValidationNames = ["none", "active", "backup", "all"];
}
