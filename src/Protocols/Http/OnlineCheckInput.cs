using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>What happened to an online check.</summary>
public enum OnlineCheckInputKind : byte
{
    /// <summary>Time went on, perhaps to the deadline.</summary>
    TimePassed,

    /// <summary>The service has an address of the family.</summary>
    Started,

    /// <summary>The service has none any more, or is not to be checked.</summary>
    Stopped,

    /// <summary>A reason to look at once: the browser was closed, or the name servers changed.</summary>
    RecheckRequested,

    /// <summary>The host's addresses are known.</summary>
    Resolved,

    /// <summary>The host has no address.</summary>
    ResolveFailed,

    /// <summary>The fetch ended.</summary>
    Fetched,
}

/// <summary>One thing that happened to an online check.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Addresses">The host's addresses, if resolved.</param>
/// <param name="Result">What came of the fetch, if fetched.</param>
public readonly record struct OnlineCheckInput(
    OnlineCheckInputKind Kind, IReadOnlyList<IpAddress>? Addresses = null, HttpFetchResult Result = default)
{
    /// <summary>Time went on.</summary>
    public static OnlineCheckInput TimePassed => default;

    /// <summary>The service has an address of the family.</summary>
    public static OnlineCheckInput Started => new(OnlineCheckInputKind.Started);

    /// <summary>The service has none any more.</summary>
    public static OnlineCheckInput Stopped => new(OnlineCheckInputKind.Stopped);

    /// <summary>A reason to look at once.</summary>
    public static OnlineCheckInput RecheckRequested => new(OnlineCheckInputKind.RecheckRequested);

    /// <summary>The host has no address.</summary>
    public static OnlineCheckInput ResolveFailed => new(OnlineCheckInputKind.ResolveFailed);

    /// <summary>The host's addresses are known.</summary>
    public static OnlineCheckInput Resolved(IReadOnlyList<IpAddress> addresses) =>
        new(OnlineCheckInputKind.Resolved, addresses);

    /// <summary>The fetch ended.</summary>
    public static OnlineCheckInput Fetched(HttpFetchResult result) =>
        new(OnlineCheckInputKind.Fetched, Result: result);
}
