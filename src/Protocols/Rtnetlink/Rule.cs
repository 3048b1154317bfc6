using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>A rule that chooses a routing table, as the kernel describes it in RTM_NEWRULE.</summary>
public readonly record struct Rule
{
    /// <summary>No limit on the prefix length of what a table may answer.</summary>
    public const uint NoSuppression = uint.MaxValue;

    /// <summary>An IPv4 rule that looks into the main table.</summary>
    public Rule()
    {
    }

    /// <summary>Which version of IP.</summary>
    public IpFamily Family { get; init; }

    /// <summary>Where in the order it comes: 0 first, 32766 the main table's.</summary>
    public uint Priority { get; init; }

    /// <summary>Sources that it is for; length 0 for all.</summary>
    public IpPrefix Source { get; init; }

    /// <summary>Destinations that it is for; length 0 for all.</summary>
    public IpPrefix Destination { get; init; }

    /// <summary>The link that packets come from, or empty; <c>lo</c> for our own.</summary>
    public string InputInterface { get => field ?? ""; init; } = "";

    /// <summary>The link that a socket is bound to, or empty.</summary>
    public string OutputInterface { get => field ?? ""; init; } = "";

    /// <summary>What it does.</summary>
    public RuleAction Action { get; init; } = RuleAction.ToTable;

    /// <summary>The table that it looks into.</summary>
    public uint Table { get; init; } = RouteTables.Main;

    /// <summary>The packet mark that it is for.</summary>
    public uint Mark { get; init; }

    /// <summary>Bits of the mark that count; 0 for no mark at all.</summary>
    public uint MarkMask { get; init; }

    /// <summary>Routes of the table with a prefix not longer than this are passed over, or <see cref="NoSuppression"/>.</summary>
    public uint SuppressPrefixLength { get; init; } = NoSuppression;

    /// <summary>Who made it; see <see cref="RouteProtocols"/>.</summary>
    public byte Protocol { get; init; }

    /// <summary>True if it is for what it does not describe.</summary>
    public bool IsInverted { get; init; }

    /// <summary>A hash of all else that tells it from others, or 0.</summary>
    public uint Fingerprint { get; init; }
}
