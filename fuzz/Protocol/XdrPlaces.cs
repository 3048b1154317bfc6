using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Fuzz.Protocol;

/// <summary>A place in a type whose length has a limit.</summary>
/// <param name="Path">Where: "names", "names[]", "params[].value.s".</param>
/// <param name="Maximum">The limit.</param>
/// <param name="IsList">Of items; else of octets.</param>
internal sealed record XdrPlace(string Path, uint Maximum, bool IsList);

/// <summary>Places with a limit, and values that are small but for one of them.</summary>
internal static class XdrPlaces
{
    /// <summary>All places of a type with a limit.</summary>
    public static IReadOnlyList<XdrPlace> Of(XdrType type)
    {
        List<XdrPlace> found = [];
        Build(type, "", (path, maximum, isList) =>
        {
            found.Add(new(path, maximum, isList));
            return 1;
        });
        return found.Distinct().ToArray();
    }

    /// <summary>A value with so many octets or items at a place and one at each other.</summary>
    public static XdrNode With(XdrType type, XdrPlace place, uint count) =>
        Build(type, "", (path, maximum, _) => path == place.Path ? count : Math.Min(1, maximum));

    private static XdrNode Build(XdrType type, string path, Func<string, uint, bool, uint> countOf) => type switch
    {
        XdrNamed named => Build(named.Target, path, countOf),
        XdrVoid => new XdrNothing(),
        XdrNumber or XdrEnumeration or XdrCharacter => new XdrBits(1),
        XdrOpaque opaque => BuildOctets(opaque, path, countOf),
        XdrArray array => BuildItems(array, path, countOf),
        XdrStruct whole => new XdrItems(whole.Fields.Select(field => Build(field.Type, Join(path, field.Name), countOf)).ToArray()),
        XdrOptional optional => new XdrMaybe(Build(optional.Item, path, countOf)),
        XdrUnion union => BuildChoice(union, path, countOf),
        _ => throw new InvalidOperationException($"{type} is no type"),
    };

    private static XdrOctets BuildOctets(XdrOpaque opaque, string path, Func<string, uint, bool, uint> countOf)
    {
        byte[] octets = new byte[opaque.IsFixed ? opaque.Maximum : countOf(path, opaque.Maximum, false)];
        octets.AsSpan().Fill((byte)'x');
        return new(octets);
    }

    // The items of a long array are one and the same value.
    private static XdrItems BuildItems(XdrArray array, string path, Func<string, uint, bool, uint> countOf)
    {
        uint count = array.IsFixed ? array.Maximum : countOf(path, array.Maximum, true);
        return count == 0 ? new([]) : new(Enumerable.Repeat(Build(array.Item, $"{path}[]", countOf), (int)count).ToArray());
    }

    // The last arm that has a limit, or else the first one.
    private static XdrChoice BuildChoice(XdrUnion union, string path, Func<string, uint, bool, uint> countOf)
    {
        KeyValuePair<int, XdrField>[] arms = union.Arms.OrderBy(arm => arm.Key).ToArray();
        KeyValuePair<int, XdrField> chosen = arms.LastOrDefault(arm => Of(arm.Value.Type).Count > 0, arms[0]);
        return new(chosen.Key, Build(chosen.Value.Type, Join(path, chosen.Value.Name), countOf));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
