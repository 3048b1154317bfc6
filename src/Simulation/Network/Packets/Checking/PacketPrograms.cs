using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>Filters for sockets of the check.</summary>
internal static class PacketPrograms
{
    private const uint TypeField = unchecked((uint)(-0x1000 + 4)); // SKF_AD_OFF + SKF_AD_PKTTYPE
    private const uint LinkField = unchecked((uint)(-0x1000 + 8));
    private const uint ProtocolField = unchecked((uint)-0x1000);

    /// <summary>Frames of a raw socket that come in, but for reports of who hears which group: when those are sent is an accident.</summary>
    public static BpfInstruction[] OnlyIncoming { get; } =
    [
        new(BpfCode.LoadWordAbsolute, 0, 0, TypeField),
        new(BpfCode.JumpIfEqual, 5, 0, (uint)PacketKind.Outgoing),
        new(BpfCode.LoadHalfAbsolute, 0, 0, 12),
        new(BpfCode.JumpIfEqual, 0, 2, LinkHeader.Ipv6),
        new(BpfCode.LoadOctetAbsolute, 0, 0, 20),
        new(BpfCode.JumpIfEqual, 1, 0, 0),
        new(BpfCode.ReturnConstant, 0, 0, 0x40000),
        new(BpfCode.ReturnConstant, 0, 0, 0),
    ];

    /// <summary>All but those reports; any kind of packet socket.</summary>
    public static BpfInstruction[] NoReports { get; } =
    [
        new(BpfCode.LoadHalfAbsolute, 0, 0, ProtocolField),
        new(BpfCode.JumpIfEqual, 0, 2, LinkHeader.Ipv6),
        new(BpfCode.LoadOctetAbsolute, 0, 0, unchecked((uint)-0x100000) + 6),
        new(BpfCode.JumpIfEqual, 1, 0, 0),
        new(BpfCode.ReturnConstant, 0, 0, 0x40000),
        new(BpfCode.ReturnConstant, 0, 0, 0),
    ];

    /// <summary>Programs to choose from: sound ones, which see no reports either, and some that are refused.</summary>
    public static BpfInstruction[][] Any { get; } = Array.ConvertAll(Bare, WithoutReports);

    private static BpfInstruction[][] Bare =>
    [
        NoReports,
        NoReports,
        [new(BpfCode.ReturnConstant, 0, 0, 0)],
        [new(BpfCode.LoadHalfAbsolute, 0, 0, ProtocolField), new(BpfCode.JumpIfEqual, 0, 1, LinkHeader.Arp), new(BpfCode.ReturnConstant, 0, 0, 10), new(BpfCode.ReturnConstant, 0, 0, 0)],
        [new(BpfCode.LoadHalfAbsolute, 0, 0, ProtocolField), new(BpfCode.JumpIfEqual, 1, 0, LinkHeader.Ipv6), new(BpfCode.ReturnConstant, 0, 0, 30), new(BpfCode.ReturnConstant, 0, 0, 0)],
        [new(BpfCode.LoadWordAbsolute, 0, 0, LinkField), new(BpfCode.JumpIfEqual, 0, 1, 2), new(BpfCode.ReturnConstant, 0, 0, 0), new(BpfCode.ReturnConstant, 0, 0, 70_000)],
        [new(BpfCode.LoadIndexHeaderLength, 0, 0, 0), new(BpfCode.LoadOctetIndexed, 0, 0, 0), new(BpfCode.Divide | BpfCode.WithIndex, 0, 0, 0), new(BpfCode.ReturnAccumulator, 0, 0, 0)],
        [new(BpfCode.LoadWordAbsolute, 0, 0, 40), new(BpfCode.Store, 0, 0, 3), new(BpfCode.LoadLength, 0, 0, 0), new(BpfCode.LoadIndexMemory, 0, 0, 3), new(BpfCode.ExclusiveOr | BpfCode.WithIndex, 0, 0, 0), new(BpfCode.ReturnConstant, 0, 0, 50)],
        [new(BpfCode.LoadMemory, 0, 0, 1), new(BpfCode.ReturnAccumulator, 0, 0, 0)], // nothing was stored there
        [new(BpfCode.Divide, 0, 0, 0), new(BpfCode.ReturnConstant, 0, 0, 1)],
        [new(BpfCode.JumpIfEqual, 1, 0, 0), new(BpfCode.ReturnConstant, 0, 0, 1)], // beyond the end
        [new(BpfCode.LoadWordImmediate, 0, 0, 1)], // no end
        [new(BpfCode.ShiftLeft, 0, 0, 32), new(BpfCode.ReturnConstant, 0, 0, 1)],
        [new(BpfCode.LoadWordAbsolute, 0, 0, unchecked((uint)(-0x1000 + 5))), new(BpfCode.ReturnConstant, 0, 0, 1)],
        [new(0x0E, 0, 0, 0)],
        [],
    ];

    private static BpfInstruction[] WithoutReports(BpfInstruction[] program) => program.Length == 0 ? program :
    [
        new(BpfCode.LoadHalfAbsolute, 0, 0, ProtocolField),
        new(BpfCode.JumpIfEqual, 0, 3, LinkHeader.Ipv6),
        new(BpfCode.LoadOctetAbsolute, 0, 0, unchecked((uint)-0x100000) + 6),
        new(BpfCode.JumpIfEqual, 0, 1, 0),
        new(BpfCode.ReturnConstant, 0, 0, 0),
        .. program,
    ];
}
