using System;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Neighbour discovery of a host (RFC 4861) and its part in duplicate address detection (RFC 4862, section 5.4):
/// the questions, and what an answer or another's question means. When a check begins and ends is the addresses' affair.</summary>
internal sealed class NeighborDiscovery(InternetStack stack)
{
    private const byte RouterAdvertisement = 134;
    private const byte Solicitation = 135;
    private const byte Advertisement = 136;
    private const byte SourceAddressOption = 1;
    private const byte TargetAddressOption = 2;
    private const int MessageSize = 24;
    private const int OptionSize = 8;
    private const byte HopLimit = 255;
    private const byte RouterFlag = 0x80;
    private const byte SolicitedFlag = 0x40;
    private const byte OverrideFlag = 0x20;

    /// <summary>What takes router advertisements; their packet has passed the checks of RFC 4861, section 6.1.2, of the headers.</summary>
    public Action<IpPacket>? RouterAdvertised { get; set; }

    /// <summary>Asks who has an address.</summary>
    public void Solicit(SimulatedLink link, IpAddress target, IpAddress source, MacAddress? known)
    {
        // From the packet's source, if the link has it; else from the link's own, or not at all.
        InterfaceAddress? own = link.Addresses6.Find(static address => address.Local.IsLinkLocal && address.IsUsable);
        if (IsOn(link, source) || own is not null)
        {
            IpAddress asker = IsOn(link, source) ? source : own!.Local;
            Send(link, Solicitation, 0, target, asker, known is null ? GroupMemberships.SolicitedNode(target) : target, known);
        }
    }

    /// <summary>Asks whether somebody has an address that is to be ours.</summary>
    public void Probe(InterfaceAddress address) =>
        Send(address.Link, Solicitation, 0, address.Local, IpAddress.AnyV6, GroupMemberships.SolicitedNode(address.Local), null);

    /// <summary>Takes what is no error and no echo.</summary>
    public void Receive(IpPacket packet)
    {
        ReadOnlySpan<byte> octets = packet.Octets;
        if (packet.HopLimit != HopLimit || octets[1] != 0 || packet.Link is not { Kind: not LinkKind.Loopback })
        {
            return;
        }

        if (octets[0] == RouterAdvertisement)
        {
            if (packet.Source.IsLinkLocal && octets.Length >= 16)
            {
                RouterAdvertised?.Invoke(packet);
            }
        }
        else if (octets[0] is Solicitation or Advertisement && octets.Length >= MessageSize
            && IpAddress.TryRead(octets.Slice(8, 16), out IpAddress target) && !target.IsMulticast
            && TryFindOption(octets[MessageSize..], octets[0] == Solicitation ? SourceAddressOption : TargetAddressOption, out MacAddress? hardware))
        {
            if (octets[0] == Solicitation)
            {
                Solicited(packet, target, hardware);
            }
            else
            {
                Advertised(packet, target, hardware);
            }
        }
    }

    private void Solicited(IpPacket packet, IpAddress target, MacAddress? asker)
    {
        SimulatedLink link = packet.Link!;
        bool isProbe = packet.Source.IsUnspecified;
        if (isProbe && (asker is not null || packet.Destination != GroupMemberships.SolicitedNode(target))
            || Find(link, target) is not { } address)
        {
            return;
        }

        if (address.IsTentative || address.IsDuplicate)
        {
            // Another one wants the same address; our own question does not come back to us.
            if (isProbe && !address.IsDuplicate)
            {
                stack.Network.FailDetection(address);
            }

            return;
        }

        if (isProbe)
        {
            Send(link, Advertisement, OverrideFlag, target, target, GroupMemberships.AllNodes, null);
            return;
        }

        NeighborTable neighbors = stack.Neighbors(link, IpFamily.V6);
        if (asker is { } hardware)
        {
            neighbors.Learn(packet.Source, hardware, isConfirmed: false, mayCreate: true);
        }

        Answer(link, packet.Source, target, asker ?? (neighbors.Find(packet.Source) is { IsValid: true } asking ? asking.MacAddress : null));
    }

