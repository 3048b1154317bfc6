using Spindle.Basics;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What is asked of an address.</summary>
internal sealed record AddressRequest(int Link, IpAddress Local, byte Length)
{
    public int Flags { get; init; }

    public RouteScope Scope { get; init; }

    public IpAddress? Peer { get; init; }

    public IpAddress? Broadcast { get; init; }

    public string? Label { get; init; }

    public (uint Preferred, uint Valid)? Lifetimes { get; init; }

    public AddressFlags Wishes { get; init; }

    public byte Protocol { get; init; }

    public uint Metric { get; init; }
}

/// <summary>What is asked of a route.</summary>
internal sealed record RouteRequest(IpPrefix Destination)
{
    public int Flags { get; init; }

    public uint Table { get; init; }

    public byte Type { get; init; }

    public RouteScope Scope { get; init; }

    public byte Protocol { get; init; }

    public int? Output { get; init; }

    public IpAddress? Gateway { get; init; }

    public uint? Metric { get; init; }

    public IpAddress? Source { get; init; }

    public bool IsOnLink { get; init; }

    public uint? Mtu { get; init; }

    public byte TypeOfService { get; init; }
}

/// <summary>What is asked of a rule.</summary>
internal sealed record RuleRequest(bool IsV6)
{
    public int Flags { get; init; }

    public uint Table { get; init; }

    public byte Action { get; init; }

    public uint? Priority { get; init; }

    public IpPrefix? Source { get; init; }

    public IpPrefix? Destination { get; init; }

    public uint? Mark { get; init; }

    public uint? Mask { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public byte? Protocol { get; init; }

    public uint? Suppress { get; init; }

    public bool IsInverted { get; init; }
}
