using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>RTM_NEWRULE and RTM_DELRULE.</summary>
internal static class RuleRequests
{
    private const int Size = RuleMessages.FixedSize;

    public static Answer Set(NetworkStack stack, MessageReader message)
    {
        Answer answer = Check(message, out IpFamily family);
        if (!answer.IsOk)
        {
            return answer;
        }

        RoutingRules rules = stack.Rules(family);
        RoutingRule rule = Read(message, family, message.FindUInt32(Size, RuleMessages.Priority) ?? rules.FreePriority);
        if (rule is { Action: RuleAction.ToTable, Table: 0 })
        {
            if (family == IpFamily.V6)
            {
                return Answer.Fail(Errno.EINVAL, "Invalid table");
            }

            rule = rule with { Table = FreeTable(stack) };
            stack.Routes4.Tables.Make(rule.Table);
        }

        // With IPv4 a rule may lead to a table that is not there.
        if (rule.Action == RuleAction.ToTable && family == IpFamily.V6)
        {
            stack.Routes6.Tables.Make(rule.Table);
        }

        return rules.Add(rule, message.Flags);
    }

    public static Answer Delete(NetworkStack stack, MessageReader message)
    {
        Answer answer = Check(message, out IpFamily family);
        if (!answer.IsOk)
        {
            return answer;
        }

        RoutingRule wanted = Read(message, family, message.FindUInt32(Size, RuleMessages.Priority) ?? 0);
        bool hasPriority = message.FindUInt32(Size, RuleMessages.Priority) is not null;
        bool hasMark = message.FindUInt32(Size, RuleMessages.Mark) is not null;
        bool hasLength = message.FindUInt32(Size, RuleMessages.SuppressLength) is not null;
        foreach (RoutingRule rule in stack.Rules(family).All)
        {
            bool fits = (wanted.Action == RuleAction.Unspecified || wanted.Action == rule.Action)
                && (wanted.Table == 0 || wanted.Table == rule.Table)
                && (!hasPriority || wanted.Priority == rule.Priority)
                && (wanted.InputLink.Length == 0 || wanted.InputLink == rule.InputLink)
                && (wanted.OutputLink.Length == 0 || wanted.OutputLink == rule.OutputLink)
                && (!hasMark || wanted.Mark == rule.Mark) && (wanted.MarkMask == 0 || wanted.MarkMask == rule.MarkMask)
                && (!hasLength || wanted.SuppressPrefixLength == rule.SuppressPrefixLength)
                && (wanted.Source is null || wanted.Source == rule.Source)
                && (wanted.Destination is null || wanted.Destination == rule.Destination)
                && (wanted.TypeOfService == 0 || wanted.TypeOfService == rule.TypeOfService)
                && (wanted.Protocol == 0 || wanted.Protocol == rule.Protocol);
            if (fits)
            {
                stack.Rules(family).Remove(rule);
                return Answer.Done;
            }
        }

        return Answer.Fail(Errno.ENOENT);
    }

    private static Answer Check(MessageReader message, out IpFamily family)
    {
        family = message.Family == Family.V6 ? IpFamily.V6 : IpFamily.V4;
        if (message.Payload.Length < Size)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid msg length");
        }

        if (message.Family is not (Family.V4 or Family.V6))
        {
            return Answer.Fail(Errno.EAFNOSUPPORT, "Rule family not supported");
        }

        int bits = family == IpFamily.V4 ? 32 : 128;
        if (message.Payload[2] > bits)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid source address");
        }

        if (message.Payload[1] > bits)
        {
            return Answer.Fail(Errno.EINVAL, "Invalid dst address");
        }

        return message.Payload[7] == (byte)RuleAction.Goto ? Answer.Fail(Errno.EINVAL, "Missing goto target for action goto") : Answer.Done;
    }

    private static RoutingRule Read(MessageReader message, IpFamily family, uint priority)
    {
        string input = message.FindText(Size, RuleMessages.Input) ?? "";
        string output = message.FindText(Size, RuleMessages.Output) ?? "";
        uint mark = message.FindUInt32(Size, RuleMessages.Mark) ?? 0;
        return new RoutingRule(family, priority)
        {
            Action = (RuleAction)message.Payload[7],
            Table = message.FindUInt32(Size, RuleMessages.Table) ?? message.Payload[4],
            Source = PrefixOf(message, RuleMessages.Source, message.Payload[2], family),
            Destination = PrefixOf(message, RuleMessages.Destination, message.Payload[1], family),
            InputLink = input,
            OutputLink = output,
            Mark = mark,
            MarkMask = message.FindUInt32(Size, RuleMessages.MarkMask) ?? (mark != 0 ? uint.MaxValue : 0),
            TypeOfService = message.Payload[3],
            SuppressPrefixLength = message.FindUInt32(Size, RuleMessages.SuppressLength) ?? RoutingRule.SuppressNothing,
            IsInverted = (BinaryPrimitives.ReadUInt32LittleEndian(message.Payload[8..]) & RuleMessages.InvertedFlag) != 0,
            Protocol = message.FindByte(Size, RuleMessages.Protocol) ?? 0,
        };
    }

    private static IpPrefix? PrefixOf(MessageReader message, int attribute, byte length, IpFamily family) =>
        length > 0 && message.FindAddress(Size, attribute, family == IpFamily.V4 ? 4 : 16) is { } address ? new IpPrefix(address, length) : null;

    // A rule for no table gets one that nobody has.
    private static uint FreeTable(NetworkStack stack)
    {
        uint table = 1;
        while (stack.Routes4.Tables.HasTable(table))
        {
            table++;
        }

        return table;
    }
}