    private void Answer(SimulatedLink link, IpAddress asker, IpAddress target, MacAddress? known)
    {
        if (known is { } hardware)
        {
            Send(link, Advertisement, SolicitedFlag | OverrideFlag, target, target, asker, hardware);
            return;
        }

        byte[] message = Message(link, Advertisement, SolicitedFlag | OverrideFlag, target, target, asker);
        RouteChoice route = new(RouteType.Unicast, link);
        stack.V6.Send(route, new IpPacket(target, asker, IpProtocol.IcmpV6, message) { HopLimit = HopLimit });
    }

    private void Advertised(IpPacket packet, IpAddress target, MacAddress? hardware)
    {
        byte flags = packet.Octets[4];
        bool isSolicited = (flags & SolicitedFlag) != 0;
        if (isSolicited && packet.Destination.IsMulticast)
        {
            return;
        }

        if (Find(packet.Link!, target) is { } own)
        {
            if (own is { IsTentative: true, IsDuplicate: false })
            {
                stack.Network.FailDetection(own);
            }

            return; // One that is ours already: the other is wrong (RFC 4862, section 5.4.4).
        }

        NeighborTable neighbors = stack.Neighbors(packet.Link!, IpFamily.V6);
        if (neighbors.Find(target) is not { } neighbor)
        {
            return;
        }

        bool isKnown = neighbor.IsValid;
        if (!isKnown && hardware is null)
        {
            return;
        }

        bool isOther = isKnown && hardware is { } told && told != neighbor.MacAddress;
        if (isOther && (flags & OverrideFlag) == 0)
        {
            neighbors.Doubt(neighbor);
            return;
        }

        bool isRouter = (flags & RouterFlag) != 0;
        neighbors.Learn(target, hardware ?? neighbor.MacAddress, isSolicited, mayCreate: false, isRouter);
    }

    private InterfaceAddress? Find(SimulatedLink link, IpAddress address)
    {
        foreach (InterfaceAddress own in stack.Network.Addresses(link, IpFamily.V6))
        {
            if (own.Local == address)
            {
                return own;
            }
        }

        return null;
    }

    private bool IsOn(SimulatedLink link, IpAddress address) => Find(link, address) is { IsUsable: true };

    // False: options of no length, or beyond the end; such a message is none.
    private static bool TryFindOption(ReadOnlySpan<byte> options, byte wanted, out MacAddress? address)
    {
        address = null;
        while (options.Length >= 2)
        {
            int length = options[1] * 8;
            if (length == 0 || length > options.Length)
            {
                return false;
            }

            if (options[0] == wanted && length == OptionSize)
            {
                address = MacAddress.Read(options[2..]);
            }

            options = options[length..];
        }

        return options.IsEmpty;
    }

    private static byte[] Message(SimulatedLink link, byte type, byte flags, IpAddress target, IpAddress source, IpAddress destination)
    {
        bool hasOption = !source.IsUnspecified;
        byte[] message = new byte[MessageSize + (hasOption ? OptionSize : 0)];
        message[0] = type;
        message[4] = flags;
        target.Write(message.AsSpan(8));
        if (hasOption)
        {
            message[MessageSize] = type == Solicitation ? SourceAddressOption : TargetAddressOption;
            message[MessageSize + 1] = 1;
            link.MacAddress.Write(message.AsSpan(MessageSize + 2));
        }

        TransportChecksum.Fill(source, destination, IpProtocol.IcmpV6, message, 2);
        return message;
    }

    private static void Send(
        SimulatedLink link, byte type, byte flags, IpAddress target, IpAddress source, IpAddress destination, MacAddress? to)
    {
        byte[] message = Message(link, type, flags, target, source, destination);
        MacAddress hardware = to ?? Ipv6Layer.MulticastMac(destination);
        Ipv6Layer.SendDirectly(link, hardware, new IpPacket(source, destination, IpProtocol.IcmpV6, message) { HopLimit = HopLimit });
    }
}
