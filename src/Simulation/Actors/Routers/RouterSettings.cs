using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Routers;

/// <summary>A prefix as a router advertises it (RFC 4861, section 4.6.2).</summary>
internal sealed record AdvertisedPrefix(
    IpPrefix Prefix, uint ValidSeconds = 86_400, uint PreferredSeconds = 14_400, bool IsOnLink = true, bool IsAutonomous = true);

/// <summary>What can be wrong about an advertisement.</summary>
internal enum RouterLie
{
    None,

    // A host must ignore these altogether (RFC 4861, section 6.1.2).
    WrongHopLimit,
    WrongChecksum,
    WrongCode,
    GlobalSource,
    OptionOfNoLength,
    OptionOverTheEnd,
    CutShort,

    // A host must ignore the option, not the advertisement.
    PrefixTooLong,
    PrefixNotSixtyFour,
    PreferredLongerThanValid,
    LinkLocalPrefix,
    MulticastPrefix,
    DnsOfOddLength,
    DnsIsMulticast,
    EndlessName,
    TinyMtu,
    UnknownOptions,
}

/// <summary>Everything that can be turned on a <see cref="RouterAdvertiser"/>; exchanged while it runs.</summary>
internal sealed record RouterSettings
{
    /// <summary>Between unsolicited advertisements; zero for none (RFC 4861, section 6.2.1).</summary>
    public TimeSpan IntervalMax { get; init; } = TimeSpan.FromSeconds(600);

    public TimeSpan IntervalMin { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>0: no default router.</summary>
    public ushort LifetimeSeconds { get; init; } = 1800;

    public byte CurrentHopLimit { get; init; } = 64;

    public bool IsManaged { get; init; }

    public bool HasOtherConfiguration { get; init; }

    /// <summary>RFC 4191: 1 high, 0 medium, 3 low.</summary>
    public byte Preference { get; init; }

    public IReadOnlyList<AdvertisedPrefix> Prefixes { get; init; } = [];

    /// <summary>RFC 8106.</summary>
    public IReadOnlyList<IpAddress> DnsServers { get; init; } = [];

    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    public uint DnsSeconds { get; init; } = 1800;

    /// <summary>0 leaves the option out.</summary>
    public uint Mtu { get; init; }

    /// <summary>RFC 8910; null leaves the option out.</summary>
    public string? CaptivePortalUri { get; init; }

    public bool AnswersSolicitations { get; init; } = true;

    public bool IsSilent { get; init; }

    public RouterLie Lie { get; init; }

    public uint LiePerMillion { get; init; } = 1_000_000;
}
