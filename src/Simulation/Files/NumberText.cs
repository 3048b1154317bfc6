using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>A number as files under <c>/proc/sys</c> take it: white space, a sign, a base as in C; up to the next white space.</summary>
internal static class NumberText
{
    /// <summary>Reads the first number of what is written; the value is how many octets were looked at.</summary>
    /// <returns>0 where nothing was written; EINVAL for what is no number of 32 bits.</returns>
    public static Result Parse(ReadOnlySpan<byte> text, out int number)
    {
        Result parsed = Parse(text, int.MinValue, int.MaxValue, out long value);
        number = (int)value;
        return parsed;
    }

    /// <summary>The same for a number without a sign: what follows it is not looked at, but taken as read.</summary>
    public static Result ParseUnsigned(ReadOnlySpan<byte> text, out uint number)
    {
        Result parsed = Parse(text, 0, uint.MaxValue, out long value);
        number = (uint)value;
        return parsed.IsOk ? Result.Ok(text.Length) : parsed;
    }

    private static Result Parse(ReadOnlySpan<byte> text, long min, long max, out long number)
    {
        number = 0;
        int at = SkipSpace(text, 0);
        if (at == text.Length)
        {
            return text.IsEmpty ? Result.Ok() : Result.Fail(Errno.EINVAL);
        }

        bool isNegative = text[at] == '-';
        at += isNegative ? 1 : 0;
        (int radix, int skipped) = RadixOf(text[at..]);
        int first = at += skipped;
        long value = 0;
        for (; at < text.Length && DigitOf(text[at]) < radix && value <= uint.MaxValue; at++)
        {
            value = (value * radix) + DigitOf(text[at]);
        }

        value = isNegative ? -value : value;
        bool isWhole = at > first && (at == text.Length || IsSpace(text[at])) && value >= min && value <= max;
        number = isWhole ? value : 0;
        return isWhole ? Result.Ok(SkipSpace(text, at)) : Result.Fail(Errno.EINVAL);
    }

    private static (int Radix, int Skipped) RadixOf(ReadOnlySpan<byte> text) =>
        text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' ? (16, 2)
        : text.Length > 1 && text[0] == '0' && DigitOf(text[1]) < 8 ? (8, 1) : (10, 0);

    private static int DigitOf(byte octet) => octet switch
    {
        >= (byte)'0' and <= (byte)'9' => octet - '0',
        >= (byte)'a' and <= (byte)'f' => octet - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => octet - 'A' + 10,
        _ => int.MaxValue,
    };

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or 0 or (>= 9 and <= 13);
}
