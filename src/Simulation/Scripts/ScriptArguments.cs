using System;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>What follows the verb of a step, read as what it should be; the parser has checked that it can be.</summary>
internal readonly struct ScriptArguments(ScriptStep step, ScriptContext context)
{
    public int Count => step.Words.Count - 1;

    public ScriptStep Step => step;

    public int Line => step.Line;

    public string Word(int index) => step.Words[index + 1];

    public string? OptionalWord(int index) => index < Count ? Word(index) : null;

    public bool Has(string word)
    {
        for (int index = 0; index < Count; index++)
        {
            if (Word(index) == word)
            {
                return true;
            }
        }

        return false;
    }

    public int Fd(int index) => context.FdOf(Word(index), Line);

    public long Number(int index) => ScriptParser.TryNumber(Word(index), out long number) ? number : throw Wrong(index, "number");

    public long Number(int index, long otherwise) => index < Count ? Number(index) : otherwise;

    public int Int(int index) => (int)Math.Clamp(Number(index), int.MinValue, int.MaxValue);

    public int Int(int index, int otherwise) => index < Count ? Int(index) : otherwise;

    public PollMask Mask(int index) => MaskText.TryParse(Word(index), out PollMask mask) ? mask : throw Wrong(index, "mask");

    /// <summary>A descriptor with a mask: <c>FD:MASK</c>.</summary>
    public (int Fd, PollMask Mask) Pair(int index)
    {
        string word = Word(index);
        int colon = word.LastIndexOf(':');
        return MaskText.TryParse(word.AsSpan(colon + 1), out PollMask mask)
            ? (context.FdOf(word[..colon], Line), mask)
            : throw Wrong(index, "mask");
    }

    public ScriptException Wrong(int index, string what) => new(step.Line, $"'{step.Text}': '{Word(index)}' is no {what}");
}
