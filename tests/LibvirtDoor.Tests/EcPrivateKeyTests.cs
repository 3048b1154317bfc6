using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Spindle.LibvirtDoor.Tls;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Private keys on elliptic curves, as GnuTLS writes them.</summary>
public sealed class EcPrivateKeyTests
{
    // certtool 3.7.9 --generate-privkey --key-type ecdsa --curve secp256r1; used for nothing else.
    private const string FromCerttool = """
        Public Key Info:
        	Public Key Algorithm: EC/ECDSA

        -----BEGIN EC PRIVATE KEY-----
        MHgCAQEEIQD1Ht2Ni1L2CPo/3uUzrFJ9bMwI9hj52xWm8M3Jf/tfQ6AKBggqhkjO
        PQMBB6FEA0IABGhVFi9nA8hTnEqi9U4MmfiPypoSKcHV8YRgXOiNDk12vEaQa+ie
        kP6UOdmojWdW7r/Hw+t1r3/v9PWnL3k1jRg=
        -----END EC PRIVATE KEY-----
        """;

    [Fact]
    public void A_key_that_certtool_has_made_is_read()
    {
        using ECDsa key = ECDsa.Create();
        Assert.Throws<CryptographicException>(() => key.ImportFromPem(FromCerttool));
        key.ImportFromPem(EcPrivateKey.Mend(FromCerttool, 32));
        Assert.Equal("F51EDD8D8B52F608FA3FDEE533AC527D6CCC08F618F9DB15A6F0CDC97FFB5F43", Convert.ToHexString(key.ExportParameters(true).D!));
    }

    [Theory]
    [InlineData("nistP256", false)]
    [InlineData("nistP256", true)]
    [InlineData("nistP384", false)]
    [InlineData("nistP521", true)]
    public void The_value_has_the_size_of_the_curve_however_it_was_written(string curve, bool isWrapped)
    {
        using ECDsa made = Make(ECCurve.CreateFromFriendlyName(curve));
        ECParameters expected = made.ExportParameters(true);
        int size = expected.D!.Length;
        foreach (Func<byte[], byte[]> form in new Func<byte[], byte[]>[] { static d => [0, .. d], static d => [0, 0, 0, .. d], static d => d[1..] })
        {
            char[]? mended = EcPrivateKey.Mend("before\n" + Write(made, isWrapped, form) + "\nbehind", size);
            Assert.NotNull(mended);
            using ECDsa read = ECDsa.Create();
            read.ImportFromPem(mended);
            ECParameters found = read.ExportParameters(true);
            Assert.Equal(expected.D, found.D);
            Assert.Equal(expected.Q.X, found.Q.X);
            Assert.Null(EcPrivateKey.Mend(mended, size));
        }
    }

    [Fact]
    public void What_is_as_it_should_be_or_cannot_be_mended_is_left_alone()
    {
        using ECDsa made = Make(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);
        string padded = Write(made, true, static d => [0, .. d]);
        byte[] octets = Convert.FromBase64String(padded.Split("-----")[2]);
        Assert.Null(EcPrivateKey.Mend(made.ExportECPrivateKeyPem(), 32));
        Assert.Null(EcPrivateKey.Mend(made.ExportPkcs8PrivateKeyPem(), 32));
        Assert.Null(EcPrivateKey.Mend(rsa.ExportPkcs8PrivateKeyPem(), 32));
        Assert.Null(EcPrivateKey.Mend(rsa.ExportRSAPrivateKeyPem(), 32));
        Assert.Null(EcPrivateKey.Mend(made.ExportSubjectPublicKeyInfoPem(), 32));
        Assert.Null(EcPrivateKey.Mend("", 32));
        Assert.Null(EcPrivateKey.Mend(Write(made, false, static d => [1, .. d]), 32));
        Assert.NotNull(EcPrivateKey.Mend(padded, 32));
        for (int length = 0; length < octets.Length; length++)
        {
            Assert.Null(EcPrivateKey.Mend(PemEncoding.WriteString("PRIVATE KEY", octets.AsSpan(0, length)), 32));
        }
    }

    /// <summary>A key with its value in another form, PEM.</summary>
    internal static string Write(ECDsa key, bool isWrapped, Func<byte[], byte[]> form)
    {
        AsnReader parts = new AsnReader(key.ExportECPrivateKey(), AsnEncodingRules.DER).ReadSequence();
        AsnWriter plain = new(AsnEncodingRules.DER);
        using (plain.PushSequence())
        {
            plain.WriteEncodedValue(parts.ReadEncodedValue().Span);
            plain.WriteOctetString(form(parts.ReadOctetString()));
            plain.WriteEncodedValue(parts.ReadEncodedValue().Span);
            plain.WriteEncodedValue(parts.ReadEncodedValue().Span);
        }

        if (!isWrapped)
        {
            return PemEncoding.WriteString("EC PRIVATE KEY", plain.Encode());
        }

        AsnReader whole = new AsnReader(key.ExportPkcs8PrivateKey(), AsnEncodingRules.DER).ReadSequence();
        AsnWriter wrapped = new(AsnEncodingRules.DER);
        using (wrapped.PushSequence())
        {
            wrapped.WriteEncodedValue(whole.ReadEncodedValue().Span);
            wrapped.WriteEncodedValue(whole.ReadEncodedValue().Span);
            wrapped.WriteOctetString(plain.Encode());
        }

        return PemEncoding.WriteString("PRIVATE KEY", wrapped.Encode());
    }

    // One whose value begins with a zero octet: small enough to be written shorter.
    private static ECDsa Make(ECCurve curve)
    {
        while (true)
        {
            ECDsa key = ECDsa.Create(curve);
            if (key.ExportParameters(true).D![0] == 0)
            {
                return key;
            }

            key.Dispose();
        }
    }
}
