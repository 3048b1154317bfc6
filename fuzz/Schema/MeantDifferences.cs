using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Spindle.Protocols.InterfaceXml.Generated;

namespace Spindle.Fuzz.Schema;

/// <summary>Where our reader is meant to say something else than libxml2 with libvirt's schema, and why.</summary>
internal static partial class MeantDifferences
{
    /// <summary>The reason, or null when there is none.</summary>
    public static string? Explain(byte[] document, SchemaVerdict ours, SchemaVerdict theirs) =>
        (ours.Answer, theirs.Answer) switch
        {
            (OracleVerdict.Malformed, _) when document.Contains((byte)0) =>
                "libxml2 ends a document at a zero octet; to XML it is no character",
            (OracleVerdict.Invalid, _) when ours.Message.Contains("document type declaration", StringComparison.Ordinal) =>
                "a document type is never read here",
            (OracleVerdict.Invalid, _) when ours.Message.Contains("Only UTF-8", StringComparison.Ordinal) =>
                "other encodings are never read here",
            (OracleVerdict.Invalid, OracleVerdict.Accept) when DottedAlone().IsMatch(ours.Message) =>
                "the schema's pattern lets :192.0.2.1 pass as an IPv6 address",
            (OracleVerdict.Invalid, OracleVerdict.Accept) when LongGroup().IsMatch(ours.Message) =>
                "libxml2's patterns count wrongly in a repetition in a repetition: 64ff9b:: passes, and has six digits",
            (OracleVerdict.Accept, OracleVerdict.Invalid) when IsTangled(document) =>
                "libxml2's interleave refuses mac and link on both sides of the first of two protocols that are apart",
            _ => null,
        };

    [GeneratedRegex("^XML error: Invalid value for attribute '(address|gateway)' in element '(ip|route)': ':[0-9.]+'[.]$")]
    private static partial Regex DottedAlone();

    [GeneratedRegex(
        "^XML error: Invalid value for attribute '(address|gateway)' in element '(ip|route)': '[^']*[0-9A-Fa-f]{5}[^']*'[.]$")]
    private static partial Regex LongGroup();

    [GeneratedRegex("^[^p]*[ml][^p]*p.+p")]
    private static partial Regex ProtocolsApart();

    // The order of the root's elements: p for protocol, m for mac, l for link, another letter for any other.
    private static bool IsTangled(byte[] document)
    {
        XElement root = XDocument.Load(XmlReader.Create(new MemoryStream(document))).Root!;
        string order = string.Concat(root.Elements().Select(element => element.Name.LocalName == "mtu" ? 'u'
            : element.Name.LocalName[0]));
        int first = order.IndexOf('p', StringComparison.Ordinal);
        return ((string?)root.Attribute("type"))?.Trim() == "ethernet" && ProtocolsApart().IsMatch(order)
            && order[first..].AsSpan().ContainsAny('m', 'l');
    }
}
