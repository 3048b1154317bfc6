namespace Spindle.Protocols.Rtnetlink;

/// <summary>Numbers of a link's attributes (<c>linux/if_link.h</c>).</summary>
internal static class LinkAttribute
{
    public const ushort Address = 1;
    public const ushort Name = 3;
    public const ushort Mtu = 4;
    public const ushort Link = 5;
    public const ushort Master = 10;
    public const ushort Wireless = 11;
    public const ushort OperationalState = 16;
    public const ushort LinkInfo = 18;
    public const ushort Statistics64 = 23;
    public const ushort FamilySpecific = 26;
    public const ushort Carrier = 33;
    public const ushort CarrierChanges = 35;
    public const ushort LinkNamespaceId = 37;
    public const ushort PhysicalPortName = 38;
    public const ushort PermanentAddress = 54;

    // Within LinkInfo.
    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;

    // Within the InfoData of a VLAN.
    public const ushort VlanId = 1;

    // Within FamilySpecific, by address family (AF_INET6), and within that.
    public const ushort FamilyInet6 = 10;
    public const ushort Inet6GenerationMode = 8;
}
