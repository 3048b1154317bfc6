using System.Collections.Generic;
using System.Linq;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Sequences with threads that sleep in epoll_wait. After each step all are let come to rest, and what each one is
/// doing is compared.</summary>
/// <remarks>
/// What the kernel leaves open is kept out: no step wakes one epoll twice, so that it makes no difference how far a woken
/// thread gets between two wakes; no epoll that is watched by another has a thread of its own; and of a pipe with a blocked
/// reader all registrations are exclusive, so that nobody is woken to see what the reader takes.
/// </remarks>
internal sealed class WaiterGenerator : SequenceWriter
{
    private readonly List<string> epolls = [];
    private readonly List<(string Name, string Epoll)> threads = [];
    private readonly List<string> counters = [];
    private readonly List<string> pipes = [];
    private readonly List<string> pairs = [];
    private readonly List<string> watches = [];
    private bool hasReader;
    private int tags;

    private WaiterGenerator(ulong seed)
        : base(seed)
    {
    }

    public static IReadOnlyList<ScriptStep> Generate(ulong seed)
    {
        WaiterGenerator generator = new(seed);
        generator.EmitObjects();
        for (int count = 6 + generator.Below(12); count > 0; count--)
        {
            generator.EmitThreads();
            generator.EmitUse();
            generator.Emit("settle");
            IEnumerable<string> names = generator.threads.Select(thread => thread.Name);
            generator.Emit(["state", .. names, .. generator.hasReader ? ["R"] : (string[])[]]);
        }

        return generator.Steps;
    }

    private void EmitObjects()
    {
        for (int index = 0; index < 1 + Below(3); index++)
        {
            counters.Add("v" + Number(index));
            Emit("eventfd", counters[index]);
        }

        for (int index = 0; index < Below(3); index++)
        {
            pipes.Add("p" + Number(index));
            Emit("pipe", pipes[index]);
        }

        for (int index = 0; index < Below(2); index++)
        {
            pairs.Add("d" + Number(index));
            Emit("udgram", pairs[index]);
        }

        for (int index = 0; index < Below(2); index++)
        {
            watches.Add("i" + Number(index));
            Emit("inotify", watches[index]);
        }

        hasReader = Percent(35);
        if (hasReader)
        {
            Emit("bpipe", "b");
        }

        for (int index = 0; index < 1 + Below(4); index++)
        {
            epolls.Add("e" + Number(index));
            Emit("epoll", epolls[index]);
            EmitRegistrations(epolls[index]);
            for (int number = 0; number < (Percent(30) ? 2 : 1); number++)
            {
                threads.Add(($"T{Number(index)}{(char)('a' + number)}", epolls[index]));
            }
        }
    }

    private void EmitRegistrations(string epoll)
    {
        foreach (string file in counters.Concat(pipes.Select(pipe => pipe + ".r")).Concat(pairs.Select(pair => pair + ".0")).Concat(watches))
        {
            if (Percent(75))
            {
                Emit("add", epoll, file, AnyMask(), "as", NextTag());
            }
        }

        if (hasReader && Percent(60))
        {
            EmitCompetitor(epoll);
        }
    }

    private void EmitCompetitor(string epoll) => Emit("add", epoll, "b.r", Percent(50) ? "IN|EXCLUSIVE|ET" : "IN|EXCLUSIVE", "as", NextTag());

    private void EmitThreads()
    {
        bool isFirst = !Steps.Any(step => step.Verb == "keep");
        foreach ((string name, string epoll) in threads)
        {
            // A number that is free is another's for a moment, while it is looked whether threads sleep.
            if (epolls.Contains(epoll) && (isFirst || Percent(85)))
            {
                Emit("keep", name, "wait", epoll, Percent(30) ? "1" : "8", "-1");
            }
        }

        if (hasReader && (isFirst || Percent(85)))
        {
            Emit("keep", "R", "read", "b.r", "10");
        }
    }

    private void EmitReaderAndItsPipe()
    {
        switch (Below(4))
        {
            case 0:
                string epoll = Any(epolls);
                Emit("del", epoll, "b.r");
                EmitCompetitor(epoll);
                break;
            default:
                Emit("write", "b.w", "3");
                break;
        }
    }

    private void EmitUse()
    {
        string file = Any(counters);
        switch (Below(14))
        {
            case 0 or 1 or 2:
                Emit("evwrite", file, Percent(80) ? "1" : "0");
                break;
            case 3:
                Emit("evread", file);
                break;
            case 4 or 5 when pipes.Count > 0:
                Emit("write", Any(pipes) + ".w", Percent(80) ? "10" : "0");
                break;
            case 6 when pipes.Count > 0:
                Emit("read", Any(pipes) + ".r", "100000");
                break;
            case 7 when pairs.Count > 0:
                Emit("write", Any(pairs) + ".1", "10");
                break;
            case 8:
                Emit("mod", Any(epolls), file, AnyMask(), "as", NextTag());
                break;
            case 9 or 10 when watches.Count > 0:
                Emit("touch", Any(watches));
                break;
            case 11 when watches.Count > 0:
                Emit("read", Any(watches), "1000");
                break;
            case 12 when pipes.Count > 0 && Percent(50):
                Emit("close", Any(pipes) + (Percent(80) ? ".w" : ".r"));
                break;
            case 12 when epolls.Count > 1 && Percent(30):
                string gone = Any(epolls);
                epolls.Remove(gone);
                Emit("close", gone);
                break;
            case 13 when hasReader:
                EmitReaderAndItsPipe();
                break;
            default:
                Emit("del", Any(epolls), file);
                Emit("add", Any(epolls), file, AnyMask(), "as", NextTag());
                break;
        }
    }

    private string AnyMask()
    {
        string interest = Percent(70) ? "IN" : Percent(50) ? "OUT" : "IN|OUT";
        return interest + (Percent(45) ? "|EXCLUSIVE" : Percent(20) ? "|ONESHOT" : "") + (Percent(60) ? "|ET" : "");
    }

    private string NextTag() => "t" + Number(tags++);
}
