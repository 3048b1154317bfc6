using System;

namespace Spindle.LibvirtDoor.Tls;

/// <summary>Patterns of <c>tls_allowed_dn_list</c>: <c>*</c> is any text, <c>?</c> any one character, and everything else itself. No
/// brackets and no backslashes as in a shell's patterns: names have backslashes of their own.</summary>
internal static class NamePattern
{
    /// <summary>True if the pattern matches the whole name. Time grows with the product of both lengths at most.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, afterStar = -1, starAt = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                starAt = n;
            }
            else if (p < pattern.Length && (pattern[p] == name[n] || pattern[p] == '?'))
            {
                // One character, of two units perhaps.
                n += pattern[p] == '?' && char.IsHighSurrogate(name[n]) && n + 1 < name.Length ? 2 : 1;
                p++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                n = ++starAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
