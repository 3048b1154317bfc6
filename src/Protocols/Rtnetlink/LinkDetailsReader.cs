using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Reads and writes <c>IFLA_INFO_DATA</c> of bridges and bonds (<c>linux/if_link.h</c>).</summary>
internal static class LinkDetailsReader
{
    // IFLA_BR_*
    private const ushort BridgeForwardDelay = 1;
    private const ushort BridgeSpanningTree = 5;

    // IFLA_BOND_*
    private const ushort BondMode = 1;
    private const ushort BondActive = 2;
    private const ushort BondMiiInterval = 3;
    private const ushort BondUpDelay = 4;
    private const ushort BondDownDelay = 5;
    private const ushort BondUsesCarrier = 6;
    private const ushort BondArpInterval = 7;
    private const ushort BondArpTargets = 8;
    private const ushort BondArpValidation = 9;

    /// <summary>What the data of a link of this kind say; what was known if they say the same, so that nothing stays allocated.</summary>
    public static LinkDetails? Read(string kind, NetlinkAttributes data, LinkDetails? known)
    {
        LinkDetails? read = kind switch
        {
            "bridge" => ReadBridge(data),
            "bond" => ReadBond(data),
            _ => null,
        };
        return read == known ? known : read;
    }

    public static void Write(ref NetlinkWriter writer, LinkDetails details)
    {
        if (details is BridgeDetails bridge)
        {
            writer.UInt32(BridgeForwardDelay, bridge.ForwardDelayHundredths);
            writer.UInt32(BridgeSpanningTree, bridge.IsSpanningTreeOn ? 1u : 0);
        }
        else if (details is BondDetails bond)
        {
            WriteBond(ref writer, bond);
        }
    }

    private static BridgeDetails ReadBridge(NetlinkAttributes data)
    {
        uint delay = 0;
        uint spanningTree = 0;
        while (data.TryNext(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case BridgeForwardDelay: attribute.TryGetUInt32(out delay); break;
                case BridgeSpanningTree: attribute.TryGetUInt32(out spanningTree); break;
                default: break;
            }
        }

        return new(spanningTree != 0, delay);
    }

    private static BondDetails ReadBond(NetlinkAttributes data)
    {
        byte mode = 0, usesCarrier = 0;
        int active = 0;
        uint interval = 0, up = 0, down = 0, arpInterval = 0, validation = 0;
        IpAddress? target = null;
        while (data.TryNext(out NetlinkAttribute attribute))
        {
            switch (attribute.Type)
            {
                case BondMode: attribute.TryGetByte(out mode); break;
                case BondActive: attribute.TryGetInt32(out active); break;
                case BondMiiInterval: attribute.TryGetUInt32(out interval); break;
                case BondUpDelay: attribute.TryGetUInt32(out up); break;
                case BondDownDelay: attribute.TryGetUInt32(out down); break;
                case BondUsesCarrier: attribute.TryGetByte(out usesCarrier); break;
                case BondArpInterval: attribute.TryGetUInt32(out arpInterval); break;
                case BondArpTargets: target = FirstTarget(attribute.Nested); break;
                case BondArpValidation: attribute.TryGetUInt32(out validation); break;
                default: break;
            }
        }

        return new(mode)
        {
            ActiveIndex = active,
            MiiIntervalMilliseconds = interval,
            UpDelayMilliseconds = up,
            DownDelayMilliseconds = down,
            UsesCarrier = usesCarrier != 0,
            ArpIntervalMilliseconds = arpInterval,
            ArpTarget = target,
            ArpValidation = validation,
        };
    }

    private static IpAddress? FirstTarget(NetlinkAttributes targets) =>
        targets.TryNext(out NetlinkAttribute target) && target.TryGetAddress(IpFamily.V4, out IpAddress address) ? address : null;

    private static void WriteBond(ref NetlinkWriter writer, BondDetails bond)
    {
        writer.Byte(BondMode, bond.Mode);
        if (bond.ActiveIndex != 0)
        {
            writer.UInt32(BondActive, (uint)bond.ActiveIndex);
        }

        writer.UInt32(BondMiiInterval, bond.MiiIntervalMilliseconds);
        writer.UInt32(BondUpDelay, bond.UpDelayMilliseconds);
        writer.UInt32(BondDownDelay, bond.DownDelayMilliseconds);
        writer.Byte(BondUsesCarrier, bond.UsesCarrier ? (byte)1 : (byte)0);
        writer.UInt32(BondArpInterval, bond.ArpIntervalMilliseconds);
        if (bond.ArpTarget is { } target)
        {
            int targets = writer.BeginNested(BondArpTargets);
            writer.Address(0, target);
            writer.EndNested(targets);
        }

        writer.UInt32(BondArpValidation, bond.ArpValidation);
    }
}
