using System.Collections.Generic;

namespace Spindle.Simulation.Polling;

/// <summary>How many files the epolls of each user watch (<c>/proc/sys/fs/epoll/max_user_watches</c>).</summary>
internal sealed class WatchQuota
{
    private readonly Dictionary<uint, long> counts = [];

    /// <summary>The most that one user may have. 4 % of low memory by default; this is that of a machine with 24 GiB.</summary>
    public long Max { get; set; } = 5_491_533;

    public long CountOf(uint user) => counts.GetValueOrDefault(user);

    public bool TryCharge(uint user)
    {
        long count = CountOf(user);
        if (count >= Max)
        {
            return false;
        }

        counts[user] = count + 1;
        return true;
    }

    public void Free(uint user) => counts[user]--;
}
