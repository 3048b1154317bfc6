using System;
using System.Globalization;

namespace Spindle.Daemon.Storage;

/// <summary>Points in time as ConnMan writes them: <c>2026-11-21T00:43:17Z</c> (ISO 8601, UTC, whole seconds).</summary>
/// <remarks>By hand, since the runtime's own way brings a hundred kilobytes of cultures and time zones along.</remarks>
internal static class UtcText
{
    private const int Length = 20;

    /// <summary>The text of a time in UTC.</summary>
    public static string Of(DateTime time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.Year:D4}-{time.Month:D2}-{time.Day:D2}T{time.Hour:D2}:{time.Minute:D2}:{time.Second:D2}Z");

    /// <summary>The time in UTC; null if the text is none.</summary>
    public static DateTime? Read(string? text)
    {
        if (text is not { Length: Length } || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':'
            || text[16] != ':' || text[19] != 'Z')
        {
            return null;
        }

        bool ok = TryNumber(text, 0, 4, 1, 9999, out int year);
        ok &= TryNumber(text, 5, 2, 1, 12, out int month);
        ok &= TryNumber(text, 11, 2, 0, 23, out int hour);
        ok &= TryNumber(text, 14, 2, 0, 59, out int minute);
        ok &= TryNumber(text, 17, 2, 0, 59, out int second);
        return ok && TryNumber(text, 8, 2, 1, DateTime.DaysInMonth(year, month), out int day)
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc)
            : null;
    }

    private static bool TryNumber(string text, int at, int length, int min, int max, out int number) =>
        int.TryParse(text.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number >= min && number <= max;
}
