using System;
using System.Globalization;
using System.Text;

namespace Spindle.DBus;

/// <summary>Values as people read them.</summary>
internal static class BusValueText
{
    private const int LengthMax = 4096;

    public static string Of(BusValue value)
    {
        StringBuilder text = new();
        Append(text, value);
        return text.Length > LengthMax ? text.ToString(0, LengthMax) + "…" : text.ToString();
    }

    private static void Append(StringBuilder text, BusValue value)
    {
        if (text.Length > LengthMax)
        {
            return;
        }

        switch (value.Signature[0])
        {
            case 's' or 'o' or 'g':
                text.Append('\'').Append((string)value.Inner!).Append('\'');
                break;
            case 'b':
                text.Append(value.Number != 0 ? "true" : "false");
                break;
            case 'd':
                text.Append(BitConverter.Int64BitsToDouble(value.Number).ToString("R", CultureInfo.InvariantCulture));
                break;
            case 't':
                text.Append(CultureInfo.InvariantCulture, $"{(ulong)value.Number}");
                break;
            case 'v':
                text.Append('<');
                Append(text, (BusValue)value.Inner!);
                text.Append('>');
                break;
            case 'a' when value.Inner is byte[] octets:
                text.Append("0x").Append(Convert.ToHexStringLower(octets.AsSpan(0, Math.Min(octets.Length, 64))));
                break;
            case 'a':
                AppendItems(text, value, value.Signature[1] == '{' ? "{}" : "[]", ", ");
                break;
            case '(':
                AppendItems(text, value, "()", ", ");
                break;
            case '{':
                AppendItems(text, value, "", ": ");
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value.Number}");
                break;
        }
    }

    private static void AppendItems(StringBuilder text, BusValue value, string brackets, string separator)
    {
        text.Append(brackets.Length > 0 ? brackets[..1] : "");
        string before = "";
        foreach (BusValue item in value.Items)
        {
            text.Append(before);
            Append(text, item);
            before = separator;
        }

        text.Append(brackets.Length > 0 ? brackets[1..] : "");
    }
}
