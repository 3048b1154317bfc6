using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Called when a rate limit bites, and when its source is back.</summary>
/// <param name="source">Whose.</param>
/// <param name="isLimited">True: it is off-line from now on; false: it is back.</param>
public delegate void RateLimitHandler(Source source, bool isLimited);

/// <summary>Counts the calls of one source, and shuts it until its interval is over. A timer of the loop's opens it again.</summary>
internal sealed class RateLimiter
{
    private readonly Source source;
    private readonly TimeSpan interval;
    private readonly int burst;
    private readonly RateLimitHandler? notice;
    private readonly TimerSource timer;
    private Instant beganAt = Instant.Never;
    private int count;

    public RateLimiter(Source source, TimeSpan interval, int burst, RateLimitHandler? notice)
    {
        this.source = source;
        this.interval = interval;
        this.burst = burst;
        this.notice = notice;
        timer = source.Loop.AddTimer((_, _) => Open(), source.Priority, $"rate limit of {source}");
        source.Loop.Turns.RequireFull(LoopFeatures.RateLimits);
    }

    /// <summary>One more call?</summary>
    /// <returns>False: the source is off-line by now.</returns>
    public bool Admit()
    {
        Instant now = source.Loop.Now;
        if (beganAt.IsNever || now >= beganAt + interval)
        {
            beganAt = now;
            count = 0;
        }

        if (count < burst)
        {
            count++;
            return true;
        }

        timer.Priority = source.Priority;
        timer.ArmAt(beganAt + interval);
        source.Change(SourceState.Limited, isShut: true);
        notice?.Invoke(source, true);
        return false;
    }

    /// <summary>The limit is no more.</summary>
    public void End()
    {
        timer.Remove();
        source.Change(SourceState.Limited, isShut: false);
        source.Loop.Turns.ReleaseFull(LoopFeatures.RateLimits);
    }

    private void Open()
    {
        beganAt = Instant.Never;
        source.Change(SourceState.Limited, isShut: false);
        notice?.Invoke(source, false);
    }
}
