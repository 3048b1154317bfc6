using System;
using Spindle.Basics;
using Spindle.Protocols.Arp;

namespace Spindle.Fuzz.Targets;

/// <summary>ARP packets, and the detector that is told them.</summary>
public static class ArpFuzz
{
    private static readonly MacAddress Ours = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly MacAddress Theirs = MacAddress.Read([2, 0, 0, 0, 0, 2]);
    private static readonly IpAddress Address = IpAddress.FromV4(192, 0, 2, 1);

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new(
        "arp",
        [
            Octets(ArpPacket.Probe(Theirs, Address)),
            Octets(ArpPacket.Announcement(Theirs, Address)),
            Octets(new(ArpOperation.Reply, Theirs, Address, Ours, IpAddress.AnyV4)),
        ],
        Run);

    private static void Run(byte[] input)
    {
        if (!ArpPacket.TryRead(input, out ArpPacket packet, out _))
        {
            return;
        }

        if (!input.AsSpan(0, ArpPacket.Size).SequenceEqual(Octets(packet)))
        {
            throw new InvalidOperationException("What was written is not what was read.");
        }

        Instant now = Instant.FromSeconds(1);
        AddressConflictDetector detector = new(Ours, AddressDefence.DefendOnce, 1);
        detector.Step(AddressConflictInput.ProbeWanted(Address), now);
        for (int i = 0; i < 8; i++)
        {
            detector.Step(AddressConflictInput.PacketReceived(packet), now);
            detector.Step(i % 3 == 2 ? AddressConflictInput.SendFailed : AddressConflictInput.TimePassed, now);
            while (detector.TryTake(out _))
            {
            }

            now = detector.Deadline.IsNever ? now + TimeSpan.FromSeconds(1) : detector.Deadline;
            detector.Step(AddressConflictInput.TimePassed, now);
            if (detector.Deadline <= now)
            {
                throw new InvalidOperationException($"Due at once in {detector.State}.");
            }
        }
    }

    private static byte[] Octets(ArpPacket packet)
    {
        byte[] octets = new byte[ArpPacket.Size];
        packet.Write(octets);
        return octets;
    }
}
