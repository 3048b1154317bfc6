using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>The default routers of a link, and which of them is to be used (RFC 4861, section 6.3.6; RFC 4191, section 3).</summary>
/// <remarks>
/// Of those that have not failed, one of the highest preference: the one in use if it is among them, else the first that
/// was heard. If all have failed they take turns, as the RFC has it (SHOULD, for by no other way would one that came back
/// without a word be found); but each keeps its turn for <see cref="TurnMin"/>, so that a cable that is pulled far away does
/// not make the route change with every question that nobody answers. A router that is alone has not failed: nobody asks.
/// <para>Anybody can claim to be any number of routers, so the list is bounded, and a new one takes the place of the least
/// valuable: of one that has failed; else of one that never served; else of the lowest preference; else of the one that was
/// not heard of for longest, for lifetimes are claims too. The one in use is not given up for a new one unless it has failed.
/// That it served counts before its preference, lest a crowd that claims the highest push out the one that works before it is
/// found that nobody of them answers.</para>
/// </remarks>
internal sealed class DefaultRouters(int countMax)
{
    /// <summary>For so long a router is used at least while all have failed.</summary>
    public static readonly TimeSpan TurnMin = TimeSpan.FromSeconds(10);

    private readonly LifetimeList<IpAddress> lifetimes = new(countMax);
    private readonly Dictionary<IpAddress, Standing> standings = [];
    private Instant chosenAt;

    // HasServed: it was in use for TurnMin at least, and has not failed since.
    private readonly record struct Standing(RouterPreference Preference, bool HasFailed, bool HasServed);

    /// <summary>All, in the order they were first heard.</summary>
    public IReadOnlyList<IpAddress> Values => lifetimes.Values;

    /// <summary>The one to be used; null if there is none.</summary>
    public IpAddress? InUse { get; private set; }

    /// <summary>When the next of them ends.</summary>
    public Instant EndsAt => lifetimes.EndsAt;

    /// <summary>Notes what a router says of itself; true if the list or the one in use is different now.</summary>
    public bool Note(IpAddress router, uint lifetimeSeconds, RouterPreference preference, Instant now)
    {
        if (lifetimeSeconds > 0 && lifetimes.IsFull && IndexOf(router) < 0)
        {
            lifetimes.Drop(LeastValuable(now));
        }

        bool isNews = lifetimes.Note(router, lifetimeSeconds, now);
        if (isNews)
        {
            Prune();
        }

        if (IndexOf(router) >= 0)
        {
            bool hasServed = standings.TryGetValue(router, out Standing before) && before.HasServed;
            standings[router] = new(preference, HasFailed: false, hasServed); // It speaks.
        }

        return Choose(isTurnOver: false, now) | isNews;
    }

    /// <summary>Notes whether a router answers; true if another one is in use now.</summary>
    public bool Report(IpAddress router, bool isReachable, Instant now)
    {
        if (Values.Count < 2 || !standings.TryGetValue(router, out Standing standing))
        {
            return false;
        }

        standings[router] = standing with { HasFailed = !isReachable, HasServed = standing.HasServed && isReachable };
        return Choose(isTurnOver: !isReachable && router == InUse && now - chosenAt >= TurnMin, now);
    }

    /// <summary>Takes out what has ended; true if that was something.</summary>
    public bool Expire(Instant now)
    {
        bool isNews = lifetimes.Expire(now);
        if (isNews)
        {
            Prune();
            Choose(isTurnOver: false, now);
        }

        return isNews;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lifetimes.Clear();
        standings.Clear();
        InUse = null;
    }

    private bool Choose(bool isTurnOver, Instant now)
    {
        IpAddress? next = Best() ?? (isTurnOver || InUse is not { } one || IndexOf(one) < 0 ? Next() : InUse);
        if (next == InUse)
        {
            return false;
        }

        if (InUse is { } former && standings.TryGetValue(former, out Standing standing))
        {
            standings[former] = standing with { HasServed = HasServed(former, standing, now) };
        }

        InUse = next;
        chosenAt = now;
        return true;
    }

    private bool HasServed(IpAddress router, Standing standing, Instant now) =>
        standing.HasServed || (router == InUse && !standing.HasFailed && now - chosenAt >= TurnMin);

    /// <summary>Who makes room for a new one; never the one in use, unless it has failed.</summary>
    private int LeastValuable(Instant now)
    {
        int least = -1;
        (bool, bool, int, Instant) value = default;
        for (int i = 0; i < Values.Count; i++)
        {
            Standing standing = standings[Values[i]];
            (bool, bool, int, Instant) its =
                (!standing.HasFailed, HasServed(Values[i], standing, now), RankOf(standing.Preference), lifetimes.HeardAt(i));
            bool isKept = Values[i] == InUse && !standing.HasFailed;
            if (!isKept && (least < 0 || its.CompareTo(value) < 0))
            {
                (least, value) = (i, its);
            }
        }

        return least;
    }

    /// <summary>Of those that have not failed, the first of the highest preference, or the one in use if it has that too.</summary>
    private IpAddress? Best()
    {
        IpAddress? best = null;
        int bestRank = -1;
        foreach (IpAddress router in Values)
        {
            Standing standing = standings[router];
            int rank = RankOf(standing.Preference);
            if (!standing.HasFailed && (rank > bestRank || (rank == bestRank && router == InUse)))
            {
                best = router;
                bestRank = rank;
            }
        }

        return best;
    }

    /// <summary>The one after the one in use, the first after the last.</summary>
    private IpAddress? Next() =>
        Values.Count == 0 ? null : Values[((InUse is { } one ? IndexOf(one) : -1) + 1) % Values.Count];

    /// <summary>Who is in the list no more has no standing; nor has one failed that is alone now.</summary>
    private void Prune()
    {
        foreach (IpAddress router in (IpAddress[])[.. standings.Keys])
        {
            if (IndexOf(router) < 0)
            {
                standings.Remove(router);
            }
            else if (Values.Count == 1)
            {
                standings[router] = standings[router] with { HasFailed = false };
            }
        }
    }

    private int IndexOf(IpAddress router)
    {
        for (int i = 0; i < Values.Count; i++)
        {
            if (Values[i] == router)
            {
                return i;
            }
        }

        return -1;
    }

    private static int RankOf(RouterPreference preference) => preference switch
    {
        RouterPreference.High => 2,
        RouterPreference.Medium or RouterPreference.Reserved => 1,
        _ => 0,
    };
}
