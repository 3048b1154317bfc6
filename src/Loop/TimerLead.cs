using System;

namespace Spindle.Loop;

/// <summary>How much earlier than a timer is due the kernel is asked to wake the loop, because it wakes late: on the way from the
/// clock's interrupt to the thread 20 µs may go by. Learned from the wake-ups themselves.</summary>
/// <remarks>It follows the earlier ones among them, quickly downwards and slowly upwards: about one in eight comes before the
/// timer is due, and waits for the rest once more. Nothing is spent on being early but that call: the loop never spins.</remarks>
internal sealed class TimerLead
{
    /// <summary>What comes later than that is not late for the way alone: the machine is busy.</summary>
    public const long LeadMax = 50_000;

    private const int ShiftUp = 5;
    private const int ShiftDown = 2;

    private long nanoseconds;

    /// <summary>How much earlier to be woken, of a wait that is to last so long.</summary>
    public TimeSpan For(TimeSpan wait)
    {
        TimeSpan lead = new(nanoseconds / TimeSpan.NanosecondsPerTick);
        return lead * 2 < wait ? lead : TimeSpan.Zero;
    }

    /// <summary>A wake-up came so much later than it was asked for.</summary>
    public void Note(long lateness)
    {
        long error = Math.Min(lateness, LeadMax) - nanoseconds;
        nanoseconds += error >> (error < 0 ? ShiftDown : ShiftUp);
    }
}
