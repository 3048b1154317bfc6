using System;
using System.Buffers.Binary;

namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Reads XDR (RFC 4506) from front to back as libvirt's peers write it; every read says whether there was enough, none throws.</summary>
/// <remarks>
/// What libvirt accepts is accepted: padding that is not zero, a flag of an optional value that is neither 0 nor 1, and octets that
/// nobody reads. A failed read leaves the reader where it was, or in front of the field that did not fit: nothing is to be read after it.
/// </remarks>
public ref struct XdrReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>Octets not yet read.</summary>
    public readonly int Remaining => rest.Length;

    /// <summary>What is not yet read.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    /// <summary>Reads 32 bits with a sign (<c>int</c>, <c>enum</c>).</summary>
    public bool TryReadInt32(out int value)
    {
        bool ok = TryReadUInt32(out uint bits);
        value = (int)bits;
        return ok;
    }

    /// <summary>Reads 32 bits (<c>unsigned int</c>).</summary>
    public bool TryReadUInt32(out uint value)
    {
        if (rest.Length < sizeof(uint))
        {
            value = 0;
            return false;
        }

        value = BinaryPrimitives.ReadUInt32BigEndian(rest);
        rest = rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Reads 64 bits with a sign (<c>hyper</c>).</summary>
    public bool TryReadInt64(out long value)
    {
        bool ok = TryReadUInt64(out ulong bits);
        value = (long)bits;
        return ok;
    }

    /// <summary>Reads 64 bits (<c>unsigned hyper</c>).</summary>
    public bool TryReadUInt64(out ulong value)
    {
        if (rest.Length < sizeof(ulong))
        {
            value = 0;
            return false;
        }

        value = BinaryPrimitives.ReadUInt64BigEndian(rest);
        rest = rest[sizeof(ulong)..];
        return true;
    }

    /// <summary>Reads an IEEE 754 number of 64 bits (<c>double</c>).</summary>
    public bool TryReadDouble(out double value)
    {
        bool ok = TryReadInt64(out long bits);
        value = BitConverter.Int64BitsToDouble(bits);
        return ok;
    }

    /// <summary>Reads a truth that travels as a 32-bit number; any number but 0 is true.</summary>
    public bool TryReadBoolean(out bool value)
    {
        bool ok = TryReadUInt32(out uint bits);
        value = bits != 0;
        return ok;
    }

    /// <summary>Reads the flag in front of an optional value (<c>T*</c>); any number but 0 means that the value follows.</summary>
    public bool TryReadOptional(out bool isPresent) => TryReadBoolean(out isPresent);

    /// <summary>Reads the number of items of a list (<c>T&lt;&gt;</c>).</summary>
    /// <param name="maximum">Most items that the list may have.</param>
    /// <param name="itemSizeMin">Octets that the smallest item takes: a count that what is left cannot hold is refused before anything is allocated for it.</param>
    /// <param name="count">Number of items.</param>
    public bool TryReadCount(int maximum, int itemSizeMin, out int count)
    {
        count = 0;
        if (!TryReadUInt32(out uint announced) || announced > (uint)maximum || (ulong)announced * (uint)itemSizeMin > (uint)rest.Length)
        {
            return false;
        }

        count = (int)announced;
        return true;
    }

    /// <summary>Reads octets with a length in front and padding behind (<c>opaque&lt;&gt;</c>, and what a string is made of).</summary>
    public bool TryReadOpaque(int maximum, out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadUInt32(out uint length) && length <= (uint)maximum && TryReadFixedOpaque((int)length, out value);
    }

    /// <summary>Reads a known number of octets and their padding (<c>opaque[n]</c>).</summary>
    public bool TryReadFixedOpaque(int length, out ReadOnlySpan<byte> value)
    {
        uint padded = Xdr.Padded((uint)length);
        if (padded > (uint)rest.Length)
        {
            value = default;
            return false;
        }

        value = rest[..length];
        rest = rest[(int)padded..];
        return true;
    }

    /// <summary>Reads the octets of a string, up to a NUL if there is one: to look something up without making a <see cref="string"/>.</summary>
    public bool TryReadStringOctets(int maximum, out ReadOnlySpan<byte> value)
    {
        if (!TryReadOpaque(maximum, out value))
        {
            return false;
        }

        int end = value.IndexOf((byte)0);
        value = end < 0 ? value : value[..end];
        return true;
    }

    /// <summary>Reads a string of at most <paramref name="maximum"/> octets, up to a NUL if there is one (<see cref="XdrText"/>).</summary>
    public bool TryReadString(int maximum, out string value)
    {
        bool ok = TryReadStringOctets(maximum, out ReadOnlySpan<byte> octets);
        value = ok ? XdrText.Decode(octets) : "";
        return ok;
    }

    /// <summary>Reads a string of at most <see cref="RpcFrame.StringMaximum"/> octets.</summary>
    public bool TryReadString(out string value) => TryReadString(RpcFrame.StringMaximum, out value);

    /// <summary>Reads a string that may be missing (<c>string*</c>).</summary>
    public bool TryReadOptionalString(int maximum, out string? value)
    {
        value = null;
        if (!TryReadOptional(out bool isPresent))
        {
            return false;
        }

        if (!isPresent)
        {
            return true;
        }

        bool ok = TryReadString(maximum, out string text);
        value = ok ? text : null;
        return ok;
    }

    /// <summary>Reads a string that may be missing, of at most <see cref="RpcFrame.StringMaximum"/> octets.</summary>
    public bool TryReadOptionalString(out string? value) => TryReadOptionalString(RpcFrame.StringMaximum, out value);

    /// <summary>Reads <c>char x[n]</c>: XDR sends a character as a number of four octets, of which the last one counts.</summary>
    public bool TryReadCharacters(scoped Span<byte> destination)
    {
        if (rest.Length / sizeof(uint) < destination.Length)
        {
            return false;
        }

        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = rest[(i * sizeof(uint)) + 3];
        }

        rest = rest[(destination.Length * sizeof(uint))..];
        return true;
    }
}
