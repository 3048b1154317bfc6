using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Spindle.Fuzz.Protocol;

/// <summary>Reads octets as a type says (RFC 4506), strictly: limits, zero padding, a flag of an optional value that is 0 or 1.</summary>
internal ref struct XdrDecoder
{
    private ReadOnlySpan<byte> rest;

    private XdrDecoder(ReadOnlySpan<byte> octets) => rest = octets;

    /// <summary>Reads all octets; false with what is wrong with them.</summary>
    public static bool TryDecode(XdrType type, ReadOnlySpan<byte> octets, out XdrNode node, out string wrong)
    {
        XdrDecoder decoder = new(octets);
        try
        {
            node = decoder.Read(type);
            wrong = decoder.rest.IsEmpty ? "" : $"{decoder.rest.Length} octets behind the end";
        }
        catch (FormatException exception)
        {
            node = new XdrNothing();
            wrong = $"{exception.Message}, {decoder.rest.Length} octets before the end";
        }

        return wrong.Length == 0;
    }

    private XdrNode Read(XdrType type) => type switch
    {
        XdrNamed named => Read(named.Target),
        XdrVoid => new XdrNothing(),
        XdrNumber { Size: 8 } => new XdrBits(((ulong)Word() << 32) | Word()),
        XdrNumber or XdrEnumeration => new XdrBits(Word()),
        XdrCharacter => ReadCharacter(),
        XdrOpaque opaque => new XdrOctets(ReadOctets(opaque)),
        XdrArray array => ReadArray(array),
        XdrStruct whole => ReadStruct(whole),
        XdrOptional optional => new XdrMaybe(ReadFlag() ? Read(optional.Item) : null),
        XdrUnion union => ReadUnion(union),
        _ => throw new InvalidOperationException($"{type} is no type"),
    };

    private XdrBits ReadCharacter()
    {
        uint word = Word();
        return (int)word is >= sbyte.MinValue and <= byte.MaxValue ? new XdrBits(word & 0xFF)
            : throw new FormatException($"0x{word:x} is no character");
    }

    private bool ReadFlag() => Word() switch
    {
        0 => false,
        1 => true,
        uint other => throw new FormatException($"{other} is no flag"),
    };

    private byte[] ReadOctets(XdrOpaque opaque)
    {
        uint length = opaque.IsFixed ? opaque.Maximum : Count(opaque.Maximum);
        byte[] octets = Take(length).ToArray();
        return Take((4 - (length % 4)) % 4).ContainsAnyExcept((byte)0) ? throw new FormatException("padding that is not zero") : octets;
    }

    private XdrItems ReadArray(XdrArray array)
    {
        uint count = array.IsFixed ? array.Maximum : Count(array.Maximum);
        List<XdrNode> items = [];
        for (uint i = 0; i < count; i++)
        {
            items.Add(Read(array.Item));
        }

        return new(items);
    }

    private XdrItems ReadStruct(XdrStruct whole)
    {
        List<XdrNode> fields = [];
        foreach (XdrField field in whole.Fields)
        {
            fields.Add(Read(field.Type));
        }

        return new(fields);
    }

    private XdrChoice ReadUnion(XdrUnion union)
    {
        int number = (int)Word();
        XdrField arm = union.Arms.GetValueOrDefault(number) ?? union.Default ?? throw new FormatException($"{union.Name} has no arm {number}");
        return new(number, Read(arm.Type));
    }

    private uint Count(uint maximum)
    {
        uint count = Word();
        return count <= maximum ? count : throw new FormatException($"{count} are more than {maximum}");
    }

    private uint Word() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)rest.Length)
        {
            throw new FormatException($"{length} octets are not there");
        }

        ReadOnlySpan<byte> taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }
}
