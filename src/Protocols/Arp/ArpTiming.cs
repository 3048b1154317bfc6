using System;

namespace Spindle.Protocols.Arp;

/// <summary>The constants of RFC 5227, section 1.1 (those of RFC 3927, section 9 are the same).</summary>
public sealed record ArpTiming
{
    /// <summary>As the RFCs say.</summary>
    public static ArpTiming Standard { get; } = new();

    /// <summary>The first probe waits at random up to this (PROBE_WAIT).</summary>
    public TimeSpan ProbeWaitMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes sent (PROBE_NUM).</summary>
    public int Probes { get; init; } = 3;

    /// <summary>The least delay between probes (PROBE_MIN).</summary>
    public TimeSpan ProbeDelayMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay between probes (PROBE_MAX).</summary>
    public TimeSpan ProbeDelayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After the last probe, before the address is ours (ANNOUNCE_WAIT).</summary>
    public TimeSpan AnnounceWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Announcements sent (ANNOUNCE_NUM).</summary>
    public int Announcements { get; init; } = 2;

    /// <summary>Between announcements (ANNOUNCE_INTERVAL).</summary>
    public TimeSpan AnnounceDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so many conflicts, new addresses are tried slowly (MAX_CONFLICTS).</summary>
    public int ConflictsMax { get; init; } = 10;

    /// <summary>What slowly means (RATE_LIMIT_INTERVAL).</summary>
    public TimeSpan RateLimitDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An address is defended once in this time (DEFEND_INTERVAL).</summary>
    public TimeSpan DefendDelay { get; init; } = TimeSpan.FromSeconds(10);
}
