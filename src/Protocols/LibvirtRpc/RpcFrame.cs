using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>How messages follow one another on a stream: a length that counts itself, a header, a payload.</summary>
public static class RpcFrame
{
    /// <summary>Octets of the length.</summary>
    public const int LengthSize = 4;

    /// <summary>Octets of the header.</summary>
    public const int HeaderSize = 24;

    /// <summary>Shortest message: a length and a header.</summary>
    public const int MinimumLength = LengthSize + HeaderSize;

    /// <summary>Longest message with its length; a peer that announces more is not listened to any longer.</summary>
    public const int MaximumLength = (32 * 1024 * 1024) + LengthSize;

    /// <summary>Longest string, in octets.</summary>
    public const int StringMaximum = 4 * 1024 * 1024;

    /// <summary>Most items of a list of interfaces, node devices or names.</summary>
    public const int ListMaximum = 16_384;

    /// <summary>Most file descriptors that one message may bring.</summary>
    public const int DescriptorsMaximum = 32;

    /// <summary>Reads the length of the next message; false when no message can have it, which ends the connection.</summary>
    /// <param name="octets">At least <see cref="LengthSize"/> octets.</param>
    /// <param name="length">Octets of the whole message, this length included: 28 to 33,554,436.</param>
    public static bool TryReadLength(ReadOnlySpan<byte> octets, out int length)
    {
        uint announced = BinaryPrimitives.ReadUInt32BigEndian(octets);
        bool ok = announced is >= MinimumLength and <= MaximumLength;
        length = ok ? (int)announced : 0;
        return ok;
    }

    /// <summary>Starts a message behind what the writer holds; its length is filled in by <see cref="End"/>.</summary>
    /// <returns>Where the message starts in the writer.</returns>
    public static int Begin(XdrWriter writer, in RpcHeader header)
    {
        int start = writer.Length;
        Span<byte> front = writer.Reserve(MinimumLength);
        front[..LengthSize].Clear();
        header.Write(front[LengthSize..]);
        return start;
    }

    /// <summary>Ends the message that starts there; false when it has become too long to be sent (<see cref="XdrWriter.IsOverflown"/>).</summary>
    public static bool End(XdrWriter writer, int start)
    {
        if (writer.IsOverflown)
        {
            return false;
        }

        writer.PatchUInt32(start, (uint)(writer.Length - start));
        return true;
    }

    /// <summary>Writes the whole answer that says why a call failed.</summary>
    /// <param name="writer">Gets the message behind what it holds.</param>
    /// <param name="call">Header of the call.</param>
    /// <param name="error">What is wrong.</param>
    public static void WriteError(XdrWriter writer, in RpcHeader call, RpcError error)
    {
        int start = Begin(writer, call.Reply(RpcStatus.Error));
        error.Write(writer);
        End(writer, start);
    }
}
