namespace Spindle.Loop;

/// <summary>When a descriptor's readiness is told.</summary>
/// <remarks>
/// One descriptor may have sources of different triggers. Beside one of another trigger an <see cref="Edge"/> source may be
/// told as often as that one's readiness is looked at.
/// </remarks>
public enum FdTrigger
{
    /// <summary>Every turn, as long as it is ready.</summary>
    Level,

    /// <summary>
    /// When it becomes ready: at least once after it was not (a read or write on the loop's thread ended with EAGAIN, or took
    /// less than there was room for). It may be told more often, also without need. Whoever does not take all there
    /// is must call <see cref="FdSource.Rearm"/> to hear of the rest. Nothing is lost to a better priority: what was found
    /// waits until those are done.
    /// </summary>
    Edge,

    /// <summary>Once; then the descriptor is left alone, errors and hang-ups included, until <see cref="FdSource.Rearm"/>.</summary>
    OneShot,
}
