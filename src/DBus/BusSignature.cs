using System;

namespace Spindle.DBus;

/// <summary>Type signatures (D-Bus specification, section "Type System"): checks and the steps through one.</summary>
public static class BusSignature
{
    /// <summary>The most octets in a signature.</summary>
    public const int LengthMax = 255;

    /// <summary>The most arrays inside each other, and the most structs.</summary>
    public const int NestingMax = 32;

    /// <summary>The most containers of any kind inside each other, in a message.</summary>
    public const int DepthMax = 64;

    /// <summary>True if it is zero or more complete types within the limits.</summary>
    public static bool IsValid(ReadOnlySpan<byte> signature)
    {
        if (signature.Length > LengthMax)
        {
            return false;
        }

        int at = 0;
        while (at < signature.Length)
        {
            if (!TryStep(signature, ref at, 0, 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if it is exactly one complete type.</summary>
    public static bool IsSingle(ReadOnlySpan<byte> signature)
    {
        int at = 0;
        return signature.Length is > 0 and <= LengthMax && TryStep(signature, ref at, 0, 0) && at == signature.Length;
    }

    /// <summary>True if text is zero or more complete types.</summary>
    public static bool IsValid(string signature)
    {
        Span<byte> octets = stackalloc byte[LengthMax];
        return BusText.TryAscii(signature, octets, out int length) && IsValid(octets[..length]);
    }

    /// <summary>True if text is exactly one complete type.</summary>
    public static bool IsSingle(string signature)
    {
        Span<byte> octets = stackalloc byte[LengthMax];
        return BusText.TryAscii(signature, octets, out int length) && IsSingle(octets[..length]);
    }

    /// <summary>True for the types without others inside: numbers, booleans, strings, descriptors.</summary>
    public static bool IsBasic(byte type) => "ybnqiuxtdsogh"u8.Contains(type);

    /// <summary>The boundary in octets that a value of this type starts at.</summary>
    public static int Alignment(byte type) => type switch
    {
        (byte)'y' or (byte)'g' or (byte)'v' => 1,
        (byte)'n' or (byte)'q' => 2,
        (byte)'x' or (byte)'t' or (byte)'d' or (byte)'(' or (byte)'{' => 8,
        _ => 4,
    };

    /// <summary>Octets of the first complete type of a <em>valid</em> signature that is not empty.</summary>
    internal static int FirstLength(ReadOnlySpan<byte> signature)
    {
        int at = 0;
        int open = 0;
        while (true)
        {
            byte type = signature[at++];
            if (type is (byte)'(' or (byte)'{')
            {
                open++;
            }
            else if (type is (byte)')' or (byte)'}')
            {
                open--;
            }

            if (open == 0 && type != 'a')
            {
                return at;
            }
        }
    }

    private static bool TryStep(ReadOnlySpan<byte> signature, ref int at, int arrays, int structs)
    {
        if (at >= signature.Length)
        {
            return false;
        }

        byte type = signature[at++];
        if (IsBasic(type) || type == 'v')
        {
            return true;
        }

        return type switch
        {
            (byte)'a' when arrays < NestingMax => at < signature.Length && signature[at] == '{'
                ? TryStepEntry(signature, ref at, arrays + 1, structs)
                : TryStep(signature, ref at, arrays + 1, structs),
            (byte)'(' when structs < NestingMax => TryStepStruct(signature, ref at, arrays, structs + 1),
            _ => false,
        };
    }

    private static bool TryStepEntry(ReadOnlySpan<byte> signature, ref int at, int arrays, int structs)
    {
        at++;
        if (structs >= NestingMax || at >= signature.Length || !IsBasic(signature[at++])
            || !TryStep(signature, ref at, arrays, structs + 1))
        {
            return false;
        }

        return at < signature.Length && signature[at++] == '}';
    }

    private static bool TryStepStruct(ReadOnlySpan<byte> signature, ref int at, int arrays, int structs)
    {
        do
        {
            if (!TryStep(signature, ref at, arrays, structs))
            {
                return false;
            }
        }
        while (at < signature.Length && signature[at] != ')');
        return at++ < signature.Length;
    }
}
