namespace Spindle.Protocols.Rtnetlink;

/// <summary>The links.</summary>
internal sealed class LinkMirror(MirrorContext context)
{
    private const int CountMax = 1 << 16;

    /// <summary>What the mirror holds.</summary>
    public MirrorMap<int, Link> Map { get; } = new(RtnetlinkTables.Links, context, CountMax);

    public void Apply(NetlinkMessage message, bool inDump)
    {
        if (!LinkMessage.TryParse(message, out LinkMessage parsed))
        {
            context.Counters.Dropped++;
            return;
        }

        // A bridge speaks of its ports in messages of its own family; a removal there is not one of the link.
        if (parsed.Family != 0)
        {
            return;
        }

        if (message.Header.Type == NetlinkMessageType.DeleteLink)
        {
            Remove(parsed.Index);
            return;
        }

        Link known = Map.TryGet(parsed.Index, out Link there) ? there : new Link();
        if (!parsed.TryRead(known, out Link link))
        {
            context.Counters.Dropped++;
            return;
        }

        Store(link, inDump);
    }

    public bool TrySweep(out RtnetlinkOutput output)
    {
        bool any = Map.TrySweep(out Link link);
        output = any ? new(RtnetlinkOutputKind.LinkVanished) { Link = link } : default;
        return any;
    }

    private void Store(in Link link, bool inDump)
    {
        ref Link stored = ref Map.See(link.Index, inDump, out MirrorVerdict verdict);
        if (verdict == MirrorVerdict.Ignored)
        {
            return;
        }

        bool isNew = verdict == MirrorVerdict.Appeared;
        bool isSame = !isNew && stored.IsSameBut(link);
        if (!isNew && stored.IsUp && !link.IsUp)
        {
            SuspectRoutes();
        }

        stored = link;
        if (!isSame)
        {
            context.Tell(new(isNew ? RtnetlinkOutputKind.LinkAppeared : RtnetlinkOutputKind.LinkChanged) { Link = link });
        }
    }

    private void Remove(int index)
    {
        if (Map.TryRemove(index, out Link link))
        {
            SuspectRoutes();
            context.Tell(new(RtnetlinkOutputKind.LinkVanished) { Link = link });
        }
    }

    /// <summary>The kernel takes the IPv4 routes of a link that goes down away without a word; IPv6's by a sysctl.</summary>
    private void SuspectRoutes() => context.Suspects |= RtnetlinkTables.RoutesV4 | RtnetlinkTables.RoutesV6;
}
