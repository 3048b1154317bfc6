using System;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Spindle.LibvirtDoor.Tls;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Names in certificates: what <c>gnutls_x509_crt_get_dn</c> of GnuTLS 3.7.9 writes of the same octets.</summary>
public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("C=GB,ST=London,L=London,O=Red Hat,CN=name1", "2.5.4.6:GB", "2.5.4.8:London", "2.5.4.7:London", "2.5.4.10:Red Hat", "2.5.4.3:name1")]
    [InlineData("OU=a+O=Red\\, Hat \\\"x\\\"", "2.5.4.11:a|2.5.4.10:Red, Hat \"x\"")]
    [InlineData("O=\\ lead,OU=\\#hash,OU=back\\\\slash,OU=x=y,OU=trail\\ ", "2.5.4.10: lead", "2.5.4.11:#hash", "2.5.4.11:back\\slash", "2.5.4.11:x=y", "2.5.4.11:trail ")]
    [InlineData("CN=a+surName=surname,givenName=given,initials=I,street=S 1,postalCode=123", "2.5.4.3:a|2.5.4.4:surname", "2.5.4.42:given", "2.5.4.43:I", "2.5.4.9:S 1", "2.5.4.17:123")]
    [InlineData("EMAIL=a@b.c,UID=u1,DC=example,serialNumber=12,title=Dr", "1.2.840.113549.1.9.1:a@b.c", "0.9.2342.19200300.100.1.1:u1", "0.9.2342.19200300.100.1.25:example", "2.5.4.5:12", "2.5.4.12:Dr")]
    [InlineData("1.2.840.113549.1.9.2=#0c02756e,description=desc", "1.2.840.113549.1.9.2:un", "2.5.4.13:desc")]
    [InlineData("CN=N\u00e4h\u00e9", "2.5.4.3:N\u00e4h\u00e9")]
    [InlineData("CN=\\<\\>\\;\\+", "2.5.4.3:<>;+")]
    [InlineData("")]
    public void A_name_is_written_as_gnutls_does(string expected, params string[] parts) =>
        Assert.Equal(expected, DistinguishedName.Describe(Encode(UniversalTagNumber.UTF8String, parts)));

    [Theory]
    [InlineData(UniversalTagNumber.PrintableString)]
    [InlineData(UniversalTagNumber.IA5String)]
    [InlineData(UniversalTagNumber.T61String)]
    [InlineData(UniversalTagNumber.BMPString)]
    public void A_text_of_any_encoding_is_a_text(UniversalTagNumber encoding) =>
        Assert.Equal("CN=abc", DistinguishedName.Describe(Encode(encoding, ["2.5.4.3:abc"])));

    [Fact]
    public void What_is_no_text_is_hexadecimal()
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            writer.WriteInteger(7);
        }

        Assert.Equal("CN=#020107", DistinguishedName.Describe(new X500DistinguishedName(writer.Encode())));
    }

    // "oid:text|oid:text" is one part with two attributes.
    private static X500DistinguishedName Encode(UniversalTagNumber encoding, string[] parts)
    {
        AsnWriter writer = new(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            foreach (string part in parts)
            {
                using AsnWriter.Scope set = writer.PushSetOf();
                foreach (string attribute in part.Split('|'))
                {
                    int colon = attribute.IndexOf(':', StringComparison.Ordinal);
                    using AsnWriter.Scope pair = writer.PushSequence();
                    writer.WriteObjectIdentifier(attribute[..colon]);
                    writer.WriteCharacterString(encoding, attribute[(colon + 1)..]);
                }
            }
        }

        return new X500DistinguishedName(writer.Encode());
    }
}
