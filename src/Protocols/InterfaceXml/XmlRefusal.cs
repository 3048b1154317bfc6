using System;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>Why a document was refused, in the numbers and words that libvirt's clients know.</summary>
/// <param name="Kind">Which of libvirt's two errors.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">In characters from 1.</param>
/// <param name="Detail">What is wrong, without libvirt's prefix; three lines when the document is not well-formed.</param>
public readonly record struct XmlRefusal(XmlRefusalKind Kind, int Line, int Column, string Detail)
{
    /// <summary>libvirt's error code: VIR_ERR_XML_DETAIL or VIR_ERR_XML_ERROR.</summary>
    public int Code => Kind == XmlRefusalKind.NotWellFormed ? 35 : 27;

    /// <summary>libvirt's error domain: VIR_FROM_INTERFACE or VIR_FROM_XML.</summary>
    public int Domain => Kind == XmlRefusalKind.NotWellFormed ? 26 : 5;

    /// <summary>The whole message as a client prints it.</summary>
    public string Message => Kind == XmlRefusalKind.NotWellFormed ? Detail : "XML error: " + Detail;

    // Names and values of the document are in the message: some of them, not a page.
    private const int DetailMax = 300;

    internal static XmlRefusal From(ReadOnlySpan<byte> document, XmlFault fault)
    {
        string detail = fault.Detail;
        if (detail.Length > DetailMax)
        {
            detail = detail[..(DetailMax - (char.IsHighSurrogate(detail[DetailMax - 1]) ? 1 : 0))] + "...";
        }

        int offset = Math.Min(fault.Offset, document.Length);
        ReadOnlySpan<byte> before = document[..offset];
        int line = before.Count((byte)'\n') + 1;
        int column = Characters(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1;
        return fault.IsWellFormed
            ? new(XmlRefusalKind.Invalid, line, column, detail)
            : new(XmlRefusalKind.NotWellFormed, line, column, ThreeLines(document, offset, line, detail));
    }

    // Place and reason, the text around it, and a caret under it.
    private static string ThreeLines(ReadOnlySpan<byte> document, int offset, int line, string detail)
    {
        const int Most = 80;
        int start = document[..offset].LastIndexOf((byte)'\n') + 1;
        start = Math.Max(start, offset - Most);
        ReadOnlySpan<byte> rest = document[start..];
        int length = rest.IndexOfAny((byte)'\n', (byte)'\r', (byte)0);
        length = Math.Min(length < 0 ? rest.Length : length, Most);
        ReadOnlySpan<byte> context = rest[..Math.Max(length, Math.Min(offset - start, Most))];
        StringBuilder text = new();
        text.Append("(interface_definition):").Append(line).Append(": ").Append(detail).Append('\n');
        text.Append(Encoding.UTF8.GetString(context)).Append('\n');
        foreach (byte octet in context[..Math.Min(offset - start, context.Length)])
        {
            text.Append(octet == (byte)'\t' ? '\t' : '-'); // an octet each, not a character, as libvirt has it
        }

        return text.Append('^').ToString();
    }

    private static int Characters(ReadOnlySpan<byte> utf8)
    {
        int count = 0;
        foreach (byte octet in utf8)
        {
            count += (octet & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}

/// <summary>libvirt's two ways to refuse a document.</summary>
public enum XmlRefusalKind
{
    /// <summary>
    /// It is XML, but not what the schema wants, or has what is not read here (another encoding, a DOCTYPE, too much).
    /// </summary>
    Invalid,

    /// <summary>It is not XML.</summary>
    NotWellFormed,
}
