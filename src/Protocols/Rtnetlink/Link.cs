using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A link (network interface) as the kernel describes it in RTM_NEWLINK.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Link
{
    /// <summary>A link without a name or kind.</summary>
    public Link()
    {
    }

    /// <summary>Its number; never 0, never used twice in one namespace.</summary>
    public int Index { get; init; }

    /// <summary>Its name, 1 to 15 octets; may change.</summary>
    public string Name { get; init; } = "";

    /// <summary>What kind of virtual link it is (<c>veth</c>, <c>bridge</c>, <c>vlan</c> …); empty for hardware.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The number of a port on a switch or multi-port device (<c>p0</c>), or empty.</summary>
    public string PhysicalPortName { get; init; } = "";

    /// <summary>Type of hardware (<c>ARPHRD_*</c>): 1 Ethernet, 772 loopback, 65534 none.</summary>
    public ushort HardwareType { get; init; }

    /// <summary>Its flags.</summary>
    public LinkFlags Flags { get; init; }

    /// <summary>Its operational state.</summary>
    public LinkOperationalState OperationalState { get; init; }

    /// <summary>True if it has carrier.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>How often carrier came or went: a cable that was out and in again between two looks shows here.</summary>
    public uint CarrierChanges { get; init; }

    /// <summary>Its address; zeros where it has none of six octets.</summary>
    public MacAddress HardwareAddress { get; init; }

    /// <summary>The address burnt into it; zeros where there is none.</summary>
    public MacAddress PermanentHardwareAddress { get; init; }

    /// <summary>Its MTU in octets.</summary>
    public uint Mtu { get; init; }

    /// <summary>The bridge, bond or VRF that it is a port of, or 0.</summary>
    public int MasterIndex { get; init; }

    /// <summary>The link below it (VLAN, macvlan) or its peer (veth), or 0. In that link's namespace.</summary>
    public int ParentIndex { get; init; }

    /// <summary>Our number for the namespace of <see cref="ParentIndex"/>, or -1 if it is in this one.</summary>
    public int ParentNamespaceId { get; init; } = -1;

    /// <summary>The VLAN's number 1 to 4094, or 0.</summary>
    public ushort VlanId { get; init; }

    /// <summary>What a bridge or a bond says of itself; null for every other link.</summary>
    public LinkDetails? Details { get; init; }

    /// <summary>How the kernel makes IPv6 addresses here, if it said so.</summary>
    public AddressGenerationMode AddressGenerationMode { get; init; }

    /// <summary>What it has carried. Not compared by <see cref="IsSameBut"/>.</summary>
    public LinkStatistics Statistics { get; init; }

    /// <summary>True if an administrator switched it on.</summary>
    public bool IsUp => (Flags & LinkFlags.Up) != 0;

    /// <summary>True if all but the statistics is the same.</summary>
    public bool IsSameBut(in Link other) => this with { Statistics = other.Statistics } == other;
}
