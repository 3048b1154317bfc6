using System;
using Spindle.Loop;

namespace Spindle.Simulation.Daemons;

/// <summary>Turns a loop of the simulated kernel until something has come.</summary>
internal static class LoopTurns
{
    private const int TurnsMax = 1000;

    public static void TurnUntil(this EventLoop loop, Func<bool> isDone)
    {
        for (int turn = 0; !isDone(); turn++)
        {
            Assert.True(turn < TurnsMax, "it does not come to an end");
            loop.Iterate(mayBlock: true);
        }
    }
}
