using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Protocol;

/// <summary>Octets of a value (RFC 4506). Limits are not minded, so that what breaks them can be made.</summary>
/// <param name="sloppy">
/// Null: in the one form that is canonical. Else also in forms that rpcgen's code reads: padding that is not zero, a
/// flag of an optional value other than 1, a sign in front of a character.
/// </param>
internal sealed class XdrEncoder(Dice? sloppy = null)
{
    private readonly MemoryStream written = new();

    /// <summary>Octets of a value.</summary>
    public static byte[] Encode(XdrType type, XdrNode node, Dice? sloppy = null)
    {
        XdrEncoder encoder = new(sloppy);
        encoder.Write(type, node);
        return encoder.written.ToArray();
    }

    private void Write(XdrType type, XdrNode node)
    {
        switch (type, node)
        {
            case (XdrNamed named, _):
                Write(named.Target, node);
                break;
            case (XdrVoid, XdrNothing):
                break;
            case (XdrNumber { Size: 8 }, XdrBits number):
                Word((uint)(number.Value >> 32));
                Word((uint)number.Value);
                break;
            case (XdrNumber or XdrEnumeration, XdrBits number):
                Word((uint)number.Value);
                break;
            case (XdrCharacter, XdrBits character):
                bool isSigned = IsSloppy && (character.Value & 0x80) != 0;
                Word((uint)(character.Value & 0xFF) | (isSigned ? 0xFFFF_FF00 : 0));
                break;
            case (XdrOpaque opaque, XdrOctets octets):
                WriteOctets(opaque.IsFixed, octets.Value);
                break;
            default:
                WriteParts(type, node);
                break;
        }
    }

    private void WriteParts(XdrType type, XdrNode node)
    {
        switch (type, node)
        {
            case (XdrArray array, XdrItems items):
                if (!array.IsFixed)
                {
                    Word((uint)items.Items.Count);
                }

                foreach (XdrNode item in items.Items)
                {
                    Write(array.Item, item);
                }

                break;
            case (XdrStruct whole, XdrItems fields):
                for (int i = 0; i < whole.Fields.Count; i++)
                {
                    Write(whole.Fields[i].Type, fields.Items[i]);
                }

                break;
            case (XdrOptional optional, XdrMaybe maybe):
                Word(maybe.Value is null ? 0 : IsSloppy ? sloppy!.UInt32() | 1 : 1);
                if (maybe.Value is not null)
                {
                    Write(optional.Item, maybe.Value);
                }

                break;
            case (XdrUnion union, XdrChoice choice):
                Word((uint)choice.Number);
                Write(union.Arms.GetValueOrDefault(choice.Number)?.Type ?? union.Default?.Type ?? new XdrVoid(), choice.Value);
                break;
            default:
                throw new InvalidOperationException($"{node} is no {type}");
        }
    }

    private bool IsSloppy => sloppy is not null && sloppy.Once(2);

    private void WriteOctets(bool isFixed, byte[] octets)
    {
        if (!isFixed)
        {
            Word((uint)octets.Length);
        }

        written.Write(octets);
        for (int i = octets.Length; i % 4 != 0; i++)
        {
            written.WriteByte(IsSloppy ? (byte)sloppy!.Below(256) : (byte)0);
        }
    }

    private void Word(uint value)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(word, value);
        written.Write(word);
    }
}
