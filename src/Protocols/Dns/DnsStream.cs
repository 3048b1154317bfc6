using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.Dns;

/// <summary>Messages over TCP: two octets of length before each (RFC 1035, section 4.2.2).</summary>
public static class DnsStream
{
    /// <summary>Octets of the length.</summary>
    public const int PrefixSize = 2;

    /// <summary>Writes the length of a message that follows.</summary>
    public static void WritePrefix(Span<byte> destination, int messageLength) =>
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)messageLength));

    /// <summary>How many octets the first message in a stream needs, prefix included; 2 while that is not known.</summary>
    public static int SizeNeeded(ReadOnlySpan<byte> received) => received.Length < PrefixSize
        ? PrefixSize
        : PrefixSize + BinaryPrimitives.ReadUInt16BigEndian(received);

    /// <summary>The first message of a stream, if all of it has come.</summary>
    public static bool TryTake(ReadOnlySpan<byte> received, out ReadOnlySpan<byte> message)
    {
        int size = SizeNeeded(received);
        bool isComplete = received.Length >= PrefixSize && received.Length >= size;
        message = isComplete ? received[PrefixSize..size] : default;
        return isComplete;
    }
}
