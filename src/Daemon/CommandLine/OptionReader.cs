using System;

namespace Spindle.Daemon.CommandLine;

/// <summary>An option with its value, and how it was written.</summary>
internal readonly record struct GivenOption(OptionKind Kind, string? Value, string Spelling);

/// <summary>Splits arguments into options: <c>-n</c>, <c>-nr</c>, <c>-cFILE</c>, <c>-c FILE</c>, <c>--config=FILE</c>,
/// <c>--config FILE</c>. The value of <c>-d</c> is the next argument if that is no option, as in connmand.</summary>
internal ref struct OptionReader(ReadOnlySpan<string> arguments)
{
    private readonly ReadOnlySpan<string> arguments = arguments;
    private int at;
    private int letter;

    /// <summary>What is wrong, once a read has failed; empty at the end of the arguments.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The next option; false at the end and at the first mistake.</summary>
    public bool TryRead(out GivenOption option)
    {
        option = default;
        if (at >= arguments.Length)
        {
            return false;
        }

        string argument = arguments[at];
        if (letter > 0)
        {
            return TryReadLetter(argument, out option);
        }

        if (argument.StartsWith("--", StringComparison.Ordinal))
        {
            return TryReadLong(argument, out option);
        }

        if (argument.Length > 1 && argument[0] == '-')
        {
            letter = 1;
            return TryReadLetter(argument, out option);
        }

        return Fail($"'{argument}' is not an option, and nothing else is expected");
    }

    private bool TryReadLong(string argument, out GivenOption option)
    {
        option = default;
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string spelling = equals < 0 ? argument : argument[..equals];
        string? value = equals < 0 ? null : argument[(equals + 1)..];
        if (OptionKind.Find(spelling[2..]) is not { } kind)
        {
            string near = Nearest(spelling[2..]) is { } name ? $"; did you mean '--{name}'?" : "";
            return Fail($"unknown option '{spelling}'{near}");
        }

        at++;
        if (value is not null && kind.Value == OptionValue.None)
        {
            return Fail($"option '{spelling}' takes no value");
        }

        return TryFinish(kind, value, spelling, out option);
    }

    private bool TryReadLetter(string argument, out GivenOption option)
    {
        option = default;
        char c = argument[letter++];
        bool isLast = letter == argument.Length;
        if (OptionKind.Find(c) is not { } kind)
        {
            return Fail($"unknown option '-{c}'" + (argument.Length > 2 ? $" in '{argument}'" : ""));
        }

        string? value = null;
        if (!isLast && kind.Value == OptionValue.Required)
        {
            value = argument[letter..];
            isLast = true;
        }

        // In the middle of a bundle (-dn) an optional value is not there.
        if (!isLast)
        {
            option = new(kind, null, $"-{c}");
            return true;
        }

        at++;
        letter = 0;
        return TryFinish(kind, value, $"-{c}", out option);
    }

    private bool TryFinish(OptionKind kind, string? value, string spelling, out GivenOption option)
    {
        option = default;
        bool isNextFree = at < arguments.Length
            && (kind.Value == OptionValue.Required || !arguments[at].StartsWith('-'));
        if (value is null && kind.Value != OptionValue.None && isNextFree)
        {
            value = arguments[at++];
        }

        if (kind.Value == OptionValue.Required && string.IsNullOrEmpty(value))
        {
            return Fail($"option '{spelling}' needs a value ({kind.Hint})");
        }

        option = new(kind, value, spelling);
        return true;
    }

    private bool Fail(string error)
    {
        Error = error;
        at = arguments.Length;
        return false;
    }

    private static string? Nearest(string name)
    {
        string? best = null;
        int bestDistance = 3;
        foreach (OptionKind kind in OptionKind.All)
        {
            int distance = kind.Long.StartsWith(name, StringComparison.Ordinal) && name.Length > 1
                ? 0
                : Distance(name, kind.Long);
            if (distance < bestDistance)
            {
                best = kind.Long;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>How many letters to change, add or leave out (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > 2)
        {
            return int.MaxValue;
        }

        int[] row = new int[right.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
