using System;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>Private keys on elliptic curves as GnuTLS writes them, brought into the form that they must have.</summary>
/// <remarks>
/// RFC 5915, section 3: the private value has as many octets as the curve's order. GnuTLS (3.7) writes it like an INTEGER: one octet
/// more if its highest bit is set, fewer if it begins with zeros; and OpenSSL's reader in the runtime refuses that.
/// </remarks>
internal static class EcPrivateKey
{
    private const string PlainLabel = "EC PRIVATE KEY"; // RFC 5915
    private const string WrappedLabel = "PRIVATE KEY"; // PKCS #8

    /// <summary>The key with a value of this size, PEM. It is a secret: the caller clears it.</summary>
    /// <param name="pem">A file with a key, perhaps among other things.</param>
    /// <param name="valueSize">Octets that the private value must have.</param>
    /// <returns>Null: there is nothing to mend, or nothing that can be.</returns>
    public static char[]? Mend(ReadOnlySpan<char> pem, int valueSize)
    {
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            ReadOnlySpan<char> label = rest[fields.Label];
            if (label is PlainLabel or WrappedLabel)
            {
                return Mend(rest[fields.Base64Data], fields.DecodedDataLength, label is WrappedLabel, valueSize);
            }

            rest = rest[fields.Location.End..];
        }

        return null;
    }

    private static char[]? Mend(ReadOnlySpan<char> text, int size, bool isWrapped, int valueSize)
    {
        byte[] key = new byte[size];

        // Nothing of it is left in a buffer that was too small.
        AsnWriter writer = new(AsnEncodingRules.DER, size + valueSize);
        try
        {
            bool isMended = Convert.TryFromBase64Chars(text, key, out int count)
                && (isWrapped ? TryWriteWrapped(writer, key.AsMemory(0, count), valueSize) : TryWrite(writer, key.AsMemory(0, count), valueSize));
            return isMended ? Encode(writer, isWrapped) : null;
        }
        catch (AsnContentException)
        {
            // Whoever loads it says what is wrong with it.
            return null;
        }
        finally
        {
            writer.Reset();
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>PrivateKeyInfo (RFC 5208, section 5): version, algorithm, the key as an OCTET STRING, and perhaps attributes.</summary>
    private static bool TryWriteWrapped(AsnWriter writer, ReadOnlyMemory<byte> key, int valueSize)
    {
        AsnReader parts = new AsnReader(key, AsnEncodingRules.BER).ReadSequence();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
            writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
            if (!parts.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> inner))
            {
                return false;
            }

            using (writer.PushOctetString())
            {
                if (!TryWrite(writer, inner, valueSize))
                {
                    return false;
                }
            }

            CopyRest(writer, parts);
        }

        return true;
    }

    /// <summary>ECPrivateKey: version, the value, and perhaps curve and public key.</summary>
    private static bool TryWrite(AsnWriter writer, ReadOnlyMemory<byte> key, int valueSize)
    {
        AsnReader parts = new AsnReader(key, AsnEncodingRules.BER).ReadSequence();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
            if (!parts.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> value))
            {
                return false;
            }

            ReadOnlySpan<byte> digits = value.Span.TrimStart((byte)0);
            if (value.Length == valueSize || digits.Length > valueSize)
            {
                return false;
            }

            byte[] mended = new byte[valueSize];
            digits.CopyTo(mended.AsSpan(valueSize - digits.Length));
            writer.WriteOctetString(mended);
            CryptographicOperations.ZeroMemory(mended);
            CopyRest(writer, parts);
        }

        return true;
    }

    private static void CopyRest(AsnWriter writer, AsnReader parts)
    {
        while (parts.HasData)
        {
            writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
        }
    }

    private static char[] Encode(AsnWriter writer, bool isWrapped)
    {
        byte[] encoded = writer.Encode();
        char[] pem = PemEncoding.Write(isWrapped ? WrappedLabel : PlainLabel, encoded);
        CryptographicOperations.ZeroMemory(encoded);
        return pem;
    }
}
