using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A sequence whose last step, or what it leaves, differs between model and running kernel.</summary>
/// <param name="Steps">The sequence; a step's text is what it does, in words.</param>
/// <param name="Model">What the model made of it.</param>
/// <param name="Running">What the running kernel made of it.</param>
internal sealed record SequenceDifference<TStep>(IReadOnlyList<TStep> Steps, string Model, string Running)
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,:_");

    /// <summary>True for a difference of the same way: the last step is of the same kind, and both sides said the like of it, but
    /// for numbers, addresses and names.</summary>
    public bool IsLike(SequenceDifference<TStep> other) =>
        WayOf(Steps[^1]!.ToString()!) == WayOf(other.Steps[^1]!.ToString()!) && WayOf(Model) == WayOf(other.Model) && WayOf(Running) == WayOf(other.Running);

    // The first words that are nothing but letters.
    private static string WayOf(string text)
    {
        const int WordsMax = 4;
        StringBuilder way = new();
        int words = 0;
        foreach (string word in text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (words < WordsMax && word.AsSpan().IndexOfAnyExcept(Letters) < 0)
            {
                way.Append(word).Append(' ');
                words++;
            }
        }

        return way.ToString();
    }

    /// <summary>One step a line, then what each side said.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (TStep step in Steps)
        {
            text.Append(step).Append('\n');
        }

        return text.Append("# model:   ").Append(Model).Append("\n# running: ").Append(Running).ToString();
    }
}
