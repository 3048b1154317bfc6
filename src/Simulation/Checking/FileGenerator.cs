using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Random sequences on what needs the running machine's files, children and time: inotify, pidfd, FIFOs that are opened
/// and closed, timers that go off later.</summary>
internal sealed class FileGenerator : SequenceWriter
{
    private static readonly string[] Interests = ["IN", "IN", "OUT", "IN|OUT", "IN|RDNORM", "HUP"];
    private static readonly string[] Ways = ["ro", "wo", "ro", "rw"];

    private readonly List<string> watches = [];
    private readonly List<string> children = [];
    private readonly List<string> ends = [];
    private readonly List<string> timers = [];
    private int names;
    private int tags;

    private FileGenerator(ulong seed)
        : base(seed)
    {
    }

    public static IReadOnlyList<ScriptStep> Generate(ulong seed)
    {
        FileGenerator generator = new(seed);
        generator.Emit("epoll", "e");
        generator.Emit("mkfifo", "f");
        for (int count = 12 + generator.Below(20); count > 0; count--)
        {
            generator.EmitUse();
            if (generator.Percent(60))
            {
                generator.Emit("wait", "e", generator.Percent(80) ? "8" : "1");
            }
        }

        return generator.Steps;
    }

    private void EmitUse()
    {
        switch (Below(14))
        {
            case 0 when watches.Count < 2:
                EmitNew("inotify", watches);
                break;
            case 1 when children.Count < 2:
                EmitNew("pidfd", children);
                break;
            case 2 when timers.Count < 2:
                EmitNew("timerfd", timers);
                break;
            case 3 or 4 when watches.Count > 0:
                Emit("touch", Any(watches));
                break;
            case 5 when watches.Count > 0:
                Emit("read", Any(watches), Percent(80) ? "1000" : "16");
                break;
            case 6 when children.Count > 0:
                Emit("kill", Any(children));
                break;
            case 7 when children.Count > 0:
                Emit("reap", Any(children));
                break;
            case 8 when timers.Count > 0:
                EmitTimer(Any(timers));
                break;
            case 9 when ends.Count > 0:
                string gone = Any(ends);
                ends.Remove(gone);
                Emit("close", gone);
                break;
            case 10 when ends.Count > 0:
                Emit(Percent(50) ? "write" : "read", Any(ends), "10");
                break;
            case 11:
                Emit("mask", Any<string>(["e", .. watches, .. children, .. ends, .. timers]));
                break;
            case 12 when Percent(40):
                EmitReturn();
                break;
            case 13 when children.Count < 2 && Percent(50):
                EmitHeir();
                break;
            default:
                EmitOpen();
                break;
        }
    }

    private void EmitNew(string verb, List<string> list)
    {
        string name = verb[..1] + Number(names++);
        Emit(verb, name);
        list.Add(name);
        EmitAdd(name);
    }

    private void EmitOpen()
    {
        string end = "o" + Number(names++);
        Emit("open", end, "f", Any(Ways));
        ends.Add(end);
        if (Percent(70))
        {
            EmitAdd(end);
        }
    }

    // One side of a FIFO is closed and opened again: who watches the other hears of it if its queue is woken, and only then.
    private void EmitReturn()
    {
        string fifo = "g" + Number(names++);
        string reader = fifo + ".r";
        string writer = fifo + ".w";
        Emit("mkfifo", fifo);
        Emit("open", reader, fifo, "ro");
        Emit("open", writer, fifo, "wo");
        Emit("write", writer, "10");
        EmitAdd(reader);
        EmitAdd(writer);
        string gone = Percent(50) ? reader : writer;
        Emit("close", gone);
        Emit("wait", "e", "8");
        Emit("open", gone, fifo, gone == reader ? "ro" : "wo");
        Emit("wait", "e", "8");
        ends.AddRange([reader, writer]);
    }

    // A child has the file open too: its registration lives as long as the child.
    private void EmitHeir()
    {
        string counter = "v" + Number(names++);
        string child = "p" + Number(names++);
        Emit("eventfd", counter);
        Emit("pidfd", child, counter);
        children.Add(child);
        EmitAdd(counter);
        if (Percent(50))
        {
            EmitAdd(child);
        }

        Emit("evwrite", counter, "1");
        Emit("close", counter);
        Emit("wait", "e", "8");
    }

    // The running kernel's clock goes on while steps are played: what goes off does so in a sleep, and how often is not asked.
    private void EmitTimer(string timer)
    {
        bool isPeriodic = Percent(50);
        Emit("tset", timer, "3", isPeriodic ? "4" : "0");
        Emit("sleep", "15");
        Emit("wait", "e", "8");
        if (!isPeriodic)
        {
            Emit("evread", timer);
            return;
        }

        Emit("sleep", "15");
        Emit("wait", "e", "8");
        Emit("tset", timer, "0");
    }

    private void EmitAdd(string name) =>
        Emit("add", "e", name, Any(Interests) + (Percent(65) ? "|ET" : "") + (Percent(10) ? "|ONESHOT" : ""), "as", "t" + Number(tags++));
}
