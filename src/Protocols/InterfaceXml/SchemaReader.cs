using System;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>
/// Looks at elements as a schema does. What is wrong is kept (the first time) and a value of zero given back, so that rules read as rules.
/// </summary>
internal class SchemaReader
{
    /// <summary>The first thing that was wrong.</summary>
    public XmlFault Fault { get; private set; }

    protected bool HasFault => Fault.Detail is not null;

    protected void Fail(int offset, string detail) =>
        Fault = HasFault ? Fault : new(offset, IsWellFormed: true, detail);

    /// <summary>No text, no other attribute, no other element, and none twice but <paramref name="repeated"/>.</summary>
    protected void Expect(
        XmlElement element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children = default, string? repeated = null)
    {
        if (element.IsInNamespace)
        {
            Fail(element.Offset, $"Element '{element.Name}' is in a namespace.");
        }

        if (element.TextOffset >= 0)
        {
            Fail(element.TextOffset, $"Unexpected text in element '{element.Name}'.");
        }

        foreach (XmlAttribute attribute in element.Attributes)
        {
            if (!attributes.Contains(attribute.Name))
            {
                Fail(attribute.Offset, $"Unexpected attribute '{attribute.Name}' in element '{element.Name}'.");
            }
        }

        ExpectChildren(element, children, repeated);
    }

    private void ExpectChildren(XmlElement element, ReadOnlySpan<string> children, string? repeated)
    {
        // The schema names seven at most: a bit for each.
        uint seen = 0;
        foreach (XmlElement child in element.Children)
        {
            int index = children.IndexOf(child.Name);
            if (index < 0)
            {
                Fail(child.Offset, $"Unexpected element '{child.Name}' in element '{element.Name}'.");
                return;
            }

            if ((seen & 1u << index) != 0 && child.Name != repeated)
            {
                Fail(child.Offset, $"More than one element '{child.Name}' in element '{element.Name}'.");
            }

            seen |= 1u << index;
        }
    }

    protected static XmlElement? Child(XmlElement element, string name)
    {
        foreach (XmlElement child in element.Children)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    protected static string? Attribute(XmlElement element, string name)
    {
        foreach (XmlAttribute attribute in element.Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The attribute's text; when it is not there, that is wrong and null.</summary>
    protected string? Required(XmlElement element, string name)
    {
        string? text = Attribute(element, name);
        if (text is null)
        {
            Fail(element.Offset, $"Missing required attribute '{name}' in element '{element.Name}'");
        }

        return text;
    }

    /// <summary>The index of an attribute's token among names, 0 when it is not there.</summary>
    protected int Token(XmlElement element, string name, ReadOnlySpan<string> names)
    {
        string? text = Attribute(element, name);
        int index = text is null ? 0 : SchemaValues.IndexOf(text, names);
        return index < 0 ? (int)Wrong(element, name, text!) : index;
    }

    /// <summary>True for the first of two tokens, false for the second, null when not there.</summary>
    protected bool? Switch(XmlElement element, string name, string on, string off) =>
        Attribute(element, name) is null ? null : Token(element, name, [on, off]) == 0;

    protected uint Digits(XmlElement element, string name) => Digits(element, name, Attribute(element, name));

    protected uint RequiredDigits(XmlElement element, string name) => Digits(element, name, Required(element, name));

    protected uint Number(XmlElement element, string name, string? text, uint most) =>
        text is null ? 0 : SchemaValues.TryNumber(text, most, out uint value) ? value : Wrong(element, name, text);

    protected string? DeviceName(XmlElement element, string name, string? text)
    {
        if (text is not null && !SchemaValues.IsDeviceName(text))
        {
            Wrong(element, name, text);
        }

        return text;
    }

    protected IpAddress Address(XmlElement element, string name, IpFamily family)
    {
        string? text = Required(element, name);
        IpAddress address = default;
        if (text is not null && !(family == IpFamily.V4
            ? SchemaValues.TryIpv4(text, out address)
            : SchemaValues.TryIpv6(text, out address)))
        {
            Wrong(element, name, text);
        }

        return address;
    }

    /// <summary>libvirt's words for a value that is not one.</summary>
    protected uint Wrong(XmlElement element, string name, string text)
    {
        int offset = element.Offset;
        foreach (XmlAttribute attribute in element.Attributes)
        {
            offset = attribute.Name == name ? attribute.Offset : offset;
        }

        Fail(offset, $"Invalid value for attribute '{name}' in element '{element.Name}': '{text}'.");
        return 0;
    }

    private uint Digits(XmlElement element, string name, string? text) =>
        text is null ? 0 : SchemaValues.TryDigits(text, out uint value) ? value : Wrong(element, name, text);
}
