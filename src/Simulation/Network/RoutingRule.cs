using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>What a rule does (<c>FR_ACT_*</c>).</summary>
internal enum RuleAction : byte
{
    Unspecified = 0,
    ToTable = 1,
    Goto = 2,
    Nothing = 3,
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
}

/// <summary>A rule: which packets look into which table.</summary>
internal sealed record RoutingRule(IpFamily Family, uint Priority)
{
    public const uint SuppressNothing = uint.MaxValue;

    public RuleAction Action { get; init; } = RuleAction.ToTable;

    public uint Table { get; init; }

    public IpPrefix? Source { get; init; }

    public IpPrefix? Destination { get; init; }

    public string InputLink { get; init; } = "";

    public string OutputLink { get; init; } = "";

    public uint Mark { get; init; }

    public uint MarkMask { get; init; }

    public byte TypeOfService { get; init; }

    /// <summary>Routes with no longer prefix than this do not count.</summary>
    public uint SuppressPrefixLength { get; init; } = SuppressNothing;

    public bool IsInverted { get; init; }

    /// <summary>Who has set it.</summary>
    public byte Protocol { get; init; }

    /// <summary>Whether it is for this packet.</summary>
    public bool Takes(in RouteQuery query)
    {
        bool fits = (Source is not { } source || source.Network.Contains(query.Source ?? Any)) && (Destination is not { } destination
            || destination.Network.Contains(query.Destination))
            && (InputLink.Length == 0 || InputLink == (query.InputLink?.Name ?? "lo"))
            && (OutputLink.Length == 0 || OutputLink == query.OutputLink?.Name)
            && ((Mark ^ query.Mark) & MarkMask) == 0;
        return fits != IsInverted;
    }

    public bool Suppresses(Route route) => SuppressPrefixLength != SuppressNothing && route.Destination.Length <= SuppressPrefixLength;

    private IpAddress Any => Family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
}
