using System;
using System.Collections.Generic;
using System.Globalization;

namespace Spindle.Simulation.Scripts;

/// <summary>Reads scripts: steps separated by <c>;</c> or ends of lines, comments from <c>#</c> at the start of a line.</summary>
public static class ScriptParser
{
    private const int CountMax = 100_000;

    /// <summary>Reads a whole script.</summary>
    /// <exception cref="ScriptException">A step is not written as its verb wants it, or uses a name that no step before has made.</exception>
    public static IReadOnlyList<ScriptStep> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<ScriptStep> steps = [];
        ScriptNames names = new();
        string[] lines = text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            if (lines[index].TrimStart().StartsWith('#'))
            {
                continue;
            }

            foreach (string part in lines[index].Split(';'))
            {
                string[] words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 0)
                {
                    ScriptStep step = new(steps.Count + 1, index + 1, words);
                    Check(step, names);
                    steps.Add(step);
                }
            }
        }

        return steps;
    }

    internal static bool TryNumber(string word, out long number)
    {
        if (word == "max")
        {
            number = -2; // 2^64-2 as a signed number
            return true;
        }

        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            || (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) && (number = (long)large) != 0);
    }

    private static void Check(ScriptStep step, ScriptNames names)
    {
        if (!ScriptVerbs.All.TryGetValue(step.Verb, out ScriptVerb? verb))
        {
            throw new ScriptException(step.Line, $"there is no step '{step.Verb}'");
        }

        int given = step.Words.Count - 1;
        if (given < verb.RequiredCount || given > verb.MaxCount)
        {
            throw new ScriptException(step.Line, $"'{step.Text}': usage: {verb.Usage}");
        }

        for (int index = 0; index < given; index++)
        {
            string? complaint = Complaint(verb.KindOf(index), step.Words[index + 1], names);
            if (complaint is not null)
            {
                throw new ScriptException(step.Line, $"'{step.Text}': {complaint} (usage: {verb.Usage})");
            }
        }

        if (verb.Complaint?.Invoke(step) is { } wrong)
        {
            throw new ScriptException(step.Line, $"'{step.Text}': {wrong} (usage: {verb.Usage})");
        }

        foreach (ScriptStep inner in verb.Inner?.Invoke(step) ?? [])
        {
            Check(inner, names);
        }

        names.Define(verb, step);
    }

    private static string? Complaint(char kind, string word, ScriptNames names) => kind switch
    {
        'F' => names.Knows(word) ? null : $"no step before makes '{word}'",
        'I' => TryNumber(word, out _) ? null : $"'{word}' is no number",
        'C' => TryNumber(word, out long count) && count is > 0 and <= CountMax ? null : $"'{word}' is no count from 1 to {CountMax}",
        'B' => TryNumber(word, out long octets) && octets is >= 0 and <= ScriptContext.BufferSize
            ? null : $"'{word}' is no count of octets from 0 to {ScriptContext.BufferSize}",
        'M' => MaskText.TryParse(word, out _) ? null : $"'{word}' is no mask",
        'O' => word is "regular" or "dir" or "null" or "path" || names.KnowsFifo(word) ? null : $"no step before makes a FIFO '{word}'",
        'S' => names.KnowsThread(word) ? null : $"no step before starts '{word}'",
        'P' => ComplaintAboutPair(word, names),
        'N' when word.StartsWith('#') => $"'{word}' cannot be a name",
        _ => null,
    };

    private static string? ComplaintAboutPair(string word, ScriptNames names)
    {
        int colon = word.LastIndexOf(':');
        return colon < 0 ? $"'{word}' is not FD:MASK"
            : Complaint('F', word[..colon], names) ?? Complaint('M', word[(colon + 1)..], names);
    }
}
