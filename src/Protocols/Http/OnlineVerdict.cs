namespace Spindle.Protocols.Http;

/// <summary>What a reply to the online check means.</summary>
public enum OnlineVerdictKind : byte
{
    /// <summary>The status page itself answered.</summary>
    Online,

    /// <summary>Somebody else answered in its place: a user has to log in somewhere.</summary>
    Portal,

    /// <summary>Nothing that says either; it is tried again.</summary>
    Failure,
}

/// <summary>A verdict on one fetch of the status page.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="PortalUrl">For a portal: what to show in a browser; else empty.</param>
public readonly record struct OnlineVerdict(OnlineVerdictKind Kind, string PortalUrl)
{
    /// <summary>Judges a fetch; every outcome and every status code has a verdict.</summary>
    /// <param name="uri">The status page.</param>
    /// <param name="result">What came of getting it.</param>
    public static OnlineVerdict Of(HttpUri uri, in HttpFetchResult result) => result.Outcome switch
    {
        HttpFetchOutcome.Responded => OfHead(uri, result.Head),
        HttpFetchOutcome.NoStatus => Portal(uri),
        HttpFetchOutcome.BadHead or HttpFetchOutcome.ResolveFailed or HttpFetchOutcome.ConnectFailed
            or HttpFetchOutcome.ConnectionLost or HttpFetchOutcome.TimedOut => Failure,
    };

    private static OnlineVerdict Failure => new(OnlineVerdictKind.Failure, "");

    private static OnlineVerdict OfHead(HttpUri uri, in HttpResponseHead head) => head.StatusCode switch
    {
        200 when head.HasConnManStatus => new(OnlineVerdictKind.Online, ""),
        200 or 505 => Portal(uri),

        // ConnMan has no rule for 511; RFC 6585, section 6, made it for captive portals and nothing else.
        511 => Portal(uri),

        // Where the Location cannot be shown, the page itself leads there once more.
        >= 300 and <= 309 => head.Location is { } location && uri.TryResolve(location, out HttpUri? target)
            ? Portal(target)
            : Portal(uri),
        _ => Failure,
    };

    private static OnlineVerdict Portal(HttpUri uri) => new(OnlineVerdictKind.Portal, uri.ToString());
}
