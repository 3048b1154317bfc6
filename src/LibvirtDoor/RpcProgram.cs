using System.Diagnostics.CodeAnalysis;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>A set of procedures under one number.</summary>
/// <param name="number">Its number (<see cref="RpcPrograms"/>).</param>
/// <param name="version">Its version.</param>
public abstract class RpcProgram(uint number, uint version = RpcPrograms.Version)
{
    /// <summary>Its number.</summary>
    public uint Number { get; } = number;

    /// <summary>Its version: a call for another one finds no program.</summary>
    public uint Version { get; } = version;

    /// <summary>What a procedure's number means; false if it means nothing here. On the loop's thread, for every call.</summary>
    public abstract bool TryFind(int procedure, [NotNullWhen(true)] out RpcProcedure? found);
}
