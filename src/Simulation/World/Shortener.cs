using System;
using System.Collections.Generic;

namespace Spindle.Simulation.World;

/// <summary>Finds a small cause of a failure: leaves out ever more of what happened, as long as the run still fails (Zeller's ddmin).</summary>
internal static class Shortener
{
    /// <summary>Numbers of the events that must stay for the failure.</summary>
    /// <param name="happened">What happened in the failing run (<see cref="Choices.Happened"/>).</param>
    /// <param name="fails">Runs the seed without these events and says whether it fails in the same way.</param>
    /// <param name="runsMax">So many runs at most.</param>
    public static IReadOnlyList<ulong> Shorten(
        IReadOnlyList<ulong> happened, Func<IReadOnlySet<ulong>, bool> fails, int runsMax = 200)
    {
        List<ulong> needed = [.. happened];
        int pieces = 2;
        int runs = 0;
        while (needed.Count > 0 && runs < runsMax)
        {
            int size = Math.Max(1, (needed.Count + pieces - 1) / pieces);
            bool isShorter = false;
            for (int at = 0; at < needed.Count && runs < runsMax; at += size)
            {
                List<ulong> kept = [.. needed];
                kept.RemoveRange(at, Math.Min(size, kept.Count - at));
                runs++;
                if (fails(Without(happened, kept)))
                {
                    needed = kept;
                    isShorter = true;
                    break;
                }
            }

            if (isShorter)
            {
                pieces = Math.Max(2, pieces - 1);
            }
            else if (size == 1)
            {
                break;
            }
            else
            {
                pieces = Math.Min(needed.Count, pieces * 2);
            }
        }

        return needed;
    }

    private static HashSet<ulong> Without(IReadOnlyList<ulong> happened, List<ulong> kept)
    {
        HashSet<ulong> leftOut = [.. happened];
        leftOut.ExceptWith(kept);
        return leftOut;
    }
}
