using System;
using System.Collections.Generic;

namespace Spindle.DBus;

/// <summary>Which signals somebody wants. What is null does not matter.</summary>
public sealed record BusMatch
{
    /// <summary>Who sends them: a unique name, or a well-known one (the bus sees to it).</summary>
    public string? Sender { get; init; }

    /// <summary>From which object.</summary>
    public string? Path { get; init; }

    /// <summary>Of which interface.</summary>
    public string? Interface { get; init; }

    /// <summary>Which signal.</summary>
    public string? Member { get; init; }

    /// <summary>The first argument, a string.</summary>
    public string? Argument0 { get; init; }

    /// <summary>As the bus wants it (D-Bus specification, section "Match Rules").</summary>
    public string ToRule() => "type='signal'" + Part("sender", Sender) + Part("path", Path) + Part("interface", Interface)
        + Part("member", Member) + Part("arg0", Argument0);

    internal bool Fits(BusReceivedSignal signal) =>
        (Sender is null || Sender == signal.Sender || !(BusNames.IsUnique(Sender) || Sender == BusConnection.BusName))
        && (Path is null || Path == signal.Path)
        && (Interface is null || Interface == signal.Interface)
        && (Member is null || Member == signal.Member)
        && (Argument0 is null || (signal.Values.Count > 0 && signal.Values[0].TryGetString(out string? first) && first == Argument0));

    // An apostrophe ends the quotation, stands escaped, and begins it again.
    private static string Part(string key, string? value) => value is null
        ? ""
        : $",{key}='{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

/// <summary>A signal that came.</summary>
/// <param name="Sender">The sender's unique name.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The signal.</param>
/// <param name="Values">What it carries.</param>
public sealed record BusReceivedSignal(
    string Sender, string Path, string Interface, string Member, IReadOnlyList<BusValue> Values);
