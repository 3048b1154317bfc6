using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dns;

/// <summary>What happened to a query.</summary>
public enum DnsQueryInputKind : byte
{
    /// <summary>Time went on, perhaps to the deadline.</summary>
    TimePassed,

    /// <summary>It begins.</summary>
    Started,

    /// <summary>An attempt's socket is there, with a new random port (and connected, if TCP).</summary>
    SocketOpened,

    /// <summary>An attempt's socket could not be made, or its peer is not there.</summary>
    SocketFailed,

    /// <summary>A message came in on an attempt's socket.</summary>
    ResponseReceived,

    /// <summary>Nobody wants the result any more.</summary>
    Cancelled,
}

/// <summary>One thing that happened to a query.</summary>
public readonly ref struct DnsQueryInput
{
    private DnsQueryInput(DnsQueryInputKind kind, int attempt = 0)
    {
        Kind = kind;
        Attempt = attempt;
    }

    /// <summary>What happened.</summary>
    public DnsQueryInputKind Kind { get; }

    /// <summary>To which attempt.</summary>
    public int Attempt { get; }

    /// <summary>16 unpredictable bits, for the query's id.</summary>
    public ushort RandomId { get; private init; }

    /// <summary>Who sent the message.</summary>
    public DnsServer Source { get; private init; }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Message { get; private init; }

    /// <summary>Time went on.</summary>
    public static DnsQueryInput TimePassed => default;

    /// <summary>It begins.</summary>
    public static DnsQueryInput Started => new(DnsQueryInputKind.Started);

    /// <summary>Nobody wants the result any more.</summary>
    public static DnsQueryInput Cancelled => new(DnsQueryInputKind.Cancelled);

    /// <summary>An attempt's socket is there.</summary>
    public static DnsQueryInput SocketOpened(int attempt, ushort randomId) =>
        new(DnsQueryInputKind.SocketOpened, attempt) { RandomId = randomId };

    /// <summary>An attempt's socket failed.</summary>
    public static DnsQueryInput SocketFailed(int attempt) => new(DnsQueryInputKind.SocketFailed, attempt);

    /// <summary>A message came in.</summary>
    public static DnsQueryInput ResponseReceived(int attempt, DnsServer source, ReadOnlySpan<byte> message) =>
        new(DnsQueryInputKind.ResponseReceived, attempt) { Source = source, Message = message };
}
