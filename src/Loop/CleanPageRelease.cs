using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>When the loop has been quiet for a while, gives back the memory of code that nobody needs now.</summary>
/// <remarks>
/// The kernel maps sixteen pages around each one that is touched, so nearly all of a small program is mapped by the time it has
/// started; of that a turn needs little. Quiet means that no turn was made between two of our own. A loop that is busy is looked
/// at once in some <see cref="TurnsOfLook"/> turns of its own or once in <see cref="SpanMax"/>, so that a look is next to nothing, and soon
/// after its work has ended. Behind a release nothing wakes the loop: a tripwire waits for the first turn that something else
/// has made, and the next look is a pause later. A release and the faults that follow it take about half a millisecond: in the long
/// run there is one in an <see cref="Interval"/>, but what has been saved up may be spent at once, while a program starts or is worked with.
/// A timerfd says when: a timer of the loop's own would have every turn of a busy program read the clock twice and wait with a
/// timeout, which is more than all the rest of a turn.
/// </remarks>
internal sealed class CleanPageRelease
{
    private const string Name = "clean pages";
    private const int TurnsOfLook = 256;

    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SpanMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Savings = Interval * 30;

    private readonly EventLoop loop;
    private int timerFd = -1;
    private FdSource? source;
    private long turn;
    private TimeSpan span = SpanMin;
    private Instant paidUntil;

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

    // Where there is no timerfd or watch to be had, the memory is kept.
    private void Start(PhaseSource first)
    {
        first.Remove();
        Result result = loop.Kernel.TimerFdCreate(ClockId.Monotonic);
        if (!result.IsOk)
        {
            return;
        }

        timerFd = result.Int;

        // Before all others: what waits for its turn makes every turn a long one.
        result = loop.TryAddFd(timerFd, FdEvents.Readable, (_, _) => Look(), out source, Priority.High, Name);
        if (!result.IsOk)
        {
            loop.Kernel.Close(timerFd);
            return;
        }

        loop.Disposing += End;
        LookAgain();
    }

    private void Look()
    {
        if (loop.Turn == turn + 1)
        {
            turn = loop.Turn;
            loop.Kernel.TimerFdSet(timerFd, Instant.Never); // this also takes back that it is readable
            loop.AddPhase(LoopPhase.AfterDispatch, Awaken, Priority.Low, Name);
            paidUntil = (paidUntil > loop.Now ? paidUntil : loop.Now) + Interval;
            loop.Kernel.ReleaseCleanPages(); // last: what was just needed goes too
            return;
        }

        bool isWorking = loop.Turn - turn > TurnsOfLook;
        span = isWorking ? Max(span / 2, SpanMin) : span * 2 < SpanMax ? span * 2 : SpanMax;
        LookAgain();
    }

    private void LookAgain()
    {
        turn = loop.Turn;
        LookIn(span);
    }

    /// <summary>The loop works again.</summary>
    private void Awaken(PhaseSource tripwire)
    {
        if (loop.Turn == turn)
        {
            return; // this is still the turn of the release
        }

        tripwire.Remove();
        turn = loop.Turn;
        span = SpanMin;
        LookIn(Max(paidUntil - Savings - loop.Now, PauseMin));
    }

    private void LookIn(TimeSpan wait) => loop.Kernel.TimerFdSet(timerFd, loop.Now + wait);

    private void End()
    {
        source!.Remove();
        loop.Kernel.Close(timerFd);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
