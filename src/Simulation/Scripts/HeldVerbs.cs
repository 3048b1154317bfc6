using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Kernels;

namespace Spindle.Simulation.Scripts;

/// <summary>The steps that play others: while a wait stands still in the middle, and while nobody whom they wake may run.</summary>
internal static class HeldVerbs
{
    private const string Separator = "+";
    private const int WordsBefore = 4;     // the verb itself, E, K, MAX
    private const int WordsBeforeLate = 2; // the verb itself, MS
    private const int LateMax = 500;
    private const int EventsMax = 64;

    // Nothing that would wait for the scan to end, and nothing that opens: the hold has a descriptor of its own meanwhile.
    private static readonly string[] Allowed = ["evwrite", "evread", "write", "read", "oob", "rcvoob", "shutdown", "tset", "raise", "sfread"];

    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new("waitheld E K MAX STEP [+ STEP] ...", "FICW*", Wait) { Complaint = Complaint, Inner = step => Steps(step, WordsBefore) },
        new("late MS STEP [+ STEP] ...", "CW*", BeLate) { Complaint = ComplaintAboutLate, Inner = step => Steps(step, WordsBeforeLate) },
    ];

    // Prints what the wait found, and then what each of the steps did; nothing of them if the wait got to no event behind K.
    private static string Wait(ScriptContext context, ScriptArguments arguments)
    {
        List<string> done = [];
        List<ScriptStep> steps = [.. Steps(arguments.Step, WordsBefore)];
        Span<EpollEvent> events = context.RoomFor(arguments.Int(2));
        try
        {
            Result result = context.System.WaitHeld(
                arguments.Fd(0), arguments.Int(1), arguments.Int(2), events, () => done.AddRange(steps.Select(step => ScriptRunner.RunStep(step, context))));
            string found = context.Format(result, events);
            return done.Count == 0 ? found : $"{found} meanwhile {string.Join(' ', done)}";
        }
        catch (NotSupportedException refused)
        {
            throw new ScriptException(arguments.Line, $"'{arguments.Step.Text}': {refused.Message}");
        }
    }

    // Prints what each of the steps did.
    private static string BeLate(ScriptContext context, ScriptArguments arguments)
    {
        List<string> done = [];
        try
        {
            context.System.BeLate(arguments.Int(0), () => done.AddRange(
                Steps(arguments.Step, WordsBeforeLate).Select(step => ScriptRunner.RunStep(step, context))));
            context.System.Settle();
            return string.Join(' ', done);
        }
        catch (NotSupportedException refused)
        {
            throw new ScriptException(arguments.Line, $"'{arguments.Step.Text}': {refused.Message}");
        }
    }

    private static IEnumerable<ScriptStep> Steps(ScriptStep whole, int wordsBefore)
    {
        List<string> words = [];
        foreach (string word in whole.Words.Skip(wordsBefore).Append(Separator))
        {
            if (word != Separator)
            {
                words.Add(word);
                continue;
            }

            yield return new ScriptStep(whole.Number, whole.Line, [.. words]);
            words.Clear();
        }
    }

    private static string? Complaint(ScriptStep whole)
    {
        if (!ScriptParser.TryNumber(whole.Words[2], out long present) || present is < 0 or > EventsMax
            || !ScriptParser.TryNumber(whole.Words[3], out long max) || max > EventsMax)
        {
            return $"K and MAX are at most {EventsMax}";
        }

        return ComplaintAboutSteps(Steps(whole, WordsBefore), "while a wait is held");
    }

    private static string? ComplaintAboutLate(ScriptStep whole) =>
        !ScriptParser.TryNumber(whole.Words[1], out long late) || late > LateMax
            ? $"MS is at most {LateMax}"
            : ComplaintAboutSteps(Steps(whole, WordsBeforeLate), "while nobody else runs");

    private static string? ComplaintAboutSteps(IEnumerable<ScriptStep> steps, string when)
    {
        ScriptStep? wrong = steps.FirstOrDefault(step => step.Words.Count == 0 || !Allowed.Contains(step.Verb));
        return wrong is null ? null : $"'{wrong.Text}' cannot be played {when}";
    }
}
