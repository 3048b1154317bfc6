namespace Spindle.Protocols.Rtnetlink;

/// <summary>The rules. A rule has no name but all of itself: it cannot change, only come and go.</summary>
internal sealed class RuleMirror(MirrorContext context)
{
    private const int CountMax = 1 << 15;

    /// <summary>What the mirror holds.</summary>
    public MirrorMap<Rule, Rule> Map { get; } = new(RtnetlinkTables.Rules, context, CountMax);

    public void Apply(NetlinkMessage message, bool inDump)
    {
        if (!RuleMessage.TryRead(message, out Rule rule))
        {
            // Rules of multicast routing come with the dump and are none of ours.
            context.Counters.Dropped += inDump ? 0ul : 1ul;
        }
        else if (message.Header.Type == NetlinkMessageType.DeleteRule)
        {
            if (Map.TryRemove(rule, out _))
            {
                context.Tell(new(RtnetlinkOutputKind.RuleVanished) { Rule = rule });
            }
        }
        else
        {
            ref Rule stored = ref Map.See(rule, inDump, out MirrorVerdict verdict);
            if (verdict == MirrorVerdict.Appeared)
            {
                stored = rule;
                context.Tell(new(RtnetlinkOutputKind.RuleAppeared) { Rule = rule });
            }
        }
    }

    public bool TrySweep(out RtnetlinkOutput output)
    {
        bool any = Map.TrySweep(out Rule rule);
        output = any ? new(RtnetlinkOutputKind.RuleVanished) { Rule = rule } : default;
        return any;
    }
}
