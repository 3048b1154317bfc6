using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Which IPv4 addresses servers gave to a device, and until when.</summary>
internal sealed class AddressGrants
{
    private const int GrantsMax = 1024;

    /// <summary>For so long an address that ended may still be seen: the kernel's queues, a turn of the loop.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>A lease is taken for ten seconds even if the server says less.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    /// <summary>For so long the daemon gathers what it writes, and a worker takes to write it.</summary>
    private static readonly TimeSpan Unwritten = TimeSpan.FromSeconds(2);

    private readonly Dictionary<IpAddress, Instant> until = [];
    private readonly Dictionary<IpAddress, (Instant At, Instant End)> revoked = [];

    public void Add(IpAddress address, Instant receivedAt, TimeSpan lease)
    {
        if (until.Count >= GrantsMax)
        {
            until.Clear();
            revoked.Clear();
        }

        Instant end = receivedAt + (lease < Least ? Least : lease);
        until[address] = until.TryGetValue(address, out Instant earlier) ? Instant.Max(earlier, end) : end;
    }

    /// <summary>The address was given back or declined.</summary>
    public void Revoke(IpAddress address, Instant now)
    {
        if (until.TryGetValue(address, out Instant end))
        {
            revoked[address] = (now, end);
            until[address] = now;
        }
    }

    /// <summary>The daemon ended: what it gave back just now it may not have written down, and its next life goes on with it until a server
    /// says no.</summary>
    public void Died(Instant now)
    {
        foreach ((IpAddress address, (Instant at, Instant end)) in revoked)
        {
            until[address] = now - at <= Unwritten ? Instant.Max(until[address], end) : until[address];
        }

        revoked.Clear();
    }

    public bool IsGranted(IpAddress address, Instant now) => until.TryGetValue(address, out Instant end) && now <= end + Grace;

    public string Describe(IpAddress address) => until.TryGetValue(address, out Instant end)
        ? $"{address}, ended at {end}"
        : $"{address}, never given";
}
