using System;
using System.Buffers.Binary;

namespace Spindle.Basics;

/// <summary>Reads octets from front to back; every read says whether there was enough, none throws.</summary>
public ref struct OctetReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>Octets not yet read.</summary>
    public readonly int Remaining => rest.Length;

    /// <summary>What is not yet read.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Takes <paramref name="count"/> octets.</summary>
    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if ((uint)count > (uint)rest.Length)
        {
            taken = default;
            return false;
        }

        taken = rest[..count];
        rest = rest[count..];
        return true;
    }

    /// <summary>Reads one octet.</summary>
    public bool TryReadByte(out byte value)
    {
        bool ok = TryTake(1, out ReadOnlySpan<byte> taken);
        value = ok ? taken[0] : (byte)0;
        return ok;
    }

    /// <summary>Reads 16 bits in network order.</summary>
    public bool TryReadUInt16(out ushort value)
    {
        bool ok = TryTake(2, out ReadOnlySpan<byte> taken);
        value = ok ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;
        return ok;
    }

    /// <summary>Reads 32 bits in network order.</summary>
    public bool TryReadUInt32(out uint value)
    {
        bool ok = TryTake(4, out ReadOnlySpan<byte> taken);
        value = ok ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;
        return ok;
    }
}
