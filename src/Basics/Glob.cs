using System;

namespace Spindle.Basics;

/// <summary>Patterns that match a whole name. Time grows with the product of both lengths at most.</summary>
public static class Glob
{
    /// <summary>True if a shell pattern matches: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a]</c> and <c>\</c> (POSIX.1, <c>man 7 glob</c>).</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) => Matches(pattern, name, isShell: true);

    /// <summary>True if a pattern matches in which <c>*</c> is any text, <c>?</c> any one character (of two units perhaps), and
    /// everything else itself: for names that have brackets and backslashes of their own.</summary>
    public static bool MatchesPlain(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) => Matches(pattern, name, isShell: false);

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name, bool isShell)
    {
        int p = 0, n = 0, starPattern = -1, starName = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = ++p;
                starName = n;
            }
            else if (p < pattern.Length && (isShell ? MatchesOne(pattern, ref p, name[n]) : MatchesPlainOne(pattern[p], name, ref n)))
            {
                p += isShell ? 0 : 1;
                n++;
            }
            else if (starPattern >= 0)
            {
                p = starPattern;
                n = ++starName;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    private static bool MatchesPlainOne(char wanted, ReadOnlySpan<char> name, ref int n)
    {
        bool isAny = wanted == '?';
        n += isAny && char.IsHighSurrogate(name[n]) && n + 1 < name.Length ? 1 : 0;
        return isAny || wanted == name[n];
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, ref int p, char c)
    {
        int at = p;
        switch (pattern[at])
        {
            case '?':
                p = at + 1;
                return true;
            case '[' when TryMatchSet(pattern, ref at, c, out bool matches):
                p = at;
                return matches;
            case '\\' when at + 1 < pattern.Length:
                p = at + 2;
                return pattern[at + 1] == c;
            default:
                p = at + 1;
                return pattern[at] == c;
        }
    }

    private static bool TryMatchSet(ReadOnlySpan<char> pattern, ref int at, char c, out bool matches)
    {
        matches = false;
        int i = at + 1;
        bool negated = i < pattern.Length && pattern[i] is '!' or '^';
        i += negated ? 1 : 0;
        for (int first = i; i < pattern.Length; i++)
        {
            if (pattern[i] == ']' && i > first)
            {
                at = i + 1;
                matches ^= negated;
                return true;
            }

            bool isRange = i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']';
            matches |= isRange ? c >= pattern[i] && c <= pattern[i + 2] : c == pattern[i];
            i += isRange ? 2 : 0;
        }

        return false;
    }
}
