using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Loop.Diagnostics;

/// <summary>Puts spans together from what an observer is told. The loop's thread alone.</summary>
internal abstract class TraceRecorder : LoopObserver
{
    private readonly Stack<(long Turn, Instant At)> turns = new();
    private readonly Stack<Instant> dispatches = new();
    private long lateness = -1;

    public override void TurnBegan(long turn, Instant at) => turns.Push((turn, at));

    public override void Waited(int ready, Instant from, Instant to) =>
        Record(new TraceEvent(TraceKind.Wait, null, from.Nanoseconds, to.Nanoseconds, ready));

    public override void TimerDue(TimerSource timer, TimeSpan lateness) =>
        this.lateness = lateness.Ticks * TimeSpan.NanosecondsPerTick;

    public override void DispatchBegan(Source source, Instant at) => dispatches.Push(at);

    public override void DispatchEnded(Source source, Instant at)
    {
        // Empty if the recording began in the middle of a dispatch.
        if (dispatches.TryPop(out Instant began))
        {
            long late = source is TimerSource ? lateness : -1;
            Record(new TraceEvent(TraceKind.Dispatch, source.ToString(), began.Nanoseconds, at.Nanoseconds, late));
        }
    }

    public override void TurnEnded(Instant at)
    {
        if (turns.TryPop(out (long Turn, Instant At) began))
        {
            Record(new TraceEvent(TraceKind.Turn, null, began.At.Nanoseconds, at.Nanoseconds, began.Turn));
        }
    }

    protected abstract void Record(in TraceEvent span);
}
