using System;
using System.Collections.Generic;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>The memory that is used for messages above 64 KB and for what clients do not read, in all clients of a door together.</summary>
/// <remarks>When there is no more, who has the most is disconnected, so that a few cannot keep all others from their due.</remarks>
internal sealed class LargeMemory(EventLoop loop)
{
    // What was given back stays with the process until a collection; small messages alone may not bring one for hours.
    private const int GarbageMaximum = 16 * 1024 * 1024;

    private readonly HashSet<RpcClient> holders = [];
    private int garbage;
    private bool isCollecting;

    /// <summary>How many there may be.</summary>
    public int Maximum { get; init; } = RpcLimits.LargeMessagesMaximum;

    /// <summary>Octets in use.</summary>
    public int Octets { get; private set; }

    /// <summary>So many more octets are needed for a client.</summary>
    /// <returns>False: it would have more than anybody else, and there is no room for that.</returns>
    public bool TryTake(RpcClient client, int octets)
    {
        while (octets > Maximum - Octets)
        {
            RpcClient? largest = Largest();
            if (largest is null || largest.LargeOctets <= client.LargeOctets + octets)
            {
                return false;
            }

            largest.Close();
        }

        Octets += octets;
        client.LargeOctets += octets;
        holders.Add(client);
        return true;
    }

    /// <summary>So many octets of a client are not in use any more.</summary>
    public void Give(RpcClient client, int octets)
    {
        if (octets == 0)
        {
            return;
        }

        Octets -= octets;
        client.LargeOctets -= octets;
        if (client.LargeOctets == 0)
        {
            holders.Remove(client);
        }

        garbage += octets;
        if (garbage >= GarbageMaximum && !isCollecting)
        {
            isCollecting = true;
            loop.Post(Collect);
        }
    }

    // Of who is disconnected, some may be in the hands of a worker still.
    private RpcClient? Largest()
    {
        RpcClient? largest = null;
        foreach (RpcClient holder in holders)
        {
            if (!holder.IsClosed && holder.LargeOctets > (largest?.LargeOctets ?? 0))
            {
                largest = holder;
            }
        }

        return largest;
    }

    private void Collect()
    {
        isCollecting = false;
        garbage = 0;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
