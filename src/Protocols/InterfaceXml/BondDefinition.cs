using System;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>What makes an interface a bond (<c>&lt;bond mode=''&gt;</c>). At most one of the monitors is there.</summary>
public sealed record BondDefinition
{
    /// <summary>How frames are spread over the members.</summary>
    public BondMode Mode { get; init; }

    /// <summary>Watch the members' carrier.</summary>
    public MiiMonitor? Mii { get; init; }

    /// <summary>Watch by asking for an address.</summary>
    public ArpMonitor? Arp { get; init; }

    /// <summary>At least one, all ethernet; the first is the primary of <see cref="BondMode.ActiveBackup"/>.</summary>
    public ImmutableArray<InterfaceDefinition> Members { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(BondDefinition? other) => other is not null && Mode == other.Mode && Mii == other.Mii && Arp == other.Arp
        && Members.IsSameAs(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, Mii, Arp, Members.Length);
}

/// <summary>The bonding driver's modes, in its own order.</summary>
public enum BondMode
{
    /// <summary>Not said.</summary>
    Unspecified,

    /// <summary><c>balance-rr</c> (0).</summary>
    BalanceRoundRobin,

    /// <summary><c>active-backup</c> (1).</summary>
    ActiveBackup,

    /// <summary><c>balance-xor</c> (2).</summary>
    BalanceXor,

    /// <summary><c>broadcast</c> (3).</summary>
    Broadcast,

    /// <summary><c>802.3ad</c> (4).</summary>
    LinkAggregation,

    /// <summary><c>balance-tlb</c> (5).</summary>
    BalanceTransmit,

    /// <summary><c>balance-alb</c> (6).</summary>
    BalanceAdaptive,
}
