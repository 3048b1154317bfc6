using System;
using System.Linq;
using System.Text;
using Spindle.DBus;

namespace Spindle.Programs;

/// <summary>Text from the network on its way to a terminal: control characters could steer it, so none gets there.</summary>
internal static class Plain
{
    public static string Of(string text) => text.Any(IsUnsafe)
        ? string.Concat(text.Select(static c => IsUnsafe(c) ? '\uFFFD' : c))
        : text;

    /// <summary>A value in few words: texts as they are, lists with commas, dictionaries as <c>key value</c>.</summary>
    public static string Of(BusValue value)
    {
        BusValue inner = value.Content;
        if (inner.TryGetString(out string? text) || inner.TryGetObjectPath(out text))
        {
            return Of(text);
        }

        if (inner.TryGetBoolean(out bool isSo))
        {
            return isSo ? "yes" : "no";
        }

        if (inner.Signature[0] is 'a' or '(' && !inner.TryGetOctets(out _))
        {
            return string.Join(", ", inner.Items.Select(Of));
        }

        return inner.Signature[0] == '{' ? $"{Of(inner.Items[0])} {Of(inner.Items[1])}" : inner.ToString();
    }

    /// <summary>As <see cref="Of(BusValue)"/>; what is empty is said to be.</summary>
    public static string OrNothing(BusValue value) => Of(value) is { Length: > 0 } text ? text : "(none)";

    // Also the marks that turn the direction of text around.
    private static bool IsUnsafe(char c) => char.IsControl(c)
        || Rune.GetUnicodeCategory(Rune.TryCreate(c, out Rune rune) ? rune : Rune.ReplacementChar)
            is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
            or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
