using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>How a query ended. Of several servers' failures the first in this list is told.</summary>
public enum DnsQueryOutcome : byte
{
    /// <summary>There are addresses.</summary>
    Resolved,

    /// <summary>The text is no host name; nobody was asked.</summary>
    InvalidName,

    /// <summary>There is no server to ask.</summary>
    NoServers,

    /// <summary>The name exists, but has no address of this family.</summary>
    NoAddress,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NameNotFound,

    /// <summary>The servers failed or refused (SERVFAIL, REFUSED and all other codes).</summary>
    ServerFailed,

    /// <summary>The servers cannot be reached.</summary>
    Unreachable,

    /// <summary>No server answered in time.</summary>
    TimedOut,
}

/// <summary>What came of a query.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Addresses">In the server's order; empty unless resolved.</param>
/// <param name="TimeToLiveSeconds">How long they may be kept; 0 for a literal address.</param>
public sealed record DnsQueryResult(
    DnsQueryOutcome Outcome, IReadOnlyList<IpAddress> Addresses, uint TimeToLiveSeconds)
{
    /// <summary>True if there are addresses.</summary>
    public bool IsResolved => Outcome == DnsQueryOutcome.Resolved;
}
