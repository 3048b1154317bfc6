using System.Threading;
using System.Threading.Tasks;
using Spindle.Basics;

namespace Spindle.Loop.Async;

/// <summary>An awaited deadline, with a timer of its own that is kept with it.</summary>
internal sealed class DelayAwait : PendingResult<bool>
{
    private readonly TimerSource timer;

    public DelayAwait(LoopAwaits awaits)
        : base(awaits)
    {
        timer = awaits.Loop.AddTimer((_, _) => Complete(true, atOnce: true), name: "delay");

        // The method that goes on may run the loop, and this very delay may be the next that is awaited there.
        timer.CanRecurse = true;
    }

    public ValueTask Wait(Instant at, CancellationToken cancellation)
    {
        timer.ArmAt(at);
        Begin(cancellation);
        return AsVoidTask();
    }

    protected override void LetGo() => timer.Disarm();

    protected override void Recycle()
    {
        if (!Awaits.Keep(this))
        {
            timer.Remove();
        }
    }
}
