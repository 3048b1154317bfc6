using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>When the loop has been quiet for a while, gives back the memory of code that nobody needs now.</summary>
/// <remarks>
/// The kernel maps sixteen pages around each one that is touched, so nearly all of a small program is mapped by the time it has
/// started; of that a turn needs little. Quiet means that no turn was made between two of our own. A loop that is busy is looked
/// at ever less often: twice the time after each look, up to <see cref="SpanMax"/>. Behind a release nothing wakes the loop: a
/// tripwire waits for the first turn that something else has made, and the next look is a pause later, which doubles too.
/// </remarks>
internal sealed class CleanPageRelease
{
    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SpanMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(5);

    private readonly EventLoop loop;
    private readonly TimerSource timer;
    private long turn = -1;
    private TimeSpan span = SpanMin;
    private TimeSpan pause = PauseMin;

    private CleanPageRelease(EventLoop loop)
    {
        this.loop = loop;
        timer = loop.AddTimer((_, _) => Look(), Priority.Low, "clean pages");
        timer.ArmAt(Instant.Zero);
    }

    /// <summary>What the program was built with.</summary>
    [FeatureSwitchDefinition("Spindle.Loop.ReleasesCleanPages")]
    public static bool IsDefault =>
        AppContext.TryGetSwitch("Spindle.Loop.ReleasesCleanPages", out bool isOn) && isOn;

    /// <summary>The first look is in the first turn, whenever that is.</summary>
    public static void Begin(EventLoop loop) => _ = new CleanPageRelease(loop);

    private void Look()
    {
        if (loop.Turn == turn + 1)
        {
            turn = loop.Turn;
            loop.AddPhase(LoopPhase.AfterDispatch, Awaken, Priority.Low, "clean pages");
            loop.Kernel.ReleaseCleanPages(); // last: what was just needed goes too
            return;
        }

        turn = loop.Turn;
        timer.ArmAfter(span);
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
        timer.ArmAfter(pause);
        pause = Twice(pause, PauseMax);
    }

    private static TimeSpan Twice(TimeSpan span, TimeSpan max) => span * 2 < max ? span * 2 : max;
}
