using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Called when the wall clock was set.</summary>
/// <param name="source">The source; removing it here is legal.</param>
/// <param name="now">The wall clock now, in nanoseconds since 1970, UTC.</param>
public delegate void ClockStepHandler(ClockStepSource source, Instant now);

/// <summary>Says that the wall clock was set (<c>TFD_TIMER_CANCEL_ON_SET</c>), also by a resume from suspend.</summary>
/// <remarks>Timers of the wall clock need it not: they look at the clock anew by themselves. It is for what was computed from
/// the wall clock: a calendar's next day, a row of deadlines that should begin anew. Two steps before the callback are one.</remarks>
public sealed class ClockStepSource : Source
{
    private readonly ClockStepHandler handler;

    internal ClockStepSource(EventLoop loop, ClockStepHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        this.handler = handler;
        try
        {
            loop.Timers.Join(this);
        }
        catch
        {
            Remove();
            throw;
        }
    }

    internal void Raise() => Flag();

    internal override bool Dispatch(long turn)
    {
        Unflag();
        handler(this, Loop.RealtimeNow);
        return true;
    }

    internal override void Detach() => Loop.Timers.Leave(this);
}
