using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>What happened.</summary>
public enum RouterDiscoveryInputKind
{
    /// <summary>The link is up and has a link-local address.</summary>
    Started,

    /// <summary>The link is gone or down: all that was heard is forgotten, silently.</summary>
    Stopped,

    /// <summary>A router advertisement came, from a link-local address with hop limit 255.</summary>
    AdvertisementReceived,

    /// <summary>The kernel has asked a neighbour whether it is there, or has heard of it.</summary>
    ReachabilityReported,

    /// <summary>The deadline has come.</summary>
    TimePassed,
}

/// <summary>One thing that happened.</summary>
public readonly ref struct RouterDiscoveryInput
{
    private RouterDiscoveryInput(RouterDiscoveryInputKind kind) => Kind = kind;

    /// <summary>What happened.</summary>
    public RouterDiscoveryInputKind Kind { get; }

    /// <summary>The router that sent the advertisement, or that it is about.</summary>
    public IpAddress Source { get; private init; }

    /// <summary>The advertisement.</summary>
    public RouterAdvertisementPacket Advertisement { get; private init; }

    /// <summary>Whether it answers.</summary>
    public bool IsReachable { get; private init; }

    /// <summary>The link is up and has a link-local address.</summary>
    public static RouterDiscoveryInput Started => new(RouterDiscoveryInputKind.Started);

    /// <summary>The link is gone or down.</summary>
    public static RouterDiscoveryInput Stopped => new(RouterDiscoveryInputKind.Stopped);

    /// <summary>The deadline has come.</summary>
    public static RouterDiscoveryInput TimePassed => new(RouterDiscoveryInputKind.TimePassed);

    /// <summary>A router advertisement came.</summary>
    public static RouterDiscoveryInput AdvertisementReceived(IpAddress source, RouterAdvertisementPacket packet) =>
        new(RouterDiscoveryInputKind.AdvertisementReceived) { Source = source, Advertisement = packet };

    /// <summary>A router answers, or does not. Others are passed over.</summary>
    public static RouterDiscoveryInput ReachabilityReported(IpAddress router, bool isReachable) =>
        new(RouterDiscoveryInputKind.ReachabilityReported) { Source = router, IsReachable = isReachable };
}
