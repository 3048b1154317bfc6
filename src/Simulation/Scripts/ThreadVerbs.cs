using System.Collections.Generic;
using System.Linq;

namespace Spindle.Simulation.Scripts;

/// <summary>Steps with threads that sleep in a call, and steps that let time pass.</summary>
internal static class ThreadVerbs
{
    private const string SpawnUsage = "spawn T wait E MAX MS | spawn T poll FD MASK MS | spawn T read FD N";

    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new(SpawnUsage, "TWFWw", Spawn) { Complaint = ComplaintAboutCall },
        new("keep" + SpawnUsage[5..], "TWFWw", Keep) { Complaint = ComplaintAboutCall },
        new("settle", "", Settle),
        new("sleep MS", "I", Sleep),
        new("state T ...", "S*", State),
    ];

    private static string Spawn(ScriptContext context, ScriptArguments arguments)
    {
        ScriptThread thread = arguments.Word(1) switch
        {
            "wait" => context.System.SpawnWait(arguments.Fd(2), arguments.Int(3), arguments.Int(4)),
            "poll" => context.System.SpawnPoll(arguments.Fd(2), arguments.Mask(3), arguments.Int(4)),
            "read" => context.System.SpawnRead(arguments.Fd(2), arguments.Int(3)),
            _ => throw arguments.Wrong(1, "call (wait, poll, read)"),
        };
        context.Threads[arguments.Word(0)] = thread;
        context.System.Settle();
        return Format(context, thread);
    }

    private static string? ComplaintAboutCall(ScriptStep step)
    {
        IReadOnlyList<string> words = step.Words;
        bool hasAll = words.Count == (words[2] == "read" ? 5 : 6);
        bool isNumber = ScriptParser.TryNumber(words[4], out long number);
        bool isTimed = hasAll && words[2] != "read" && ScriptParser.TryNumber(words[5], out _);
        return words[2] switch
        {
            "wait" when hasAll => isNumber && isTimed ? null : "MAX and MS are numbers",
            "poll" when hasAll => MaskText.TryParse(words[4], out _) && isTimed ? null : "MASK is a mask and MS a number",
            "read" when hasAll => isNumber && number is >= 0 and <= ScriptContext.BufferSize ? null : "N is a number of octets",
            "wait" or "poll" or "read" => "something is missing or too much",
            _ => $"'{words[2]}' is no call",
        };
    }

    // Starts a thread where the last one of that name is done: random sequences cannot know whether it is.
    private static string Keep(ScriptContext context, ScriptArguments arguments)
    {
        bool isBlocked = context.Threads.TryGetValue(arguments.Word(0), out ScriptThread? thread) && !thread.IsDone;
        return isBlocked ? "blocked" : Spawn(context, arguments);
    }

    private static string Settle(ScriptContext context, ScriptArguments arguments)
    {
        context.System.Settle();
        return "0";
    }

    private static string Sleep(ScriptContext context, ScriptArguments arguments)
    {
        context.System.Sleep(arguments.Int(0));
        return "0";
    }

    private static string State(ScriptContext context, ScriptArguments arguments)
    {
        context.System.Settle();
        List<string> states = [];
        for (int index = 0; index < arguments.Count; index++)
        {
            string name = arguments.Word(index);
            states.Add(context.Threads.TryGetValue(name, out ScriptThread? thread)
                ? $"{name}={Format(context, thread)}"
                : throw arguments.Wrong(index, "thread that a step before has started"));
        }

        return string.Join(' ', states);
    }

    private static string Format(ScriptContext context, ScriptThread thread)
    {
        if (!thread.IsDone)
        {
            return "blocked";
        }

        return thread switch
        {
            { Result.IsOk: false } => ScriptContext.Format(thread.Result),
            { Kind: ScriptThreadKind.Wait } => context.Format(thread.Result, thread.Events.ToArray()),
            { Kind: ScriptThreadKind.Poll } => $"{ScriptContext.Format(thread.Result)} {MaskText.Format(thread.Found)}",
            _ => thread.Result.Value == 0 ? "EOF" : ScriptContext.Format(thread.Result),
        };
    }
}
