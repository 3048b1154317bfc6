using System.Collections.Generic;

namespace Spindle.Loop;

/// <summary>What few sources have, and what the many therefore need no room for.</summary>
internal sealed class SourceExtras
{
    public Source? Parent { get; set; }

    /// <summary>In the order of their dispatch.</summary>
    public List<Source>? Children { get; set; }

    /// <summary>Grows with every child added anywhere: the order of adding.</summary>
    public long AddedAsChild { get; set; }

    /// <summary>To be called once because a child is ready.</summary>
    public bool IsForced { get; set; }

    /// <summary>How many nested runs keep it blocked.</summary>
    public int BlockCount { get; set; }

    public RateLimiter? Limiter { get; set; }

    /// <summary>Belongs to <see cref="SpinDetector"/>: its calls since something else happened, the time of that, and
    /// whether the notice was given.</summary>
    public long SpinEpoch { get; set; }

    public int SpinCount { get; set; }

    public bool IsSpinNoticed { get; set; }
}
