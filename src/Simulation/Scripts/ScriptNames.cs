using System;
using System.Collections.Generic;
using System.Globalization;

namespace Spindle.Simulation.Scripts;

/// <summary>The names that the steps of a script have made, before it runs.</summary>
internal sealed class ScriptNames
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> fifos = new(StringComparer.Ordinal);
    private readonly HashSet<string> threads = new(StringComparer.Ordinal);
    private readonly HashSet<string> families = new(StringComparer.Ordinal);

    public bool Knows(string word) => IsLiteral(word, out _) || names.Contains(word) || families.Contains(FamilyOf(word));

    public bool KnowsThread(string word) => threads.Contains(word);

    public bool KnowsFifo(string word) => fifos.Contains(word);

    public void Define(ScriptVerb verb, ScriptStep step)
    {
        if (verb.Kinds.StartsWith('Q'))
        {
            fifos.Add(step.Words[1]);
        }
        else if (verb.Kinds.StartsWith('T'))
        {
            threads.Add(step.Words[1]);
        }

        int index = verb.Kinds.IndexOf('N', StringComparison.Ordinal);
        if (index < 0)
        {
            return;
        }

        string name = step.Words[index + 1];
        foreach (string end in verb.Ends)
        {
            if (end == ".*")
            {
                families.Add(name);
            }
            else
            {
                names.Add(name + end);
            }
        }
    }

    /// <summary>A descriptor by its number: <c>#5</c>.</summary>
    public static bool IsLiteral(string word, out int fd)
    {
        fd = -1;
        return word.StartsWith('#')
            && int.TryParse(word.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out fd);
    }

    private static string FamilyOf(string word)
    {
        int dot = word.LastIndexOf('.');
        return dot < 0 ? "" : word[..dot];
    }
}
