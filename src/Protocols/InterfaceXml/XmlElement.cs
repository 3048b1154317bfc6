using System.Collections.Generic;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>An element of a document that is well-formed. Comments, processing instructions and blank text are gone.</summary>
internal sealed class XmlElement(string name, int offset, bool isInDefaultNamespace)
{
    /// <summary>As written, with a prefix if it has one.</summary>
    public string Name { get; } = name;

    /// <summary>Where its tag starts.</summary>
    public int Offset { get; } = offset;

    /// <summary>True if a default namespace is in force for it and for what is in it.</summary>
    public bool IsInDefaultNamespace { get; } = isInDefaultNamespace;

    /// <summary>True if it is in any namespace.</summary>
    public bool IsInNamespace => IsInDefaultNamespace || Name.Contains(':');

    /// <summary>In the document's order, without namespace declarations.</summary>
    public List<XmlAttribute> Attributes { get; } = [];

    public List<XmlElement> Children { get; } = [];

    /// <summary>Where the first text that is not blank starts, or -1.</summary>
    public int TextOffset { get; set; } = -1;
}

/// <summary>An attribute, its value normalized (XML 1.0, section 3.3.3).</summary>
internal readonly record struct XmlAttribute(string Name, string Value, int Offset);
