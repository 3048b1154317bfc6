using Spindle.Basics;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Writes RTM_NEWRULE and RTM_DELRULE.</summary>
internal static class RuleMessages
{
    public const int FixedSize = 12;
    public const int Destination = 1;
    public const int Source = 2;
    public const int Input = 3;
    public const int Priority = 6;
    public const int Mark = 10;
    public const int SuppressGroup = 13;
    public const int SuppressLength = 14;
    public const int Table = 15;
    public const int MarkMask = 16;
    public const int Output = 17;
    public const int Protocol = 21;

    public const uint InvertedFlag = 0x2;

    private const uint InputDetached = 0x8;
    private const uint OutputDetached = 0x10;
    private const byte CompatibleTable = 252;

    public static byte[] Write(NetworkStack stack, RoutingRule rule, MessageType type, int flags, uint sequence, uint portId)
    {
        MessageBuilder message = new(type, flags, sequence, portId);
        message.Byte(rule.Family == IpFamily.V4 ? Family.V4 : Family.V6).Byte(rule.Destination?.Length ?? 0).Byte(rule.Source?.Length ?? 0)
            .Byte(rule.TypeOfService).Byte(rule.Table <= byte.MaxValue ? (byte)rule.Table : CompatibleTable).Byte(0).Byte(0)
            .Byte((byte)rule.Action).UInt32(FlagsOf(stack, rule))
            .Attribute(Table, rule.Table)
            .Attribute(SuppressLength, rule.SuppressPrefixLength)
            .Attribute(Protocol, rule.Protocol);
        WriteTexts(message, rule);
        if (rule.Priority != 0)
        {
            message.Attribute(Priority, rule.Priority);
        }

        if (rule.Mark != 0)
        {
            message.Attribute(Mark, rule.Mark);
        }

        if (rule.Mark != 0 || rule.MarkMask != 0)
        {
            message.Attribute(MarkMask, rule.MarkMask);
        }

        if (rule.Destination is { Length: > 0 } destination)
        {
            message.Attribute(Destination, destination.Address);
        }

        if (rule.Source is { Length: > 0 } source)
        {
            message.Attribute(Source, source.Address);
        }

        return message.ToArray();
    }

    private static uint FlagsOf(NetworkStack stack, RoutingRule rule) => (rule.IsInverted ? InvertedFlag : 0)
        | (rule.InputLink.Length > 0 && stack.FindLink(rule.InputLink) is null ? InputDetached : 0)
        | (rule.OutputLink.Length > 0 && stack.FindLink(rule.OutputLink) is null ? OutputDetached : 0);

    private static void WriteTexts(MessageBuilder message, RoutingRule rule)
    {
        if (rule.InputLink.Length > 0)
        {
            message.Attribute(Input, rule.InputLink);
        }

        if (rule.OutputLink.Length > 0)
        {
            message.Attribute(Output, rule.OutputLink);
        }
    }
}
