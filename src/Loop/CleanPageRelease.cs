using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>When the loop has been quiet for a while, gives back the memory of code that nobody needs now.</summary>
/// <remarks>
/// The kernel maps sixteen pages around each one that is touched, so nearly all of a small program is mapped by the time it has
/// started; of that a turn needs little. Quiet means that no turn was made between two of our own. A loop that is busy is looked
/// at ever less often: twice the time after each look, up to <see cref="SpanMax"/>. Behind a release nothing wakes the loop: a
/// tripwire waits for the first turn that something else has made, and the next look is a pause later, which doubles too.
/// A timerfd says when: a timer of the loop's own would have every turn of a busy program read the clock twice and wait with a
/// timeout, which is more than all the rest of a turn.
/// </remarks>
internal sealed class CleanPageRelease
{
    private const string Name = "clean pages";

    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SpanMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);

    private readonly EventLoop loop;
    private int timerFd = -1;
    private FdSource? source;
    private long turn = -1;
    private TimeSpan span = SpanMin;
    private TimeSpan pause = PauseMin;

    private CleanPageRelease(EventLoop loop)
    {
        this.loop = loop;
        loop.AddPhase(LoopPhase.BeforeWait, Start, Priority.Low, Name);
    }

    /// <summary>What the program was built with.</summary>
    [FeatureSwitchDefinition("Spindle.Loop.ReleasesCleanPages")]
    public static bool IsDefault =>
        AppContext.TryGetSwitch("Spindle.Loop.ReleasesCleanPages", out bool isOn) && isOn;

    /// <summary>The first look is a while after the first turn, whenever that is.</summary>
    public static void Begin(EventLoop loop) => _ = new CleanPageRelease(loop);

    // Where there is no timerfd to be had, the memory is kept.
    private void Start(PhaseSource first)
    {
        first.Remove();
        Result result = loop.Kernel.TimerFdCreate(ClockId.Monotonic);
        if (!result.IsOk)
        {
            return;
        }

        timerFd = result.Int;
        loop.Disposing += End;

        // Before all others: what waits for its turn makes every turn a long one.
        source = loop.AddFd(timerFd, FdEvents.Readable, (_, _) => Look(), Priority.High, Name);
        LookAgain();
    }

    private void Look()
    {
        if (loop.Turn == turn + 1)
        {
            turn = loop.Turn;
            loop.Kernel.TimerFdSet(timerFd, Instant.Never); // this also takes back that it is readable
            loop.AddPhase(LoopPhase.AfterDispatch, Awaken, Priority.Low, Name);
            loop.Kernel.ReleaseCleanPages(); // last: what was just needed goes too
            return;
        }

        LookAgain();
    }

    private void LookAgain()
    {
        turn = loop.Turn;
        LookIn(span);
        span = Twice(span, SpanMax);
    }

    /// <summary>The loop works again.</summary>
    private void Awaken(PhaseSource tripwire)
    {
        if (loop.Turn == turn)
        {
            return; // this is still the turn of the release
        }

        tripwire.Remove();
        turn = -1;
        span = SpanMin;
        LookIn(pause);
        pause = Twice(pause, PauseMax);
    }

    private void LookIn(TimeSpan wait) => loop.Kernel.TimerFdSet(timerFd, loop.Now + wait);

    private void End()
    {
        source!.Remove();
        loop.Kernel.Close(timerFd);
    }

    private static TimeSpan Twice(TimeSpan span, TimeSpan max) => span * 2 < max ? span * 2 : max;
}
