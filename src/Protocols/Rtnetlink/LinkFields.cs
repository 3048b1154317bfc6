using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Gathers a link's attributes while they are walked; nothing is allocated for texts that are known.</summary>
internal ref struct LinkFields
{
    private readonly LinkFlags flags;
    private readonly ushort hardwareType;
    private readonly int index;
    private readonly string knownName;
    private readonly string knownKind;
    private readonly string knownPort;
    private readonly LinkDetails? knownDetails;

    private bool isWireless;
    private bool hasName;
    private string name = "";
    private string kind = "";
    private string port = "";
    private byte operationalState;
    private byte carrier;
    private uint carrierChanges;
    private MacAddress address;
    private MacAddress permanentAddress;
    private uint mtu;
    private int master;
    private int parent;
    private int parentNamespace = -1;
    private ushort vlanId;
    private LinkDetails? details;
    private byte generationMode;
    private LinkStatistics statistics;

    public LinkFields(in Link known, ReadOnlySpan<byte> payload)
    {
        hardwareType = MemoryMarshal.Read<ushort>(payload[2..]);
        index = MemoryMarshal.Read<int>(payload[4..]);
        flags = (LinkFlags)MemoryMarshal.Read<uint>(payload[8..]);
        carrier = (flags & LinkFlags.LowerUp) != 0 ? (byte)1 : (byte)0;
        knownName = known.Name ?? "";
        knownKind = known.Kind ?? "";
        knownPort = known.PhysicalPortName ?? "";
        knownDetails = known.Details;
    }

    public void Take(NetlinkAttribute attribute)
    {
        switch (attribute.Type)
        {
            case LinkAttribute.Name:
                name = attribute.GetText(knownName);
                hasName = name.Length != 0;
                break;
            case LinkAttribute.Wireless: isWireless = true; break;
            case LinkAttribute.Address: attribute.TryGetMac(out address); break;
            case LinkAttribute.PermanentAddress: attribute.TryGetMac(out permanentAddress); break;
            case LinkAttribute.Mtu: attribute.TryGetUInt32(out mtu); break;
            case LinkAttribute.Link: attribute.TryGetInt32(out parent); break;
            case LinkAttribute.LinkNamespaceId: attribute.TryGetInt32(out parentNamespace); break;
            case LinkAttribute.Master: attribute.TryGetInt32(out master); break;
            case LinkAttribute.OperationalState: attribute.TryGetByte(out operationalState); break;
            case LinkAttribute.Carrier: attribute.TryGetByte(out carrier); break;
            case LinkAttribute.CarrierChanges: attribute.TryGetUInt32(out carrierChanges); break;
            case LinkAttribute.PhysicalPortName: port = attribute.GetText(knownPort); break;
            case LinkAttribute.Statistics64: LinkStatistics.TryRead(attribute.Value, out statistics); break;
            case LinkAttribute.LinkInfo: TakeInfo(attribute.Nested); break;
            case LinkAttribute.FamilySpecific: TakeFamilies(attribute.Nested); break;
            default: break;
        }
    }

    public readonly Link ToLink(in Link known) => !hasName || isWireless
        ? known with
        {
            Index = index,
            Flags = flags,
            HardwareType = hardwareType,
            Name = hasName ? name : knownName,
            Kind = knownKind,
            PhysicalPortName = knownPort,
        }
        : new Link
        {
            Index = index,
            Name = name,
            Kind = kind,
            PhysicalPortName = port,
            HardwareType = hardwareType,
            Flags = flags,
            OperationalState = (LinkOperationalState)operationalState,
            HasCarrier = carrier != 0,
            CarrierChanges = carrierChanges,
            HardwareAddress = address,
            PermanentHardwareAddress = permanentAddress,
            Mtu = mtu,
            MasterIndex = master,
            ParentIndex = parent,
            ParentNamespaceId = parentNamespace,
            VlanId = vlanId,
            Details = details,
            AddressGenerationMode = (AddressGenerationMode)generationMode,
            Statistics = statistics,
        };

    private void TakeInfo(NetlinkAttributes attributes)
    {
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            if (attribute.Type == LinkAttribute.InfoKind)
            {
                kind = attribute.GetText(knownKind);
            }
            else if (attribute.Type == LinkAttribute.InfoData && kind == "vlan")
            {
                NetlinkAttributes data = attribute.Nested;
                while (data.TryNext(out NetlinkAttribute datum))
                {
                    if (datum.Type == LinkAttribute.VlanId)
                    {
                        datum.TryGetUInt16(out vlanId);
                    }
                }
            }
            else if (attribute.Type == LinkAttribute.InfoData)
            {
                details = LinkDetailsReader.Read(kind, attribute.Nested, knownDetails);
            }
        }
    }

    private void TakeFamilies(NetlinkAttributes families)
    {
        while (families.TryNext(out NetlinkAttribute family))
        {
            NetlinkAttributes attributes = family.Type == LinkAttribute.FamilyInet6 ? family.Nested : default;
            while (attributes.TryNext(out NetlinkAttribute attribute))
            {
                if (attribute.Type == LinkAttribute.Inet6GenerationMode)
                {
                    attribute.TryGetByte(out generationMode);
                }
            }
        }
    }
}
