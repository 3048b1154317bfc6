using System;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>The addresses.</summary>
internal sealed class AddressMirror(MirrorContext context, LinkMirror links)
{
    private const int CountMax = 1 << 18;

    /// <summary>The kernel tells lifetimes in whole seconds, rounded this way or that: less is no difference.</summary>
    private static readonly TimeSpan LifetimeTolerance = TimeSpan.FromSeconds(2);

    /// <summary>What the mirror holds.</summary>
    public MirrorMap<AddressKey, TimedAddress> Map { get; } = new(RtnetlinkTables.Addresses, context, CountMax);

    public void Apply(NetlinkMessage message, bool inDump, Instant now)
    {
        string? linkName = AddressMessage.TryReadIndex(message, out int index) && links.Map.TryGet(index, out Link link)
            ? link.Name
            : null;
        if (!AddressMessage.TryRead(message, linkName, out Address address))
        {
            context.Counters.Dropped++;
        }
        else if (message.Header.Type == NetlinkMessageType.DeleteAddress)
        {
            Remove(address);
        }
        else
        {
            Store(address, inDump, now);
        }
    }

    public bool TrySweep(out RtnetlinkOutput output)
    {
        bool any = Map.TrySweep(out TimedAddress gone);
        output = any ? new(RtnetlinkOutputKind.AddressVanished) { Address = gone.Address } : default;
        return any;
    }

    private void Store(in Address address, bool inDump, Instant now)
    {
        ref TimedAddress stored = ref Map.See(address.Key, inDump, out MirrorVerdict verdict);
        if (verdict == MirrorVerdict.Ignored)
        {
            return;
        }

        bool isNew = verdict == MirrorVerdict.Appeared;
        if (!isNew && IsSame(stored, address, now))
        {
            return;
        }

        stored = new(address, now);
        context.Tell(new(isNew ? RtnetlinkOutputKind.AddressAppeared : RtnetlinkOutputKind.AddressChanged)
        {
            Address = address,
        });
    }

    private void Remove(in Address address)
    {
        // With an address that routes prefer, or the last one of a link, IPv4 routes go without a word.
        context.Suspects |= address.Local.IsV4 ? RtnetlinkTables.RoutesV4 : RtnetlinkTables.None;
        if (Map.TryRemove(address.Key, out TimedAddress gone))
        {
            context.Tell(new(RtnetlinkOutputKind.AddressVanished) { Address = gone.Address });
        }
    }

    private static bool IsSame(in TimedAddress stored, in Address said, Instant now) =>
        stored.Address.IsSameButLifetimes(said)
        && IsSameLifetime(stored.Address.ValidSeconds, stored.SaidAt, said.ValidSeconds, now)
        && IsSameLifetime(stored.Address.PreferredSeconds, stored.SaidAt, said.PreferredSeconds, now);

    private static bool IsSameLifetime(uint storedSeconds, Instant storedAt, uint seconds, Instant now)
    {
        if (storedSeconds == Address.Forever || seconds == Address.Forever)
        {
            return storedSeconds == seconds;
        }

        // What is over stays over: a deprecated address says 0 seconds again and again.
        Instant storedEnd = Instant.Max(storedAt + TimeSpan.FromSeconds(storedSeconds), now);
        return (storedEnd - (now + TimeSpan.FromSeconds(seconds))).Duration() <= LifetimeTolerance;
    }
}
