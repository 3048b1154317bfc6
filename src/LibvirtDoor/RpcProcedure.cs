using System;

namespace Spindle.LibvirtDoor;

/// <summary>Does what a call asks for: on a worker, or on the loop's thread if the procedure is inline.</summary>
/// <param name="call">The call; its arguments are there until the handler returns.</param>
public delegate void RpcHandler(RpcCall call);

/// <summary>What a number in a <see cref="RpcProgram"/> means.</summary>
public sealed class RpcProcedure
{
    /// <summary>A procedure.</summary>
    /// <param name="name">Its name, for people.</param>
    /// <param name="handler">Does it.</param>
    public RpcProcedure(string name, RpcHandler handler)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(handler);
        Name = name;
        Handler = handler;
    }

    /// <summary>Its name, for people.</summary>
    public string Name { get; }

    /// <summary>Does it.</summary>
    public RpcHandler Handler { get; }

    /// <summary>True: priority workers take it as well. For what does not block.</summary>
    public bool IsHighPriority { get; init; }

    /// <summary>True: answered on the loop's thread, without a worker. For what takes a few microseconds at most, or only
    /// begins something there (<see cref="RpcCall.Defer"/>).</summary>
    public bool IsInline { get; init; }

    /// <summary>False: also for a client that has not said yet who it is.</summary>
    public bool NeedsAuthentication { get; init; } = true;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
