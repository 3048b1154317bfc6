using System.Collections.Generic;

namespace Spindle.Fuzz.Protocol;

/// <summary>A name of an enumeration.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">Its number.</param>
/// <param name="Comment">What the comment right in front of it says; empty if there is none.</param>
internal sealed record XdrEnumerator(string Name, int Value, string Comment);

/// <summary>What some files of definitions say.</summary>
internal sealed class XdrModule
{
    /// <summary>Constants and names of enumerations.</summary>
    public Dictionary<string, long> Constants { get; } = [];

    /// <summary>Types by name.</summary>
    public Dictionary<string, XdrType> Types { get; } = [];

    /// <summary>Names of an enumeration in their order.</summary>
    public IReadOnlyList<XdrEnumerator> Enumeration(string name) => ((XdrEnumeration)Types[name]).Names;
}
