using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>A call that we make.</summary>
/// <param name="Destination">Whom: a unique or a well-known name.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The method.</param>
public sealed record BusRequest(string Destination, string Path, string Interface, string Member)
{
    /// <summary>Types of the arguments.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Writes the arguments.</summary>
    public Action<BusWriter>? Arguments { get; init; }

    /// <summary>The bus may start the one that owns <see cref="Destination"/>, if nobody does.</summary>
    public bool StartsService { get; init; }

    /// <summary>How long to wait for the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The most values taken from the answer; a longer one becomes an error.</summary>
    public int AnswerCountMax { get; init; } = ObjectTable.ArgumentCountMax;
}

/// <summary>An answer to a call of ours.</summary>
/// <param name="ErrorName">The error's name; null = it went well.</param>
/// <param name="Values">What was answered; with an error, usually a text.</param>
public sealed record BusReply(string? ErrorName, IReadOnlyList<BusValue> Values)
{
    /// <summary>True if it is an error.</summary>
    public bool IsError => ErrorName is not null;

    /// <summary>The error's text, for people; empty if there is none.</summary>
    public string ErrorMessage { get; init; } = "";

    internal static BusReply Failed(string name, string message) => new(name, []) { ErrorMessage = message };
}

/// <summary>Takes the answer to a call of ours, or why there is none. Called once, in a later turn of the loop.</summary>
public delegate void BusReplyHandler(BusReply reply);
