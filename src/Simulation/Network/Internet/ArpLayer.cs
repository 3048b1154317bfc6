using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Network.Internet;

/// <summary>ARP (RFC 826) as Linux does it by default: answers on any link for any address of the machine, learns from questions
/// to it, believes announcements of neighbours that it knows, and does not announce its own addresses.</summary>
internal sealed class ArpLayer(InternetStack stack)
{
    private const int Size = 28;
    private const ushort Request = 1;
    private const ushort Reply = 2;
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(1); // arp locktime

    /// <summary>Asks who has an address.</summary>
    public void Solicit(SimulatedLink link, IpAddress target, IpAddress source, MacAddress? known)
    {
        IpAddress asker = stack.Network.IsLocal(source) ? source : stack.FirstAddress(link, target);
        Send(link, Request, known ?? MacAddress.Broadcast, asker, known ?? default, target);
    }

    /// <summary>Takes an ARP packet from a frame's payload.</summary>
    public void Receive(SimulatedLink link, PacketKind kind, ReadOnlySpan<byte> octets)
    {
        if (octets.Length < Size || BinaryPrimitives.ReadUInt32BigEndian(octets) != 0x0001_0800
            || octets[4] != MacAddress.Size || octets[5] != 4)
        {
            stack.Counters.ArpErrors++;
            return;
        }

        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(octets[6..]);
        MacAddress senderHardware = MacAddress.Read(octets[8..]);
        IpAddress sender = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[14..]));
        IpAddress target = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(octets[24..]));
        if (operation is not (Request or Reply) || target.IsMulticast || target.IsLoopback
            || kind == PacketKind.OtherHost || (link.Flags & LinkFlags.NoArp) != 0)
        {
            return;
        }

        // Who asks from an address of ours is not answered, but where another link of ours asked for it, that is an answer.
        if (operation == Request && stack.Network.IsLocal(target) && !stack.Network.IsLocal(sender))
        {
            // A probe (RFC 5227) has no sender: it is answered, nothing is learnt.
            if (!sender.IsUnspecified)
            {
                stack.Neighbors(link, IpFamily.V4).Learn(sender, senderHardware, isConfirmed: false, mayCreate: true);
            }

            Send(link, Reply, senderHardware, target, senderHardware, sender);
            return;
        }

        LearnKnown(link, kind, operation, sender, senderHardware);
    }

    private void LearnKnown(SimulatedLink link, PacketKind kind, ushort operation, IpAddress sender, MacAddress hardware)
    {
        NeighborTable neighbors = stack.Neighbors(link, IpFamily.V4);
        if (neighbors.Find(sender) is not { } neighbor)
        {
            return;
        }

        // Several answers to one question: the first counts.
        bool isKnown = neighbor.IsValid;
        if (isKnown && neighbor.MacAddress != hardware && stack.Clock.Now - neighbor.UpdatedAt < LockTime)
        {
            return;
        }

        neighbors.Learn(sender, hardware, isConfirmed: operation == Reply && kind == PacketKind.Host, mayCreate: false);
    }

    private static void Send(
        SimulatedLink link, ushort operation, MacAddress to, IpAddress sender, MacAddress targetHardware, IpAddress target)
    {
        byte[] frame = LinkHeader.Frame(link, to, LinkHeader.Arp, Size);
        Span<byte> octets = frame.AsSpan(frame.Length - Size);
        BinaryPrimitives.WriteUInt32BigEndian(octets, 0x0001_0800);
        octets[4] = MacAddress.Size;
        octets[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(octets[6..], operation);
        link.MacAddress.Write(octets[8..]);
        sender.Write(octets[14..]);
        targetHardware.Write(octets[18..]);
        target.Write(octets[24..]);
        link.Transmit(frame);
    }
}
