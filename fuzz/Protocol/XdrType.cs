using System.Collections.Generic;

namespace Spindle.Fuzz.Protocol;

/// <summary>What a definition of the XDR language (RFC 4506, section 6) says of some octets.</summary>
internal abstract record XdrType;

/// <summary>Nothing at all.</summary>
internal sealed record XdrVoid : XdrType;

/// <summary>A number of four octets or of eight; a sign and a point do not show in octets.</summary>
/// <param name="Size">4 or 8.</param>
internal sealed record XdrNumber(int Size) : XdrType;

/// <summary>rpcgen's <c>char</c>: a number of four octets, of which the last one counts (a sign may fill the others).</summary>
internal sealed record XdrCharacter : XdrType;

/// <summary>A named number; other numbers are let pass, as rpcgen's code does.</summary>
internal sealed record XdrEnumeration(IReadOnlyList<XdrEnumerator> Names) : XdrType;

/// <summary>Octets, padded to a multiple of four.</summary>
/// <param name="Maximum">How many, or how many at most.</param>
/// <param name="IsFixed">False: their number goes ahead of them.</param>
/// <param name="IsText">True: a C string, which ends at a zero octet.</param>
internal sealed record XdrOpaque(uint Maximum, bool IsFixed, bool IsText) : XdrType;

/// <summary>Items of one type.</summary>
/// <param name="Item">The type.</param>
/// <param name="Maximum">How many, or how many at most.</param>
/// <param name="IsFixed">False: their number goes ahead of them.</param>
internal sealed record XdrArray(XdrType Item, uint Maximum, bool IsFixed) : XdrType;

/// <summary>There, or not.</summary>
internal sealed record XdrOptional(XdrType Item) : XdrType;

/// <summary>Fields in their order.</summary>
internal sealed record XdrStruct(string Name, IReadOnlyList<XdrField> Fields) : XdrType;

/// <summary>A field of a struct, an arm of a union.</summary>
internal sealed record XdrField(string Name, XdrType Type);

/// <summary>A number that says what follows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arms">What follows by number.</param>
/// <param name="Default">What follows after any other number; null: no other may be.</param>
internal sealed record XdrUnion(string Name, IReadOnlyDictionary<int, XdrField> Arms, XdrField? Default) : XdrType;

/// <summary>A type by its name; it may be defined further down.</summary>
internal sealed record XdrNamed(string Name, XdrModule Module) : XdrType
{
    /// <summary>The type.</summary>
    public XdrType Target => Module.Types[Name];
}
