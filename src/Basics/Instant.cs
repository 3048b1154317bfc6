using System;
using System.Globalization;

namespace Spindle.Basics;

/// <summary>A point in time on a clock that only goes forward, in nanoseconds since that clock's origin.</summary>
/// <remarks>
/// Which clock it is (monotonic, boot-time, virtual) is the caller's affair; instants of two clocks must not be mixed.
/// Arithmetic saturates at <see cref="Never"/> instead of wrapping, so an infinite lifetime needs no special case.
/// </remarks>
/// <param name="Nanoseconds">Nanoseconds since the clock's origin.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>The clock's origin.</summary>
    public static Instant Zero => default;

    /// <summary>Later than every instant that comes: a deadline that is not set.</summary>
    public static Instant Never => new(long.MaxValue);

    /// <summary>True for <see cref="Never"/>.</summary>
    public bool IsNever => Nanoseconds == long.MaxValue;

    /// <summary>An instant <paramref name="seconds"/> seconds after the origin.</summary>
    public static Instant FromSeconds(long seconds) => Zero + TimeSpan.FromSeconds(seconds);

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds ? left : right;

    /// <summary>The later of two instants.</summary>
    public static Instant Max(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds ? left : right;

    /// <summary>The instant a span later; <see cref="Never"/> where that lies beyond the range.</summary>
    public static Instant operator +(Instant instant, TimeSpan span)
    {
        if (instant.IsNever || span == TimeSpan.MaxValue)
        {
            return Never;
        }

        Int128 sum = (Int128)instant.Nanoseconds + ((Int128)span.Ticks * 100);
        return sum >= long.MaxValue ? Never : sum <= long.MinValue ? new(long.MinValue) : new((long)sum);
    }

    /// <summary>The instant a span earlier; <see cref="Never"/> stays <see cref="Never"/>.</summary>
    public static Instant operator -(Instant instant, TimeSpan span) =>
        instant.IsNever ? Never : instant + span.Negate();

    /// <summary>The span from <paramref name="right"/> to <paramref name="left"/>, rounded towards zero to 100 ns;
    /// <see cref="TimeSpan.MaxValue"/> if <paramref name="left"/> is <see cref="Never"/>.</summary>
    public static TimeSpan operator -(Instant left, Instant right)
    {
        if (left.IsNever)
        {
            return TimeSpan.MaxValue;
        }

        Int128 ticks = ((Int128)left.Nanoseconds - right.Nanoseconds) / 100;
        return new TimeSpan((long)Int128.Clamp(ticks, long.MinValue, long.MaxValue));
    }

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Earlier than or the same.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Later than or the same.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds since the origin with nine decimals, or <c>never</c>.</summary>
    public override string ToString() => IsNever
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000_000_000m:F9}");
}
