using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Scenarios by seed. Each seed draws what it uses (kinds, verbs, how much), so that some are narrow and deep.</summary>
internal sealed class ScenarioGenerator
{
    private PseudoRandom random;
    private readonly List<string> lines = [];
    private readonly List<string> pairs = [];
    private readonly List<(string Name, string Kind)> members = [];
    private readonly bool usesFiles;
    private readonly bool usesPosts;
    private readonly bool usesInterest;
    private readonly bool usesHangUp;
    private readonly bool usesPriorities;
    private readonly bool usesPending;
    private readonly bool usesRecursion;
    private readonly bool usesCustoms;
    private readonly bool usesTimers;
    private readonly bool usesFamilies;
    private readonly int[] priorities;

    private ScenarioGenerator(uint seed)
    {
        random = new PseudoRandom(seed);
        usesFiles = Chance(1, 4);
        usesPosts = Chance(1, 3);
        usesInterest = Chance(1, 3);
        usesHangUp = Chance(1, 2);
        usesPriorities = Chance(1, 2);
        usesPending = Chance(1, 4);
        usesRecursion = Chance(1, 3);
        usesCustoms = Chance(2, 3);
        usesTimers = Chance(1, 3);
        usesFamilies = usesCustoms && Chance(1, 2);
        // Posts have priority 0 for themselves.
        priorities = Chance(1, 3) ? [100] : Chance(1, 2) ? [-100, 100] : [-100, -10, 10, 200];
    }

    public static Scenario Generate(uint seed)
    {
        ScenarioGenerator generator = new(seed);
        generator.Declare();
        generator.Behave();
        generator.Play();
        return new Scenario(generator.lines);
    }

    private bool Chance(int of, int all) => Below(all) < of;

    private int Below(int limit) => (int)random.NextBelow((uint)limit);

    private string Pick(IReadOnlyList<string> from) => from[Below(from.Count)];

    private string Member() => members[Below(members.Count)].Name;

    private string OtherThanTimer() => Pick([.. members.Where(static member => member.Kind != "timer").Select(static member => member.Name), "nobody"]);

    private void Declare()
    {
        if (usesPriorities || usesPending || usesRecursion)
        {
            lines.Add("plain");
        }

        if (!usesPosts && Chance(1, 2))
        {
            lines.Add("calls");
        }

        int pairCount = 1 + Below(4);
        for (int index = 0; index < pairCount; index++)
        {
            pairs.Add($"f{index}");
            lines.Add(usesFiles && Chance(1, 3) ? $"file f{index}" : $"pair f{index}");
        }

        int memberCount = 2 + Below(8);
        for (int index = 0; index < memberCount; index++)
        {
            string kind = Kind();
            string name = $"{(char)('a' + index)}";
            members.Add((name, kind));
            string rest = kind switch
            {
                "fd" => $" {Pick(pairs)} {Pick(["in", "in", "in", "out", "inout"])}",
                "custom" when Chance(1, 4) => $" {Pick(pairs)} {Pick(["in", "out"])}",
                _ => "",
            };
            // Posts have their own priority; and of timers only one may have one: ours go in the order of their deadlines.
            int priority = kind == "post" ? 0
                : kind == "timer" ? (Chance(1, 2) ? -50 : 150) + index
                : priorities[Below(priorities.Length)];
            lines.Add($"source {name} {kind} {priority}{rest}");
        }
    }

    private string Kind()
    {
        int draw = Below(10);
        return usesPosts && draw < 2 ? "post" : draw < 4 ? "idle" : usesTimers && draw < 5 ? "timer" : usesCustoms && draw < 8 ? "custom" : "fd";
    }

    private void Behave()
    {
        foreach ((string name, string kind) in members)
        {
            int actions = Below(5);
            for (int index = 0; index < actions; index++)
            {
                lines.Add($"on {name} {Below(5)} {ActionOf(name, kind)}");
            }

            if (kind == "idle" || Chance(1, 3))
            {
                lines.Add($"on {name} {1 + Below(4)} stop");
            }
        }
    }

    /// <summary>What a callback does. A descriptor mostly looks after itself; interests are changed by their owner alone,
    /// see <see cref="DeliberateDifferences"/>.</summary>
    private string ActionOf(string name, string kind)
    {
        if (kind == "fd" && Chance(1, 3))
        {
            return usesInterest && Chance(1, 2)
                ? $"interest {name} {Pick(["in", "out", "inout", usesHangUp ? "in" : "none"])}"
                : $"{Pick(["drain", "stuff"])} {Pick(pairs)}";
        }

        return kind == "custom" && Chance(1, 3) ? CustomAction(name) : Action();
    }

    private string CustomAction(string name) => Below(usesFamilies ? 5 : 3) switch
    {
        0 => $"ready {name} {Pick(["past", "zero", "future", "never"])}",
        1 => $"prepare {name} {Pick(["yes", "no"])}",
        2 => $"check {name} {Pick(["yes", "no"])}",
        3 => $"child {name} {Member()}",
        _ => $"orphan {name} {Member()}",
    };

    private string Action() => Below(usesRecursion ? 13 : 12) switch
    {
        0 or 1 => $"attach {Member()}",
        2 => $"remove {Member()}",
        3 when usesTimers => $"due {Member()} {1 + Below(9)}",
        3 => $"remove {Member()}",
        4 when usesPriorities => $"priority {OtherThanTimer()} {priorities[Below(priorities.Length)]}",
        4 => $"write {Pick(pairs)}",
        5 or 6 => $"write {Pick(pairs)}",
        7 => $"drain {Pick(pairs)}",
        8 => $"{Pick(["stuff", "relieve", "relieve", usesHangUp ? "hangup" : "write"])} {Pick(pairs)}",
        9 when usesPosts => $"{Pick(["post", "invoke"])} {Member()}",
        9 => $"write {Pick(pairs)}",
        10 or 11 => usesCustoms ? CustomAction(Member()) : $"attach {Member()}",
        _ => "recurse",
    };

    private void Play()
    {
        // Families are made before they are attached as well as behind it.
        for (int count = usesFamilies ? Below(4) : 0; count > 0; count--)
        {
            lines.Add($"child {Member()} {Member()}");
        }

        foreach ((string name, _) in members.Where(_ => !Chance(1, 5)))
        {
            if (usesRecursion && Chance(1, 4))
            {
                lines.Add($"recursive {name}");
            }

            lines.Add($"attach {name}");
        }

        int steps = 3 + Below(20);
        for (int step = 0; step < steps; step++)
        {
            lines.Add(Chance(1, 2) ? "turn" : usesPending && Chance(1, 5) ? "pending" : Action());
        }

        lines.Add("turn");
        lines.Add("turn");
    }
}
