using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.LibvirtDoor;

/// <summary>Who has come to a listener and has not authenticated: those that have a place, and those that wait for one.</summary>
/// <remarks>
/// Places are shared fairly between origins (users of this machine, or addresses): the next is for the origin that has the fewest, and who
/// has fewer than another may get one of that other's. So nobody's silence keeps out anybody but himself.
/// </remarks>
internal sealed class Strangers
{
    // Both oldest first.
    private readonly List<Place> places = [];
    private readonly List<Newcomer> waiting = [];
    private readonly Dictionary<ulong, int> placesOf = [];
    private readonly Dictionary<ulong, int> waitingOf = [];

    /// <summary>How many have a place.</summary>
    public int Served => places.Count;

    /// <summary>How many wait for one.</summary>
    public int Waiting => waiting.Count;

    /// <summary>It has a place.</summary>
    public void Enter(RpcClient client, ulong origin, Instant now)
    {
        places.Add(new Place(client, origin, now));
        Count(placesOf, origin, 1);
    }

    /// <summary>It needs none any more.</summary>
    public void Leave(RpcClient client)
    {
        int index = places.FindIndex(place => place.Client == client);
        Count(placesOf, places[index].Origin, -1);
        places.RemoveAt(index);
    }

    /// <summary>There is no place for it at present.</summary>
    public void Wait(in Newcomer newcomer)
    {
        waiting.Add(newcomer);
        Count(waitingOf, newcomer.Origin, 1);
    }

    /// <summary>Whose turn it is when there is a place.</summary>
    public bool TryTakeNext(out Newcomer next)
    {
        int index = IndexOfNext();
        next = index < 0 ? default : Take(index);
        return index >= 0;
    }

    /// <summary>Too many wait: the last one of the origin that has the most goes.</summary>
    public Newcomer TakeSurplus()
    {
        int surplus = 0;
        for (int index = 1; index < waiting.Count; index++)
        {
            bool isMore = waitingOf[waiting[index].Origin] >= waitingOf[waiting[surplus].Origin];
            surplus = isMore ? index : surplus;
        }

        return Take(surplus);
    }

    /// <summary>Whose place the next one in turn should have: the oldest of the origin that has most of them.</summary>
    /// <param name="client">Who has it.</param>
    /// <param name="since">Since when.</param>
    /// <returns>False: nobody waits, or nobody has more than the one who waits.</returns>
    public bool TryFindUnfair(out RpcClient? client, out Instant since)
    {
        client = null;
        since = default;
        int next = IndexOfNext();
        if (next < 0)
        {
            return false;
        }

        int most = CountOf(placesOf, waiting[next].Origin);
        foreach (Place place in places)
        {
            int count = placesOf[place.Origin];

            // Who has a single place and is being asked about keeps it.
            if (count > most && (count > 1 || !place.Client.IsBeingAuthorized))
            {
                most = count;
                client = place.Client;
                since = place.Since;
            }
        }

        return client is not null;
    }

    /// <summary>Takes one after the other out that waits.</summary>
    public bool TryTakeAny(out Newcomer newcomer)
    {
        newcomer = waiting.Count > 0 ? Take(waiting.Count - 1) : default;
        return newcomer != default;
    }

    private int IndexOfNext()
    {
        int next = waiting.Count > 0 ? 0 : -1;
        for (int index = 1; index < waiting.Count; index++)
        {
            if (CountOf(placesOf, waiting[index].Origin) < CountOf(placesOf, waiting[next].Origin))
            {
                next = index;
            }
        }

        return next;
    }

    private Newcomer Take(int index)
    {
        Newcomer taken = waiting[index];
        waiting.RemoveAt(index);
        Count(waitingOf, taken.Origin, -1);
        return taken;
    }

    private static int CountOf(Dictionary<ulong, int> counts, ulong origin) => counts.GetValueOrDefault(origin);

    private static void Count(Dictionary<ulong, int> counts, ulong origin, int by)
    {
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, origin, out _);
        count += by;
        if (count == 0)
        {
            counts.Remove(origin);
        }
    }

    private readonly record struct Place(RpcClient Client, ulong Origin, Instant Since);
}
