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

    private readonly Dictionary<IpAddress, Instant> until = [];

    public void Add(IpAddress address, Instant receivedAt, TimeSpan lease)
    {
        if (until.Count >= GrantsMax)
        {
            until.Clear();
        }

        Instant end = receivedAt + (lease < Least ? Least : lease);
        until[address] = until.TryGetValue(address, out Instant earlier) ? Instant.Max(earlier, end) : end;
    }

    /// <summary>The address was given back or declined.</summary>
    public void Revoke(IpAddress address, Instant now)
    {
        if (until.ContainsKey(address))
        {
            until[address] = now;
        }
    }

    public bool IsGranted(IpAddress address, Instant now) => until.TryGetValue(address, out Instant end) && now <= end + Grace;

    public string Describe(IpAddress address) => until.TryGetValue(address, out Instant end)
        ? $"{address}, ended at {end}"
        : $"{address}, never given";
}
