using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Spindle.Fuzz.Protocol;

/// <summary>Numbers that definitions take from C: names of enumerations and macros that are a number or a sum of numbers. The rest of a header is passed over.</summary>
internal static partial class CHeader
{
    /// <summary>Adds a header's numbers to a module's constants.</summary>
    public static void Read(XdrModule module, string text)
    {
        foreach (Match macro in Macro().Matches(text))
        {
            // Each of a sum's numbers is a capture.
            module.Constants[macro.Groups["name"].Value] =
                macro.Groups["value"].Captures.Sum(number => long.Parse(number.Value, CultureInfo.InvariantCulture));
        }

        text = Directive().Replace(Comment().Replace(text, " "), "");
        foreach (Match enumeration in Enumeration().Matches(text))
        {
            ReadNames(module, enumeration.Groups["names"].Value);
        }
    }

    // A name without a number has the next one; behind an expression that is more than a number nothing is known.
    private static void ReadNames(XdrModule module, string names)
    {
        long? next = 0;
        foreach (string one in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = one.Split('=', StringSplitOptions.TrimEntries);
            long? value = parts.Length == 1 ? next : long.TryParse(parts[1], CultureInfo.InvariantCulture, out long number) ? number : null;
            if (value is not null)
            {
                module.Constants[parts[0]] = value.Value;
            }

            next = value + 1;
        }
    }

    [GeneratedRegex(@"^[ \t]*#[ \t]*define[ \t]+(?<name>\w+)[ \t]+\(?(?<value>\d+)(?:[ \t]*\+[ \t]*(?<value>\d+))*\)?[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex Macro();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[ \t]*#.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\benum\s*\w*\s*\{(?<names>[^{}]*)\}")]
    private static partial Regex Enumeration();
}
