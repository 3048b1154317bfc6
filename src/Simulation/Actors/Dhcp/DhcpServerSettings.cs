using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Actors.Dhcp;

/// <summary>What a server does when a client wants to go on with its lease.</summary>
internal enum DhcpRenewalPolicy
{
    /// <summary>Extends it.</summary>
    Extend,

    /// <summary>Says nothing to unicast requests; a broadcast one is answered.</summary>
    IgnoreUnicast,

    /// <summary>Says nothing, so that the lease ends.</summary>
    Ignore,

    /// <summary>Refuses it, and gives the same address again when asked anew.</summary>
    Refuse,

    /// <summary>Refuses it, and gives another address when asked anew.</summary>
    Move,

    /// <summary>Acknowledges another address than the client's: against RFC 2131, section 4.3.2.</summary>
    AcknowledgeAnother,
}

/// <summary>Everything that can be turned on a <see cref="DhcpServer"/>; exchanged while it runs.</summary>
internal sealed record DhcpServerSettings
{
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Option 58; null leaves it out.</summary>
    public TimeSpan? RenewalTime { get; init; }

    /// <summary>Option 59; null leaves it out.</summary>
    public TimeSpan? RebindingTime { get; init; }

    public IReadOnlyList<IpAddress> Routers { get; init; } = [];

    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];

    public IReadOnlyList<IpAddress> NtpServers { get; init; } = [];

    public string? DomainName { get; init; }

    public string? CaptivePortalUri { get; init; }

    public ushort Mtu { get; init; }

    /// <summary>Option 121 as octets (RFC 3442); null leaves it out.</summary>
    public byte[]? ClasslessRoutes { get; init; }

    /// <summary>Answers DISCOVER with the option at once with an acknowledgement (RFC 4039).</summary>
    public bool DoesRapidCommit { get; init; }

    /// <summary>Refuses what it knows to be wrong for this network; else it is silent about what it does not know.</summary>
    public bool IsAuthoritative { get; init; } = true;

    /// <summary>Names the client's identifier in replies (RFC 6842); old servers do not.</summary>
    public bool EchoesClientIdentifier { get; init; } = true;

    /// <summary>Looks with ARP whether an address is in use before it offers it (RFC 2131, section 2.2, SHOULD).</summary>
    public bool ProbesAddresses { get; init; }

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Hears nothing at all.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Messages that are not answered.</summary>
    public uint SilencePerMillion { get; init; }

    /// <summary>Replies that go out a second time, up to five seconds later.</summary>
    public uint RepeatPerMillion { get; init; }

    /// <summary>Refuses every request.</summary>
    public bool RefusesAll { get; init; }

    public DhcpRenewalPolicy Renewal { get; init; }

    /// <summary>What is wrong with its replies.</summary>
    public DhcpLie Lie { get; init; }

    /// <summary>How many replies are affected by <see cref="Lie"/>.</summary>
    public uint LiePerMillion { get; init; } = 1_000_000;
}
