using System;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>The name in a certificate, in the words that libvirt's users know: <c>C=GB,O=Red Hat,CN=client</c>, in the certificate's
/// order and with GnuTLS's names of attributes, as <c>virt-pki-query-dn</c> and <c>certtool</c> show it.</summary>
/// <remarks>The escapes are RFC 4514's (section 2.4); what is no known attribute, or no text, is written as a number and in hexadecimal digits.</remarks>
internal static class DistinguishedName
{
    public static string Describe(X500DistinguishedName name)
    {
        StringBuilder text = new();
        try
        {
            AsnReader parts = new AsnReader(name.RawData, AsnEncodingRules.BER).ReadSequence();
            while (parts.HasData)
            {
                // Attributes of one part are in no order that means anything: as they come.
                char separator = ',';
                AsnReader attributes = parts.ReadSetOf(skipSortOrderValidation: true);
                while (attributes.HasData)
                {
                    if (text.Length > 0)
                    {
                        text.Append(separator);
                    }

                    Append(text, attributes.ReadSequence());
                    separator = '+';
                }
            }
        }
        catch (AsnContentException)
        {
            // A certificate that was verified has a name that can be read; a name that cannot is nobody's.
            return "";
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, AsnReader attribute)
    {
        string type = attribute.ReadObjectIdentifier();
        ReadOnlyMemory<byte> value = attribute.ReadEncodedValue();
        string? name = NameOf(type);
        text.Append(name ?? type).Append('=');
        if (name is not null && TryReadText(value) is { } words)
        {
            AppendEscaped(text, words);
        }
        else
        {
            text.Append('#').Append(Convert.ToHexStringLower(value.Span));
        }
    }

    private static string? TryReadText(ReadOnlyMemory<byte> value)
    {
        try
        {
            AsnReader reader = new(value, AsnEncodingRules.BER);
            Asn1Tag tag = reader.PeekTag();
            return tag.TagClass == TagClass.Universal ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue) : null;
        }
        catch (Exception exception) when (exception is AsnContentException or ArgumentException)
        {
            return null;
        }
    }

    private static void AppendEscaped(StringBuilder text, string words)
    {
        for (int index = 0; index < words.Length; index++)
        {
            char letter = words[index];
            bool isAtEdge = (letter == '#' && index == 0) || (letter == ' ' && (index == 0 || index == words.Length - 1));
            if (letter == '\0')
            {
                text.Append("\\00");
                continue;
            }

            if (isAtEdge || letter is ',' or '+' or '"' or '\\' or '<' or '>' or ';')
            {
                text.Append('\\');
            }

            text.Append(letter);
        }
    }

    private static string? NameOf(string type) => type switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "surName",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.13" => "description",
        "2.5.4.15" => "businessCategory",
        "2.5.4.17" => "postalCode",
        "2.5.4.20" => "telephoneNumber",
        "2.5.4.41" => "name",
        "2.5.4.42" => "givenName",
        "2.5.4.43" => "initials",
        "2.5.4.44" => "generationQualifier",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.65" => "pseudonym",
        "1.2.840.113549.1.9.1" => "EMAIL",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.3.6.1.4.1.311.60.2.1.1" => "jurisdictionOfIncorporationLocalityName",
        "1.3.6.1.4.1.311.60.2.1.2" => "jurisdictionOfIncorporationStateOrProvinceName",
        "1.3.6.1.4.1.311.60.2.1.3" => "jurisdictionOfIncorporationCountryName",
        _ => null,
    };
}
