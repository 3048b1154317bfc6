using System.Collections.Generic;

namespace Spindle.Fuzz.Protocol;

/// <summary>A value of an <see cref="XdrType"/>.</summary>
internal abstract record XdrNode;

/// <summary>Nothing at all.</summary>
internal sealed record XdrNothing : XdrNode;

/// <summary>A number, a character or a name of an enumeration: its bits.</summary>
internal sealed record XdrBits(ulong Value) : XdrNode;

/// <summary>Octets or a string.</summary>
internal sealed record XdrOctets(byte[] Value) : XdrNode;

/// <summary>Items of an array, or fields of a struct.</summary>
internal sealed record XdrItems(IReadOnlyList<XdrNode> Items) : XdrNode;

/// <summary>There (not null), or not.</summary>
internal sealed record XdrMaybe(XdrNode? Value) : XdrNode;

/// <summary>A union's number and what it goes with.</summary>
internal sealed record XdrChoice(int Number, XdrNode Value) : XdrNode;
