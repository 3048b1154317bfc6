using System;
using System.Collections.Generic;
using Spindle.Kernels;
using static Spindle.Kernels.BpfCode;

namespace Spindle.Drivers.Packets;

/// <summary>Classic BPF programs for packet sockets of the kind SOCK_DGRAM, whose octets begin with the network header
/// (<c>Documentation/networking/filter.rst</c>).</summary>
public static class PacketFilters
{
    private const uint PacketTypeField = unchecked((uint)(-0x1000 + 4)); // SKF_AD_OFF + SKF_AD_PKTTYPE
    private const uint PacketOfOthers = 3; // PACKET_OTHERHOST; PACKET_OUTGOING is 4.
    private const uint Whole = 0x40000;
    private const int AddressesMax = 100; // Jumps reach 255 instructions.

    /// <summary>Lets nothing through.</summary>
    public static IReadOnlyList<BpfInstruction> DropAll { get; } = [new(ReturnConstant, 0, 0, 0)];

    /// <summary>Lets through what a DHCP server sends to a client: UDP to port 68, no later fragment, BOOTREPLY.</summary>
    public static IReadOnlyList<BpfInstruction> DhcpReplies { get; } =
    [
        new(LoadWordAbsolute, 0, 0, PacketTypeField),
        new(JumpIfNotBelow, 10, 0, PacketOfOthers),
        new(LoadOctetAbsolute, 0, 0, 9),
        new(JumpIfEqual, 0, 8, 17),
        new(LoadHalfAbsolute, 0, 0, 6),
        new(JumpIfAnySet, 6, 0, 0x1FFF),
        new(LoadIndexHeaderLength, 0, 0, 0),
        new(LoadHalfIndexed, 0, 0, 2),
        new(JumpIfEqual, 0, 3, 68),
        new(LoadOctetIndexed, 0, 0, 8),
        new(JumpIfEqual, 0, 1, 2),
        new(ReturnConstant, 0, 0, Whole),
        new(ReturnConstant, 0, 0, 0),
    ];

    /// <summary>Lets through ARP packets whose sender or target is one of these IPv4 addresses: a busy network then
    /// wakes nobody. Beyond 100 addresses all ARP packets come through.</summary>
    /// <param name="addresses">In host order.</param>
    public static IReadOnlyList<BpfInstruction> ArpAbout(ReadOnlySpan<uint> addresses)
    {
        List<BpfInstruction> program =
        [
            new(LoadWordAbsolute, 0, 0, PacketTypeField),
            new(JumpIfNotBelow, 0, 1, PacketOfOthers),
            new(ReturnConstant, 0, 0, 0),
        ];
        if (addresses.Length <= AddressesMax)
        {
            int end = program.Count + (2 * (addresses.Length + 1)) + 1;
            AddMatches(program, 14, addresses, end);
            AddMatches(program, 24, addresses, end);
            program.Add(new(ReturnConstant, 0, 0, 0));
        }

        program.Add(new(ReturnConstant, 0, 0, Whole));
        return program;
    }

    private static void AddMatches(List<BpfInstruction> program, uint offset, ReadOnlySpan<uint> addresses, int end)
    {
        program.Add(new(LoadWordAbsolute, 0, 0, offset));
        foreach (uint address in addresses)
        {
            program.Add(new(JumpIfEqual, (byte)(end - program.Count - 1), 0, address));
        }
    }
}
