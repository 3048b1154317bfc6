using System;

namespace Spindle.DBus;

/// <summary>What the D-Bus specification calls valid names (section "Valid Names") and valid object paths.</summary>
/// <remarks>libdbus ends the process when it is handed an invalid one, so each is checked here first.</remarks>
public static class BusNames
{
    /// <summary>The most octets in a bus, interface, error or member name.</summary>
    public const int LengthMax = 255;

    /// <summary>The most octets we take in an object path. The specification has no limit; ours keeps tables small.</summary>
    public const int PathLengthMax = 4096;

    /// <summary><c>/</c>, or elements of <c>[A-Za-z0-9_]</c>, each after a slash.</summary>
    public static bool IsObjectPath(ReadOnlySpan<char> path)
    {
        if (path.Length is 0 or > PathLengthMax || path[0] != '/')
        {
            return false;
        }

        if (path.Length == 1)
        {
            return true;
        }

        char previous = '/';
        foreach (char c in path[1..])
        {
            if (c == '/' ? previous == '/' : !IsElement(c))
            {
                return false;
            }

            previous = c;
        }

        return previous != '/';
    }

    /// <summary>Two or more elements of <c>[A-Za-z_][A-Za-z0-9_]*</c> with dots between: <c>net.connman.Manager</c>.</summary>
    public static bool IsInterface(ReadOnlySpan<char> name) => AreElements(name, 2, mayHaveHyphen: false);

    /// <summary>An error's name has the form of an interface's.</summary>
    public static bool IsError(ReadOnlySpan<char> name) => IsInterface(name);

    /// <summary>One element: <c>GetProperties</c>.</summary>
    public static bool IsMember(ReadOnlySpan<char> name) => !name.Contains('.') && AreElements(name, 1, mayHaveHyphen: false);

    /// <summary>A well-known name <c>net.connman</c> (<c>-</c> is allowed) or a unique one <c>:1.42</c>.</summary>
    /// <remarks>Unique names are the bus's to choose: as libdbus, we only ask for the right characters, and for one
    /// behind each dot.</remarks>
    public static bool IsBusName(ReadOnlySpan<char> name) => IsUnique(name)
        ? name.Length <= LengthMax && IsUniqueRest(name[1..])
        : AreElements(name, 2, mayHaveHyphen: true);

    /// <summary>True if it begins as the bus's own names for connections do. No check of the rest.</summary>
    public static bool IsUnique(ReadOnlySpan<char> name) => name.Length > 0 && name[0] == ':';

    private static bool AreElements(ReadOnlySpan<char> name, int countMin, bool mayHaveHyphen)
    {
        if (name.Length is 0 or > LengthMax)
        {
            return false;
        }

        int count = 1;
        bool atStart = true;
        foreach (char c in name)
        {
            if (c == '.')
            {
                if (atStart)
                {
                    return false;
                }

                count++;
                atStart = true;
                continue;
            }

            bool fits = IsElement(c) || (mayHaveHyphen && c == '-');
            if (!fits || (atStart && char.IsAsciiDigit(c)))
            {
                return false;
            }

            atStart = false;
        }

        return !atStart && count >= countMin;
    }

    private static bool IsUniqueRest(ReadOnlySpan<char> rest)
    {
        for (int i = 0; i < rest.Length; i++)
        {
            // What follows a dot is no dot.
            i += rest[i] == '.' ? 1 : 0;
            if (i == rest.Length || !(IsElement(rest[i]) || rest[i] == '-'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsElement(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
