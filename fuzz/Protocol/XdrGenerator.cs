using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Protocol;

/// <summary>Random values of a type, the edges more often than the middle.</summary>
internal sealed class XdrGenerator(Dice dice)
{
    private static readonly ulong[] Edges =
    [
        0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    private static readonly string[] Pieces =
        ["eth0", "52:54:00:00:00:04", "interface:///system", "a", "é", "名前", "🙂", "%s", "<xml/>\n", " ", "\u007F", "\uFFFD", "\uFEFF"];

    /// <summary>True: a union may have a number that it has no arm for, as <see cref="HasStrangeArm"/> then says.</summary>
    public bool MakesStrangeArms { get; init; }

    /// <summary>True: there is such a union in what was made.</summary>
    public bool HasStrangeArm { get; private set; }

    /// <summary>A value.</summary>
    public XdrNode Next(XdrType type) => type switch
    {
        XdrNamed named => Next(named.Target),
        XdrVoid => new XdrNothing(),
        XdrNumber { Size: 8 } => new XdrBits(Number()),
        XdrNumber => new XdrBits((uint)Number()),
        XdrEnumeration names => new XdrBits(dice.Once(8) ? (uint)Number() : (uint)dice.Of(names.Names).Value),
        XdrCharacter => new XdrBits((uint)dice.Below(256)),
        XdrOpaque opaque => new XdrOctets(Octets(opaque)),
        XdrArray array => new XdrItems(Items(array)),
        XdrStruct whole => new XdrItems(whole.Fields.Select(field => Next(field.Type)).ToArray()),
        XdrOptional optional => new XdrMaybe(dice.Once(3) ? null : Next(optional.Item)),
        XdrUnion union => Choice(union),
        _ => throw new InvalidOperationException($"{type} is no type"),
    };

    private ulong Number() => dice.Once(2) ? dice.Of(Edges) : dice.Once(2) ? (ulong)dice.Below(300) : dice.UInt64();

    private XdrNode[] Items(XdrArray array)
    {
        uint count = array.IsFixed ? array.Maximum : Math.Min(array.Maximum, (uint)(dice.Once(20) ? dice.Below(70) : dice.Below(5)));
        XdrNode[] items = Enumerable.Range(0, (int)count).Select(_ => Next(array.Item)).ToArray();
        if (array is { IsFixed: true, Item: XdrCharacter })
        {
            // A C string in its array: the last character of all is zero.
            items[^1] = new XdrBits(0);
        }

        return items;
    }

    private XdrChoice Choice(XdrUnion union)
    {
        if (MakesStrangeArms && union.Default is null && dice.Once(2))
        {
            int strange = dice.Once(2) ? dice.Below(2 * union.Arms.Count + 2) : (int)Number();
            HasStrangeArm |= !union.Arms.ContainsKey(strange);
            return new(strange, union.Arms.TryGetValue(strange, out XdrField? known) ? Next(known.Type) : new XdrNothing());
        }

        (int number, XdrField arm) = dice.Of(union.Arms.OrderBy(arm => arm.Key).Select(arm => (arm.Key, arm.Value)).ToArray());
        return new(number, Next(arm.Type));
    }

    private byte[] Octets(XdrOpaque opaque)
    {
        uint length = opaque.IsFixed ? opaque.Maximum : Math.Min(opaque.Maximum, (uint)(dice.Once(20) ? dice.Below(3000) : dice.Below(12)));
        List<byte> octets = [];
        bool isBinary = !opaque.IsText || dice.Once(6);
        while (octets.Count < length)
        {
            octets.AddRange(isBinary ? [(byte)dice.Below(256)] : Encoding.UTF8.GetBytes(dice.Of(Pieces)));
        }

        return opaque.IsText && !isBinary && octets.Count <= opaque.Maximum ? octets.ToArray() : octets.Take((int)length).ToArray();
    }
}
