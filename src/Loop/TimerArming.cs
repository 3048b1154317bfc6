namespace Spindle.Loop;

/// <summary>What the queue keeps in a timer: together, so that arming it anew touches a cache line or two of it.</summary>
internal struct TimerArming
{
    /// <summary>The deadline in nanoseconds; that of <see cref="Basics.Instant.Never"/> while disarmed.</summary>
    public long DueAt;

    /// <summary>The distance of a periodic timer's deadlines; 0: it has none.</summary>
    public long Period;

    /// <summary>Which arming this is; 0: not in the queue.</summary>
    public uint Order;

    /// <summary>Where the queue's entries find it, while it is queued.</summary>
    public int Slot;

    /// <summary>The deadline its entry in the queue has: not later than the real one.</summary>
    public long PlacedAt;
}
