using System;
using System.Collections.Generic;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Something that a scenario declared and that can be dispatched.</summary>
internal abstract class Member(LoopInterpreter world, string name, int priority)
{
    public string Name { get; } = name;

    public List<(int At, string[] Words)> Actions { get; } = [];

    /// <summary>Made when it is attached: our sources take part from their making on.</summary>
    protected Source? Source { get; set; }

    protected LoopInterpreter World { get; } = world;

    protected int Priority { get; private set; } = priority;

    private bool IsRecursive { get; set; }

    private bool IsGone { get; set; }

    private int Dispatched { get; set; }

    public virtual void Act(string verb, string word, Member? other)
    {
        if (IsGone)
        {
            return;
        }

        switch (verb)
        {
            case "attach" when Source is null:
                Source = Attach();
                if (Source is not null)
                {
                    Source.CanRecurse = IsRecursive;
                }

                break;
            case "remove":
                IsGone = true;
                Source?.Remove();
                break;
            case "limit":
                Source?.SetRateLimit(System.TimeSpan.FromDays(1), LoopInterpreter.Number(word));
                break;
            case "recursive":
                IsRecursive = true;
                if (Source is not null)
                {
                    Source.CanRecurse = true;
                }

                break;
            case "priority":
                Priority = LoopInterpreter.Number(word);
                if (Source is { IsActive: true })
                {
                    Source.Priority = Priority;
                }

                break;
        }
    }

    /// <summary>The callback.</summary>
    /// <returns>True to go on.</returns>
    public bool Run(string what = "")
    {
        int now = ++Dispatched;
        World.Trace($"{World.Place} {Name}{what}");
        if (!World.MayAct())
        {
            IsGone = true;
            return false;
        }

        bool isKept = true;
        foreach ((int at, string[] words) in Actions)
        {
            if (at != 0 && at != now)
            {
                continue;
            }

            if (words[0] == "stop")
            {
                isKept = false;
            }
            else
            {
                World.Execute(words, isInside: true);
            }
        }

        IsGone |= !isKept;
        return isKept;
    }

    /// <summary>Has our loop make the source; null: it refused, and that was told.</summary>
    protected abstract Source? Attach();
}
