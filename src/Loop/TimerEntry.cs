using System.Collections.Generic;

namespace Spindle.Loop;

/// <summary>What stands for a timer where the armed ones are kept in order: 16 octets, so that a move touches no timer.</summary>
internal struct TimerEntry
{
    public long DueAt;

    /// <summary>Which arming it is of.</summary>
    public uint Order;

    /// <summary>Where to find the timer, if it still stands by this entry.</summary>
    public int Slot;

    public static bool IsBefore(in TimerEntry left, in TimerEntry right) =>
        left.DueAt < right.DueAt | (left.DueAt == right.DueAt & left.Order < right.Order);

    public readonly struct Ascending : IComparer<TimerEntry>
    {
        public int Compare(TimerEntry x, TimerEntry y) => IsBefore(x, y) ? -1 : IsBefore(y, x) ? 1 : 0;
    }
}
