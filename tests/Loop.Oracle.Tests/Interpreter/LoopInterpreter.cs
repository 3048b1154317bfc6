using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spindle.Kernels;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Runs a scenario on our loop. The same statements as in glib-oracle.c, and the same trace.</summary>
internal sealed class LoopInterpreter
{
    private const int DispatchesMax = 2000;
    private const int NestingMax = 4;

    private readonly LinuxKernel kernel = new();
    private readonly Dictionary<string, ScenarioPair> pairs = [];
    private readonly Dictionary<string, Member> members = [];
    private readonly List<string> trace = [];
    private readonly int[] turns = new int[NestingMax + 1];
    private int depth;
    private int runs;
    private int dispatches;
    private int invocations;

    private LoopInterpreter(WaitingBy waiting) => Loop = new EventLoop(kernel, new EventLoopOptions { Waiting = waiting });

    public EventLoop Loop { get; }

    /// <summary>True: the trace does not tell what a descriptor was.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>True: the trace tells of prepare and check, too.</summary>
    public bool TracesCalls { get; private set; }

    /// <summary>Where we are: the turn, and within it the turn inside. Inside a run turns are not told apart.</summary>
    public string Place => runs > 0 ? $"r{runs}" : string.Join('.', turns.Take(depth + 1));

    public static List<string> Run(Scenario scenario, WaitingBy waiting = WaitingBy.Epoll)
    {
        LoopInterpreter world = new(waiting);
        using (world.Loop.MakeCurrent())
        {
            foreach (string line in scenario.Lines)
            {
                world.Execute(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), isInside: false);
            }
        }

        world.Loop.Dispose();
        foreach (ScenarioPair pair in world.pairs.Values)
        {
            pair.Close();
        }

        return world.trace;
    }

    public static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    public void Trace(string line) => trace.Add(line);

    /// <summary>False when there were so many dispatches that callbacks do nothing more: a scenario must end.</summary>
    public bool MayAct() => ++dispatches <= DispatchesMax;

    /// <summary>False in the innermost of too many that are invoked one by the other.</summary>
    public bool MayInvoke() => invocations < NestingMax && ++invocations > 0;

    public void Invoked() => invocations--;

    public void Execute(string[] words, bool isInside)
    {
        switch (words[0])
        {
            case "turn":
                if (!isInside)
                {
                    Turn();
                }

                break;
            case "plain":
                IsPlain = true;
                break;
            case "calls":
                TracesCalls = true;
                break;
            case "pending":
                if (!isInside)
                {
                    AskPending();
                }

                break;
            case "run":
                RunLoop();
                break;
            case "quit":
                if (runs > 0)
                {
                    Loop.Quit();
                }

                break;
            case "recurse":
                Recurse();
                break;
            default:
                if (words.Length > 1)
                {
                    ExecuteNamed(words);
                }

                break;
        }
    }

    private void ExecuteNamed(string[] words)
    {
        string name = words[1];
        switch (words[0])
        {
            case "pair":
            case "file":
                if (!pairs.ContainsKey(name))
                {
                    pairs[name] = new ScenarioPair(kernel, isFile: words[0] == "file");
                }

                break;
            case "source":
                if (!members.ContainsKey(name) && Declared(words) is { } fresh)
                {
                    members[name] = fresh;
                }

                break;
            case "on":
                members.GetValueOrDefault(name)?.Actions.Add((Number(words[2]), words[3..]));
                break;
            default:
                Act(words);
                break;
        }
    }

    private void Act(string[] words)
    {
        if (pairs.TryGetValue(words[1], out ScenarioPair? pair))
        {
            pair.Act(words[0]);
        }
        else if (members.TryGetValue(words[1], out Member? member))
        {
            string word = words.Length > 2 ? words[2] : "";
            member.Act(words[0], word, members.GetValueOrDefault(word));
        }
    }

    private Member? Declared(string[] words)
    {
        int priority = Number(words[3]);
        ScenarioPair? pair = words.Length > 5 ? pairs.GetValueOrDefault(words[4]) : null;
        return words[2] switch
        {
            "idle" => new IdleMember(this, words[1], priority),
            "fd" when pair is not null => new FdMember(this, words[1], priority, pair.Near, FdMember.EventsOf(words[5])),
            "custom" => new CustomMember(this, words[1], priority, pair, pair is null ? FdEvents.None : FdMember.EventsOf(words[5])),
            "timer" => new TimerMember(this, words[1], priority),
            "post" => new PostMember(this, words[1]),
            _ => null,
        };
    }

    private void Turn()
    {
        turns[depth]++;
        bool isDispatched = Loop.Iterate(mayBlock: false);
        Trace($"{Place}: {(isDispatched ? "yes" : "no")}");
    }

    private void AskPending()
    {
        turns[0]++;
        bool isPending = Loop.HasPending();
        Trace($"{Place}: {(isPending ? "pending" : "nothing")}");
    }

    private void Recurse()
    {
        if (depth == NestingMax)
        {
            return;
        }

        turns[++depth] = 0;
        Turn();
        depth--;
    }

    private void RunLoop()
    {
        if (runs == NestingMax)
        {
            return;
        }

        runs++;
        Loop.Run();
        Trace($"{Place}: over");
        runs--;
    }
}
