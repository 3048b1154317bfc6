using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>RTM_NEWRULE and RTM_DELRULE: <c>struct fib_rule_hdr</c> and attributes.</summary>
public static class RuleMessage
{
    private const int FixedSize = 12;
    private const uint FlagInverted = 2;
    private const ushort AttributeDestination = 1;
    private const ushort AttributeSource = 2;
    private const ushort AttributeInputInterface = 3;
    private const ushort AttributePriority = 6;
    private const ushort AttributeMark = 10;
    private const ushort AttributeSuppressGroup = 13;
    private const ushort AttributeSuppressLength = 14;
    private const ushort AttributeTable = 15;
    private const ushort AttributeMarkMask = 16;
    private const ushort AttributeOutputInterface = 17;
    private const ushort AttributeProtocol = 21;

    /// <summary>Octets that <see cref="Write"/> needs at most.</summary>
    public const int SizeMax = 256;

    /// <summary>Reads a rule; false if it is of another family or broken.</summary>
    public static bool TryRead(NetlinkMessage message, out Rule rule)
    {
        rule = default;
        ReadOnlySpan<byte> octets = message.Payload;
        if (octets.Length < FixedSize || !RtnetlinkFamily.TryFrom(octets[0], out IpFamily family)
            || octets[1] > RtnetlinkFamily.Bits(family) || octets[2] > RtnetlinkFamily.Bits(family))
        {
            return false;
        }

        IpAddress any = family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
        Rule read = new()
        {
            Family = family,
            Destination = new(any, octets[1]),
            Source = new(any, octets[2]),
            Table = octets[4],
            Action = (RuleAction)octets[7],
            IsInverted = (MemoryMarshal.Read<uint>(octets[8..]) & FlagInverted) != 0,
        };
        NetlinkAttributes attributes = message.Attributes(FixedSize);
        while (attributes.TryNext(out NetlinkAttribute attribute))
        {
            read = Take(read, attribute);
        }

        rule = read;
        return !attributes.IsBroken;
    }

    /// <summary>Writes the message: a request, or what the kernel would send.</summary>
    public static int Write(
        Span<byte> destination, NetlinkMessageType type, NetlinkFlags flags, uint sequence, in Rule rule)
    {
        NetlinkWriter writer = new(destination, type, flags, sequence);
        Span<byte> octets = writer.Reserve(FixedSize);
        octets[0] = RtnetlinkFamily.Number(rule.Family);
        octets[1] = rule.Destination.Length;
        octets[2] = rule.Source.Length;
        octets[4] = rule.Table <= byte.MaxValue ? (byte)rule.Table : (byte)0;
        octets[7] = (byte)rule.Action;
        MemoryMarshal.Write(octets[8..], rule.IsInverted ? FlagInverted : 0u);
        writer.UInt32(AttributePriority, rule.Priority);
        writer.UInt32(AttributeTable, rule.Table);
        writer.UInt32(AttributeSuppressLength, rule.SuppressPrefixLength);
        writer.Byte(AttributeProtocol, rule.Protocol);
        WriteSelectors(ref writer, rule);
        return writer.Finish().Length;
    }

    private static void WriteSelectors(ref NetlinkWriter writer, in Rule rule)
    {
        if (rule.Destination.Length != 0)
        {
            writer.Address(AttributeDestination, rule.Destination.Address);
        }

        if (rule.Source.Length != 0)
        {
            writer.Address(AttributeSource, rule.Source.Address);
        }

        if (rule.InputInterface.Length != 0)
        {
            writer.Text(AttributeInputInterface, rule.InputInterface);
        }

        if (rule.OutputInterface.Length != 0)
        {
            writer.Text(AttributeOutputInterface, rule.OutputInterface);
        }

        if (rule.MarkMask != 0)
        {
            writer.UInt32(AttributeMark, rule.Mark);
            writer.UInt32(AttributeMarkMask, rule.MarkMask);
        }
    }

    private static Rule Take(in Rule rule, NetlinkAttribute attribute) => attribute.Type switch
    {
        AttributeDestination when attribute.TryGetAddress(rule.Family, out IpAddress address) =>
            rule with { Destination = new(address, rule.Destination.Length) },
        AttributeSource when attribute.TryGetAddress(rule.Family, out IpAddress address) =>
            rule with { Source = new(address, rule.Source.Length) },
        AttributeInputInterface => rule with { InputInterface = attribute.GetText(null) },
        AttributeOutputInterface => rule with { OutputInterface = attribute.GetText(null) },
        AttributePriority when attribute.TryGetUInt32(out uint value) => rule with { Priority = value },
        AttributeMark when attribute.TryGetUInt32(out uint value) => rule with { Mark = value },
        AttributeMarkMask when attribute.TryGetUInt32(out uint value) => rule with { MarkMask = value },
        AttributeTable when attribute.TryGetUInt32(out uint value) => rule with { Table = value },
        AttributeSuppressLength when attribute.TryGetUInt32(out uint value) =>
            rule with { SuppressPrefixLength = value },
        AttributeProtocol when attribute.TryGetByte(out byte value) => rule with { Protocol = value },
        AttributeSuppressGroup when attribute.TryGetUInt32(out uint value) && value == uint.MaxValue => rule,
        _ => rule with { Fingerprint = Fingerprints.Add(rule.Fingerprint, attribute.Value) },
    };
}
