namespace Spindle.Simulation.Actors.Web;

/// <summary>What a web server does about a request.</summary>
internal enum WebMood
{
    /// <summary>200 with <c>X-ConnMan-Status</c>: the status page itself.</summary>
    Online,

    /// <summary>The same, its head in pieces of a few octets.</summary>
    OnlineInPieces,

    /// <summary>The same, with a chunked body.</summary>
    OnlineChunked,

    /// <summary>The same, and the connection stays open.</summary>
    OnlineKeptOpen,

    /// <summary>The same behind a 100 (Continue).</summary>
    OnlineAfterContinue,

    // A portal, or somebody who looks like one.
    PortalPage,
    Redirect,
    RedirectNowhere,
    LoginRequired,

    // Answers that are no status page.
    NoContent,
    NotFound,
    ServerError,

    // Trouble with the connection.
    RefusesConnection,
    IgnoresConnection,
    HangsAfterConnection,
    ClosesAtOnce,
    ResetsAtOnce,
    ClosesInHead,
    ResetsInHead,

    // Trouble with what is said.
    Garbage,
    DripsGarbage,
    DripsHead,
    EndlessHead,
    EndlessBody,
    NoStatusLine,
    TwoLengths,
}
