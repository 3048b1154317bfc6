using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>What to ask, whom, and for how long.</summary>
public sealed record DnsQueryOptions
{
    /// <summary>The most servers that are asked; further ones are left out.</summary>
    public const int ServersMax = 8;

    /// <summary>The most addresses kept of an answer.</summary>
    public const int AddressesMax = 16;

    /// <summary>A host name, or an address, for which nobody is asked.</summary>
    public required string Host { get; init; }

    /// <summary>Which addresses are wanted: V4 asks for A, V6 for AAAA.</summary>
    public required IpFamily Family { get; init; }

    /// <summary>Whom to ask, the best first.</summary>
    public required IReadOnlyList<DnsServer> Servers { get; init; }

    /// <summary>How long a server has before the next one is asked too; doubles with each round over all servers.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that doubling goes.</summary>
    public TimeSpan AttemptTimeoutMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>When the query ends in any case.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
