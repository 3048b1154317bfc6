namespace Spindle.Simulation.Network.Routing;

/// <summary>Attributes of links (<c>linux/if_link.h</c>).</summary>
internal static class LinkAttributes
{
    public const int Address = 1;
    public const int Broadcast = 2;
    public const int Name = 3;
    public const int Mtu = 4;
    public const int Link = 5;
    public const int QueueDiscipline = 6;
    public const int Master = 10;
    public const int QueueLength = 13;
    public const int OperationalState = 16;
    public const int LinkMode = 17;
    public const int Info = 18;
    public const int Statistics64 = 23;
    public const int FamilySpecific = 26;
    public const int Group = 27;
    public const int Promiscuity = 30;
    public const int Carrier = 33;
    public const int CarrierChanges = 35;
    public const int CarrierUps = 47;
    public const int CarrierDowns = 48;
    public const int MtuMin = 50;
    public const int MtuMax = 51;
    public const int PermanentAddress = 54;
    public const int AllMulticast = 61;

    // Within Info.
    public const int InfoKind = 1;
    public const int InfoData = 2;
    public const int InfoPortKind = 4;

    // Within the data of a VLAN, and of a pair.
    public const int VlanId = 1;
    public const int PairPeer = 1;

    // Within FamilySpecific, by family.
    public const int Inet6GenerationMode = 8;
}
