using System;
using System.Globalization;

namespace Spindle.Basics;

/// <summary>A 48-bit link-layer address (EUI-48, IEEE 802).</summary>
public readonly record struct MacAddress
{
    private readonly ulong bits;

    private MacAddress(ulong bits) => this.bits = bits;

    /// <summary>Octets in an address.</summary>
    public const int Size = 6;

    /// <summary>All ones: every station on the link.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>True for 00:00:00:00:00:00.</summary>
    public bool IsZero => bits == 0;

    /// <summary>True if the group bit is set (multicast and broadcast).</summary>
    public bool IsGroup => (bits >> 40 & 1) != 0;

    /// <summary>The address in the first six octets of <paramref name="octets"/>.</summary>
    /// <exception cref="ArgumentException">Fewer than six octets.</exception>
    public static MacAddress Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < Size)
        {
            throw new ArgumentException("A MAC address has 6 octets.", nameof(octets));
        }

        ulong bits = 0;
        for (int i = 0; i < Size; i++)
        {
            bits = bits << 8 | octets[i];
        }

        return new(bits);
    }

    /// <summary>Writes the six octets.</summary>
    public void Write(Span<byte> destination)
    {
        for (int i = 0; i < Size; i++)
        {
            destination[i] = (byte)(bits >> (40 - (8 * i)));
        }
    }

    /// <summary>Reads <c>aa:bb:cc:dd:ee:ff</c> (either case; <c>-</c> or nothing may stand for <c>:</c>).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        int step = text.Length switch { 17 => 3, 12 => 2, _ => 0 };
        if (step == 0)
        {
            return false;
        }

        ulong bits = 0;
        for (int i = 0; i < Size; i++)
        {
            ReadOnlySpan<char> rest = text[(i * step)..];
            if (step == 3 && i < Size - 1 && rest[2] is not (':' or '-'))
            {
                return false;
            }

            if (!byte.TryParse(rest[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
            {
                return false;
            }

            bits = bits << 8 | octet;
        }

        address = new(bits);
        return true;
    }

    /// <summary>Twelve lower-case hexadecimal digits without separators, as in object paths.</summary>
    public string ToIdent() => bits.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>Upper case with colons: <c>AA:BB:CC:DD:EE:FF</c>.</summary>
    public override string ToString() => string.Create(17, bits, static (text, value) =>
    {
        const string Digits = "0123456789ABCDEF";
        for (int i = 0; i < Size; i++)
        {
            int octet = (int)(value >> (40 - (8 * i))) & 0xFF;
            text[i * 3] = Digits[octet >> 4];
            text[(i * 3) + 1] = Digits[octet & 15];
            if (i < Size - 1)
            {
                text[(i * 3) + 2] = ':';
            }
        }
    });
}
