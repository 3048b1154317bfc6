using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>What every message starts with, after its length.</summary>
/// <param name="Program">Which set of procedures (<see cref="RpcPrograms"/>).</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Procedure">Number of the procedure or of the event.</param>
/// <param name="Type">What the message is; may be a number that has no name.</param>
/// <param name="Serial">Chosen by who calls, repeated by who answers.</param>
/// <param name="Status">How it went; may be a number that has no name.</param>
public readonly record struct RpcHeader(
    uint Program, uint Version, int Procedure, RpcMessageType Type, uint Serial, RpcStatus Status)
{
    /// <summary>Octets on the wire.</summary>
    public const int Size = RpcFrame.HeaderSize;

    /// <summary>Header of a call.</summary>
    public static RpcHeader Call(uint program, int procedure, uint serial)
    {
        return new(program, RpcPrograms.Version, procedure, RpcMessageType.Call, serial, RpcStatus.Ok);
    }

    /// <summary>Header of an event; libvirtd gives all of them the serial 1.</summary>
    public static RpcHeader Event(uint program, int procedure)
    {
        return new(program, RpcPrograms.Version, procedure, RpcMessageType.Message, 1, RpcStatus.Ok);
    }

    /// <summary>Reads the first 24 of these octets; fails only if there are fewer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RpcHeader header)
    {
        if (octets.Length < Size)
        {
            header = default;
            return false;
        }

        header = new(
            BinaryPrimitives.ReadUInt32BigEndian(octets),
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            BinaryPrimitives.ReadInt32BigEndian(octets[8..]),
            (RpcMessageType)BinaryPrimitives.ReadInt32BigEndian(octets[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[16..]),
            (RpcStatus)BinaryPrimitives.ReadInt32BigEndian(octets[20..]));
        return true;
    }

    /// <summary>Header of the answer: everything is repeated but type and status.</summary>
    public RpcHeader Reply(RpcStatus status) => this with { Type = RpcMessageType.Reply, Status = status };

    /// <summary>Writes 24 octets.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Program);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], Version);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], Procedure);
        BinaryPrimitives.WriteInt32BigEndian(destination[12..], (int)Type);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Serial);
        BinaryPrimitives.WriteInt32BigEndian(destination[20..], (int)Status);
    }
}
