using System;
using System.Diagnostics.CodeAnalysis;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>Once the loop has been quiet for a while, gives back the memory of the code that only its start needed.</summary>
/// <remarks>
/// The kernel maps sixteen pages around each one that is touched, so nearly all of a small program is mapped by the time it has
/// started; of that a turn needs little. Quiet means that no turn was made between two of our own. A loop that is busy is looked
/// at ever less often: twice the time after each look, up to <see cref="SpanMax"/>.
/// </remarks>
internal sealed class CleanPageRelease
{
    private static readonly TimeSpan SpanMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SpanMax = TimeSpan.FromMinutes(1);

    private long turn = -1;
    private TimeSpan span = SpanMin;

    /// <summary>What the program was built with.</summary>
    [FeatureSwitchDefinition("Spindle.Loop.ReleasesCleanPages")]
    public static bool IsDefault =>
        AppContext.TryGetSwitch("Spindle.Loop.ReleasesCleanPages", out bool isOn) && isOn;

    /// <summary>The first look is in the first turn, whenever that is.</summary>
    public static void Begin(EventLoop loop) =>
        loop.AddTimer(new CleanPageRelease().Look, Priority.Low, "clean pages").ArmAt(Instant.Zero);

    private void Look(TimerSource timer, Instant now)
    {
        long seen = timer.Loop.Turn;
        if (seen == turn + 1)
        {
            timer.Remove();
            timer.Loop.Kernel.ReleaseCleanPages();
            return;
        }

        turn = seen;
        timer.ArmAfter(span);
        span = span * 2 < SpanMax ? span * 2 : SpanMax;
    }
}
