using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Makes a failing scenario small: takes out lines, in halves first and one by one last, as long as it goes on failing.</summary>
internal static class Shrinker
{
    public static Scenario Shrink(Scenario failing, Func<Scenario, bool> fails)
    {
        List<string> lines = [.. failing.Lines];
        for (int chunk = lines.Count / 2; chunk >= 1;)
        {
            bool isSmaller = false;
            for (int start = 0; start < lines.Count;)
            {
                List<string> fewer = lines.Take(start).Concat(lines.Skip(start + chunk)).ToList();
                if (fails(new Scenario(fewer)))
                {
                    lines = fewer;
                    isSmaller = true;
                }
                else
                {
                    start += chunk;
                }
            }

            chunk = isSmaller && chunk == 1 ? 1 : chunk / 2;
        }

        return new Scenario(lines);
    }
}
