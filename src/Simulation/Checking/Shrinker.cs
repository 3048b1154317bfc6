using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Makes a script shorter as long as model and kernel still differ.</summary>
internal static class Shrinker
{
    private const int PlaysMax = 3000;

    public static Difference Shrink(Difference difference, Func<IReadOnlyList<ScriptStep>, Difference?> play)
    {
        int plays = 0;
        Difference best = difference;
        for (int part = best.Steps.Count / 2; part > 0 && plays < PlaysMax;)
        {
            bool hasShrunk = false;
            for (int start = best.Steps.Count - part; start >= 0 && plays < PlaysMax; start -= part)
            {
                if (start + part > best.Steps.Count)
                {
                    continue;
                }

                List<ScriptStep> shorter = [.. best.Steps.Take(start), .. best.Steps.Skip(start + part)];
                plays++;
                if (IsPlayable(shorter) && play(shorter) is { } still)
                {
                    best = still;
                    hasShrunk = true;
                }
            }

            part = hasShrunk ? Math.Min(part, Math.Max(best.Steps.Count / 2, 1)) : part / 2;
        }

        return best;
    }

    /// <summary>True if every name a step uses is made by a step before.</summary>
    private static bool IsPlayable(List<ScriptStep> steps)
    {
        try
        {
            ScriptParser.Parse(string.Join('\n', steps.Select(step => step.Text)));
            return steps.Count > 0;
        }
        catch (ScriptException)
        {
            return false;
        }
    }
}
