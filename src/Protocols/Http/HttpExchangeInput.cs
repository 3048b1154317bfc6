using System;

namespace Spindle.Protocols.Http;

/// <summary>What happened to an exchange.</summary>
public enum HttpExchangeInputKind : byte
{
    /// <summary>Time went on, perhaps to the deadline.</summary>
    TimePassed,

    /// <summary>It begins.</summary>
    Started,

    /// <summary>The connection is there.</summary>
    Connected,

    /// <summary>The connection was refused, or the socket could not be made.</summary>
    ConnectFailed,

    /// <summary>Octets came in.</summary>
    Received,

    /// <summary>The peer sends no more.</summary>
    PeerClosed,

    /// <summary>The connection broke.</summary>
    ConnectionLost,

    /// <summary>Nobody wants the result any more.</summary>
    Cancelled,
}

/// <summary>One thing that happened to an exchange.</summary>
public readonly ref struct HttpExchangeInput
{
    private HttpExchangeInput(HttpExchangeInputKind kind, ReadOnlySpan<byte> octets = default)
    {
        Kind = kind;
        Octets = octets;
    }

    /// <summary>What happened.</summary>
    public HttpExchangeInputKind Kind { get; }

    /// <summary>The octets that came in.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Time went on.</summary>
    public static HttpExchangeInput TimePassed => default;

    /// <summary>It begins.</summary>
    public static HttpExchangeInput Started => new(HttpExchangeInputKind.Started);

    /// <summary>The connection is there.</summary>
    public static HttpExchangeInput Connected => new(HttpExchangeInputKind.Connected);

    /// <summary>The connection was refused.</summary>
    public static HttpExchangeInput ConnectFailed => new(HttpExchangeInputKind.ConnectFailed);

    /// <summary>The peer sends no more.</summary>
    public static HttpExchangeInput PeerClosed => new(HttpExchangeInputKind.PeerClosed);

    /// <summary>The connection broke.</summary>
    public static HttpExchangeInput ConnectionLost => new(HttpExchangeInputKind.ConnectionLost);

    /// <summary>Nobody wants the result any more.</summary>
    public static HttpExchangeInput Cancelled => new(HttpExchangeInputKind.Cancelled);

    /// <summary>Octets came in.</summary>
    public static HttpExchangeInput Received(ReadOnlySpan<byte> octets) => new(HttpExchangeInputKind.Received, octets);
}
