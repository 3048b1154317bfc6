using System;
using Spindle.DBus;

namespace Spindle.Programs.Net;

/// <summary>What came back from a call: values, or an error's name.</summary>
/// <param name="Error">Empty if it succeeded.</param>
/// <param name="Values">The body.</param>
internal readonly record struct BusAnswer(string Error, BusValue[] Values)
{
    public bool IsGood => Error.Length == 0;
}

/// <summary>A call that waits for its answer.</summary>
/// <param name="Member">The method, for people.</param>
/// <param name="AskedAt">When, virtual time.</param>
/// <param name="Done">Who wants to know.</param>
internal sealed record AskedCall(string Member, Basics.Instant AskedAt, Action<BusAnswer> Done);
