using System;
using System.Linq;
using System.Text;

namespace Spindle.Protocols.InterfaceXml;

public sealed class RefusalTests
{
    [Fact]
    public void A_bogus_type_is_told_in_libvirts_words()
    {
        XmlRefusal refusal = Refused("<interface type='bogus' name='eth0'/>");
        Assert.Equal("XML error: Invalid value for attribute 'type' in element 'interface': 'bogus'.", refusal.Message);
        Assert.Equal((27, 5, XmlRefusalKind.Invalid), (refusal.Code, refusal.Domain, refusal.Kind));
    }

    [Fact]
    public void What_is_no_xml_is_told_in_three_lines()
    {
        XmlRefusal refusal = Refused("not xml");
        Assert.Equal("(interface_definition):1: Start tag expected, '<' not found\nnot xml\n^", refusal.Message);
        Assert.Equal((35, 26, XmlRefusalKind.NotWellFormed), (refusal.Code, refusal.Domain, refusal.Kind));
    }

    [Theory]
    [InlineData("<network/>", "expecting root element of 'interface', not 'network'", 1, 1)]
    [InlineData("<interface name='eth0'/>", "Missing required attribute 'type' in element 'interface'", 1, 1)]
    [InlineData("<interface type='ethernet'/>", "Missing required attribute 'name' in element 'interface'", 1, 1)]
    [InlineData("<interface type='bridge' name='b'/>", "bridge interface misses the bridge element", 1, 1)]
    [InlineData("<interface type='bond' name='b'/>", "bond interface misses the bond element", 1, 1)]
    [InlineData("<interface type='vlan' name='b'/>", "vlan interface misses the vlan element", 1, 1)]
    [InlineData("<interface type='bond' name='b'>\n <bond/></interface>", "bond has no interfaces", 2, 2)]
    [InlineData(
        "<interface type='ethernet' name='e'>\n  <mtu size='1'/>\n  <mtu size='2'/></interface>",
        "More than one element 'mtu' in element 'interface'.", 3, 3)]
    [InlineData(
        "<interface type='ethernet' name='e'>\n<!-- \u00fc\u00fc --><bogus/></interface>",
        "Unexpected element 'bogus' in element 'interface'.", 2, 12)]
    [InlineData("<interface type='ethernet' name='e' id='1'/>", "Unexpected attribute 'id' in element 'interface'.", 1, 37)]
    [InlineData("<interface type='ethernet' name='e'>\r\nhello</interface>", "Unexpected text in element 'interface'.", 1, 37)]
    [InlineData("<interface type='ethernet'\n name='e' xmlns='u'/>", "Element 'interface' is in a namespace.", 1, 1)]
    [InlineData(
        "<interface type='bridge' name='b'><bridge><interface type='bridge' name='c'/></bridge></interface>",
        "interface has unsupported type 'bridge'", 1, 43)]
    [InlineData(
        "<interface type='ethernet' name='e'><protocol family='ipv4'/><protocol family='ipv4'/></interface>",
        "More than one element 'protocol' for ipv4.", 1, 62)]
    [InlineData("<!DOCTYPE interface><interface type='ethernet' name='e'/>", "A document type declaration is not read.", 1, 1)]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "Only UTF-8 is read, not encoding 'ISO-8859-1'.", 1, 20)]
    public void What_the_schema_refuses_has_a_reason_and_a_place(string xml, string detail, int line, int column)
    {
        XmlRefusal refusal = Refused(xml);
        Assert.Equal((detail, line, column), (refusal.Detail, refusal.Line, refusal.Column));
        Assert.Equal("XML error: " + detail, refusal.Message);
    }

    // The reasons and lines are libxml2's, seen; it quotes more of an open CDATA section.
    [Theory]
    [InlineData("", 1, "Document is empty")]
    [InlineData("<interface>\n</Interface>", 2, "Opening and ending tag mismatch: interface line 1 and Interface")]
    [InlineData("<interface>\n<a>\n", 3, "Premature end of data in tag a line 2")]
    [InlineData("<interface/>\n<interface/>", 2, "Extra content at the end of the document")]
    [InlineData("<interface type=ethernet/>", 1, "AttValue: \" or ' expected")]
    [InlineData("<interface type/>", 1, "Specification mandates value for attribute type")]
    [InlineData("<interface a='1'b='2'/>", 1, "attributes construct error")]
    [InlineData("<interface a='1' a='2'/>", 1, "Attribute a redefined")]
    [InlineData("<interface a='<'/>", 1, "Unescaped '<' not allowed in attributes values")]
    [InlineData("<interface>&nbsp;</interface>", 1, "Entity 'nbsp' not defined")]
    [InlineData("<interface>& </interface>", 1, "xmlParseEntityRef: no name")]
    [InlineData("<interface>&amp </interface>", 1, "EntityRef: expecting ';'")]
    [InlineData("<interface>&#0;</interface>", 1, "xmlParseCharRef: invalid xmlChar value 0")]
    [InlineData("<interface>&#x;</interface>", 1, "xmlParseCharRef: invalid xmlChar value 0")]
    [InlineData("<interface>&#xg;</interface>", 1, "CharRef: invalid hexadecimal value")]
    [InlineData("<interface>]]></interface>", 1, "Sequence ']]>' not allowed in content")]
    [InlineData("<interface><![CDATA[</interface>", 1, "CData section not finished")]
    [InlineData("<interface><!-- -- --></interface>", 1, "Double hyphen within comment: <!-- ")]
    [InlineData("<interface><? a?></interface>", 1, "xmlParsePI : no target name")]
    [InlineData(" <?xml version='1.0'?><interface/>", 1, "XML declaration allowed only at the start of the document")]
    [InlineData("<?xml version='1.0' standalone='maybe'?><interface/>", 1, "standalone accepts only 'yes' or 'no'")]
    [InlineData("<interface><1/></interface>", 1, "StartTag: invalid element name")]
    public void What_is_not_well_formed_has_libxml2s_words(string xml, int line, string reason)
    {
        XmlRefusal refusal = Refused(xml);
        Assert.Equal((35, line), (refusal.Code, refusal.Line));
        Assert.Equal($"(interface_definition):{line}: {reason}", refusal.Message.Split('\n')[0]);
        Assert.Equal(3, refusal.Message.Split('\n').Length);
    }

    [Fact]
    public void The_caret_stands_under_the_place()
    {
        XmlRefusal refusal = Refused("<interface>\n\t\u00fc<a b></a>\n</interface>");
        Assert.Equal("(interface_definition):2: Specification mandates value for attribute b\n\t\u00fc<a b></a>\n\t------^", refusal.Message);
        Assert.Equal((2, 7), (refusal.Line, refusal.Column));
    }

    [Fact]
    public void A_long_line_is_shown_in_part()
    {
        XmlRefusal refusal = Refused("<interface>" + new string('x', 10_000) + "&</interface>");
        string[] lines = refusal.Message.Split('\n');
        Assert.True(lines[1].Length <= 80 && lines[2].Length <= 81);
        Assert.Equal(10_013, refusal.Column);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'<', 0 })]
    [InlineData(new byte[] { (byte)'<', 0, (byte)'i', 0 })]
    [InlineData(new byte[] { 0, (byte)'<', 0, (byte)'i' })]
    public void Another_encoding_is_called_by_its_name(byte[] document)
    {
        Assert.False(InterfaceDefinition.TryParse(document, out _, out XmlRefusal refusal));
        Assert.Equal("Only UTF-8 is read, not UTF-16.", refusal.Detail);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 }, "Input is not proper UTF-8, indicate encoding !")]
    [InlineData(new byte[] { 0xC0, 0x80 }, "Input is not proper UTF-8, indicate encoding !")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "Input is not proper UTF-8, indicate encoding !")]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 }, "Input is not proper UTF-8, indicate encoding !")]
    [InlineData(new byte[] { 0x01 }, "PCDATA invalid Char value 1")]
    [InlineData(new byte[] { 0xEF, 0xBF, 0xBF }, "PCDATA invalid Char value 65535")]
    public void Octets_that_are_no_characters_are_refused(byte[] octets, string reason)
    {
        byte[] document = [.. "<interface type='ethernet' name='e'><!-- "u8, .. octets, .. " --></interface>"u8];
        Assert.False(InterfaceDefinition.TryParse(document, out _, out XmlRefusal refusal));
        Assert.Equal((35, 42), (refusal.Code, refusal.Column));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_much_is_refused_and_just_enough_is_read()
    {
        const string Root = "<interface type='ethernet' name='e'/>";
        string full = Root + new string(' ', InterfaceDefinition.MaximumSize - Root.Length);
        Assert.True(InterfaceDefinition.TryParse(full, out _, out _));
        Assert.Equal("The document is larger than 262144 octets.", Refused(full + " ").Detail);
        Assert.Equal("The document is larger than 262144 octets.", Refused(new string('\u00fc', 200_000)).Detail);
    }

    [Fact]
    public void Depth_elements_and_attributes_have_limits()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
        Assert.Equal("expecting root element of 'interface', not 'a'", Refused(Nested(257)).Detail);
        Assert.Contains("Excessive depth in document: 256", Refused(Nested(258)).Detail, StringComparison.Ordinal);
        string Wide(int count) => "<a>" + string.Concat(Enumerable.Repeat("<b/>", count)) + "</a>";
        Assert.Equal("expecting root element of 'interface', not 'a'", Refused(Wide(8191)).Detail);
        Assert.Equal("The document has more than 8192 elements.", Refused(Wide(8192)).Detail);
        string Attributes(int count) => "<a " + string.Join(' ', Enumerable.Range(0, count).Select(i => $"a{i}=''")) + "/>";
        Assert.Equal("expecting root element of 'interface', not 'a'", Refused(Attributes(64)).Detail);
        Assert.Equal("More than 64 attributes in one element.", Refused(Attributes(65)).Detail);
    }

    // Ten times the entities, a thousand times the text: with a document type, "billion laughs" would be a page long.
    [Fact]
    public void Entities_are_never_expanded()
    {
        XmlRefusal refusal = Refused("<!DOCTYPE i [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><interface type='&b;'/>");
        Assert.Equal("A document type declaration is not read.", refusal.Detail);
        Assert.Contains("not defined", Refused("<interface type='&b;'/>").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_the_document_but_a_line_is_in_the_message()
    {
        string name = new('n', 100_000);
        XmlRefusal refusal = Refused($"<interface type='ethernet' name='e'><{name}/></interface>");
        Assert.True(refusal.Message.Length < 1_000, $"{refusal.Message.Length}");
    }

    private static XmlRefusal Refused(string xml)
    {
        Assert.False(InterfaceDefinition.TryParse(xml, out InterfaceDefinition? definition, out XmlRefusal refusal));
        Assert.Null(definition);
        return refusal;
    }
}
