using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What we know of the kernel's links, addresses, routes and rules: the cache that differences are made from.</summary>
public sealed class RtnetlinkMirror
{
    private readonly MirrorContext context;
    private readonly LinkMirror links;
    private readonly AddressMirror addresses;
    private readonly RouteMirror routes;
    private readonly RuleMirror rules;

    internal RtnetlinkMirror(MirrorContext context)
    {
        this.context = context;
        links = new(context);
        addresses = new(context, links);
        routes = new(context);
        rules = new(context);
    }

    /// <summary>Grows with whatever may have changed something here: while it stays, so does all that is known.</summary>
    public long Revision { get; private set; }

    /// <summary>Links known.</summary>
    public int LinkCount => links.Map.Count;

    /// <summary>Addresses known.</summary>
    public int AddressCount => addresses.Map.Count;

    /// <summary>Routes known, of all tables but the kernel's local one. Each nexthop of IPv6 is one.</summary>
    public int RouteCount => routes.Count(IpFamily.V4) + routes.Count(IpFamily.V6);

    /// <summary>Rules known.</summary>
    public int RuleCount => rules.Map.Count;

    /// <summary>The links, in no order. Not to be kept across a step.</summary>
    public IEnumerable<Link> Links => links.Map.Values;

    /// <summary>The addresses, in no order. Not to be kept across a step.</summary>
    public IEnumerable<TimedAddress> Addresses => addresses.Map.Values;

    /// <summary>The routes, in no order. Not to be kept across a step.</summary>
    public IEnumerable<Route> Routes => routes.Values;

    /// <summary>The rules, in no order. Not to be kept across a step.</summary>
    public IEnumerable<Rule> Rules => rules.Map.Values;

    /// <summary>Routes known of one family.</summary>
    public int RouteCountOf(IpFamily family) => routes.Count(family);

    /// <summary>The link with this number.</summary>
    public bool TryGetLink(int index, out Link link) => links.Map.TryGet(index, out link);

    /// <summary>The address with this key.</summary>
    public bool TryGetAddress(in AddressKey key, out TimedAddress address) => addresses.Map.TryGet(key, out address);

    /// <summary>Takes in a message that says that something is there or gone; false if it says something else.</summary>
    internal bool Apply(NetlinkMessage message, bool inDump, Instant now)
    {
        Revision++;
        switch (message.Header.Type)
        {
            case NetlinkMessageType.NewLink or NetlinkMessageType.DeleteLink:
                links.Apply(message, inDump);
                return true;
            case NetlinkMessageType.NewAddress or NetlinkMessageType.DeleteAddress:
                addresses.Apply(message, inDump, now);
                return true;
            case NetlinkMessageType.NewRoute or NetlinkMessageType.DeleteRoute:
                routes.Apply(message, inDump);
                return true;
            case NetlinkMessageType.NewRule or NetlinkMessageType.DeleteRule:
                rules.Apply(message, inDump);
                return true;
            case NetlinkMessageType.NewNexthop when (message.Header.Flags & NetlinkFlags.Replace) == 0:
                return true;
            case NetlinkMessageType.NewNexthop or NetlinkMessageType.DeleteNexthop:
                // Routes go with their nexthop object, and change with it, without a word.
                context.Suspects |= RtnetlinkTables.RoutesV4 | RtnetlinkTables.RoutesV6;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The dump of a table begins.</summary>
    internal void BeginDump(RtnetlinkTables table)
    {
        Revision++;
        context.Stamps.Begin(table);
    }

    /// <summary>The dump has ended; if well, what it did not see is gone: <see cref="TrySweep"/> tells it.</summary>
    internal void EndDump(bool isComplete)
    {
        Revision++;
        RtnetlinkTables table = context.Stamps.Dumping;
        context.Stamps.End();
        if (!isComplete)
        {
            return;
        }

        switch (table)
        {
            case RtnetlinkTables.Links: links.Map.BeginSweep(); break;
            case RtnetlinkTables.Addresses: addresses.Map.BeginSweep(); break;
            case RtnetlinkTables.RoutesV4: routes.BeginSweep(IpFamily.V4); break;
            case RtnetlinkTables.RoutesV6: routes.BeginSweep(IpFamily.V6); break;
            case RtnetlinkTables.Rules: rules.Map.BeginSweep(); break;
            default: break;
        }
    }

    /// <summary>Takes the next object out that the dump did not see.</summary>
    internal bool TrySweep(out RtnetlinkOutput output)
    {
        Revision++;
        return routes.TrySweep(out output) || addresses.TrySweep(out output) || rules.TrySweep(out output)
            || links.TrySweep(out output);
    }
}
