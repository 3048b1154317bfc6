namespace Spindle.Protocols.Http;

/// <summary>How an attempt to get an address ended.</summary>
public enum HttpFetchOutcome : byte
{
    /// <summary>There is a head.</summary>
    Responded,

    /// <summary>The peer took the connection and ended it without a status, or said something that is not HTTP.</summary>
    NoStatus,

    /// <summary>The head was too large or ended half way.</summary>
    BadHead,

    /// <summary>The name has no address.</summary>
    ResolveFailed,

    /// <summary>No address took the connection.</summary>
    ConnectFailed,

    /// <summary>The connection broke before there was a head.</summary>
    ConnectionLost,

    /// <summary>Time was over.</summary>
    TimedOut,
}

/// <summary>What came of an attempt to get an address.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Head">The response's head; meaningful if there is one.</param>
public readonly record struct HttpFetchResult(HttpFetchOutcome Outcome, HttpResponseHead Head = default);
