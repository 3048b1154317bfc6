namespace Spindle.Simulation.Waiting;

/// <summary>One who waits in a <see cref="WaitQueue"/>: what a wake does to it is its own affair.</summary>
internal abstract class WaitEntry
{
    /// <summary>The queue it is in, or null.</summary>
    public WaitQueue? Queue { get; internal set; }

    /// <summary>An exclusive entry that was woken uses up the wake.</summary>
    public bool IsExclusive { get; internal set; }

    internal WaitEntry? Next { get; set; }

    internal WaitEntry? Previous { get; set; }

    /// <summary>Called by a wake. It may take itself out of the queue, but no other entry.</summary>
    /// <param name="key">What happened; none if that is unknown.</param>
    /// <returns>True if the wake reached somebody: counts for exclusive entries alone.</returns>
    public abstract bool Wake(PollMask key);
}
