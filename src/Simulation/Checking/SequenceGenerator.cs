using System.Collections.Generic;
using Spindle.Simulation.Scripts;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Checking;

/// <summary>Makes a random sequence of steps from a seed. Each registration gets a tag of its own, so that a result says which
/// registration was reported, not only which number.</summary>
internal sealed class SequenceGenerator : SequenceWriter
{
    private static readonly int[] Sizes = [0, 1, 10, 100, 1000, 4095, 4096, 4097, 5000, 8192, 20000, 70000];
    private static readonly string[] CounterValues = ["0", "1", "2", "18446744073709551613", "max", "18446744073709551615"];
    private static readonly string[] Microseconds = ["0", "1", "200", "2147483647", "2147483648", "4294967295"];
    private static readonly string[] Kinds = ["null", "regular", "path"];
    private static readonly int[] WaitCounts = [1, 2, 3, 64];
    private static readonly string[] Directions = ["RD", "WR", "RDWR"];
    private static readonly PollMask[] Shapes =
    [
        PollMask.In, PollMask.In, PollMask.In | PollMask.Out, PollMask.In | PollMask.Out, PollMask.Out, PollMask.None,
        PollMask.In | PollMask.ReadHangUp, PollMask.ReadNormal, PollMask.WriteNormal, PollMask.Priority,
        PollMask.In | PollMask.Out | PollMask.Priority | PollMask.ReadHangUp | PollMask.ReadNormal | PollMask.WriteBand,
    ];

    private readonly List<string> epolls = [];
    private readonly List<string> objects = [];
    private readonly List<string> dead = [];
    private readonly List<string> listeners = [];
    private readonly Swarm swarm;
    private int names;
    private int tags;

    private SequenceGenerator(ulong seed, bool hasSignals)
        : base(seed) => swarm = new Swarm(ref Random, hasSignals);

    /// <summary>The sequence of a seed.</summary>
    public static IReadOnlyList<ScriptStep> Generate(ulong seed, bool hasSignals)
    {
        SequenceGenerator generator = new(seed, hasSignals);
        generator.Emit("epoll", generator.NewEpoll());
        while (generator.Steps.Count < generator.swarm.Length)
        {
            generator.EmitOne(generator.swarm.Draw(ref generator.Random));
        }

        return generator.Steps;
    }

    private void EmitOne(StepKind kind)
    {
        if (kind <= StepKind.Fifo)
        {
            EmitObject(kind);
        }
        else if (kind <= StepKind.BusyPoll)
        {
            EmitPolling(kind);
        }
        else
        {
            EmitUse(kind);
        }
    }

    private void EmitObject(StepKind kind)
    {
        if (kind == StepKind.Epoll)
        {
            if (epolls.Count < swarm.EpollMax)
            {
                Emit("epoll", NewEpoll());
            }

            return;
        }

        if (objects.Count >= swarm.ObjectMax * 2)
        {
            return;
        }

        string name = NewName("o");
        switch (kind)
        {
            case StepKind.Pipe:
                EmitPair("pipe", name, ".r", ".w");
                if (Percent(60))
                {
                    Emit("pipesz", name + ".w", "8192");
                }

                break;
            case StepKind.UnixPair:
                EmitPair("upair", name, ".0", ".1");
                break;
            case StepKind.DatagramPair:
                EmitPair("udgram", name, ".0", ".1");
                break;
            case StepKind.SequencedPair:
                EmitPair("useq", name, ".0", ".1");
                break;
            case StepKind.UnixConnection:
                EmitConnection(name);
                break;
            case StepKind.Fifo:
                EmitFifo(name);
                break;
            default:
                EmitSingle(kind, name);
                break;
        }
    }

    private void EmitSingle(StepKind kind, string name)
    {
        objects.Add(name);
        switch (kind)
        {
            case StepKind.Eventfd when Percent(30):
                Emit("eventfd", name, Percent(50) ? "3" : "0", "sem");
                break;
            case StepKind.Eventfd:
                Emit("eventfd", name, Percent(50) ? "1" : "0");
                break;
            case StepKind.Timerfd:
                Emit("timerfd", name);
                break;
            case StepKind.Signalfd:
                Emit("signalfd", name);
                break;
            default:
                Emit("open", name, Any(Kinds), "rw");
                break;
        }
    }

    private void EmitPair(string verb, string name, string first, string second)
    {
        Emit(verb, name);
        objects.Add(name + first);
        objects.Add(name + second);
    }

    private void EmitConnection(string name)
    {
        if (listeners.Count == 0 || Percent(20))
        {
            Emit("usock", name);
            Emit("ubind", name, name);
            Emit("listen", name, Percent(30) ? "1" : "5");
            objects.Add(name);
            listeners.Add(name);
            return;
        }

        string listener = Any(listeners);
        if (Percent(50))
        {
            Emit("usock", name);
            Emit("uconnect", name, listener);
            objects.Add(name);
        }
        else
        {
            Emit("accept", name, listener);
            objects.Add(name);
        }
    }

    private void EmitFifo(string name)
    {
        Emit("mkfifo", name);
        foreach (string how in (string[])["ro", "wo", "ro", "wo", "rw"])
        {
            if (Percent(60))
            {
                string end = NewName("f");
                Emit("open", end, name, how);
                objects.Add(end);
            }
        }
    }

    private void EmitPolling(StepKind kind)
    {
        switch (kind)
        {
            case StepKind.Add:
            case StepKind.Modify:
                Emit(kind == StepKind.Add ? "add" : "mod", AnyEpoll(), AnyTarget(), AnyMask(), "as", NewTag());
                break;
            case StepKind.Delete:
                Emit("del", AnyEpoll(), AnyTarget());
                break;
            case StepKind.RawControl when Percent(25):
                Emit("ctlfault", Number((int)Random.NextBelow(6)), AnyEpoll(), AnyTarget());
                break;
            case StepKind.RawControl:
                Emit("ctl", Number((int)Random.NextBelow(6)), AnyEpoll(), AnyTarget(), AnyMask(), "as", NewTag());
                break;
            case StepKind.Wait:
                Emit("wait", AnyEpoll(), Number(Any(WaitCounts)));
                break;
            case StepKind.WaitFault:
                Emit("waitfault", AnyEpoll(), Number((int)Random.NextBelow(3)), Number(Any(WaitCounts)));
                break;
            case StepKind.WaitSignal:
                Emit("pwaitsig", AnyEpoll(), Number(Any(WaitCounts)), Percent(50) ? "0" : "10");
                break;
            case StepKind.Pwait2:
                Emit("pwait2", AnyEpoll(), Number(Any(WaitCounts)), "0", Percent(80) ? "0" : Percent(50) ? "-1" : "1000000000");
                break;
            case StepKind.WaitWrong when Percent(40):
                Emit("waitfar", AnyTarget(), Percent(60) ? "1" : "0");
                break;
            case StepKind.WaitWrong:
                Emit("wait", AnyTarget(), Number(Percent(50) ? 0 : Percent(50) ? -1 : 178956971));
                break;
            case StepKind.Poll:
                Emit("poll", AnyTarget() + ":" + MaskText.Format(Any(Shapes)), AnyTarget() + ":" + MaskText.Format(Any(Shapes)));
                break;
            case StepKind.Select:
                Emit("select", AnyTarget(), Percent(50) ? "rwx" : "r");
                break;
            case StepKind.Mask:
                Emit("mask", AnyTarget());
                break;
            case StepKind.Fdinfo:
                Emit("fdinfo", AnyEpoll());
                break;
            default:
                Emit(Percent(60) ? "bpset" : "bpsetuser", AnyEpoll(), Any(Microseconds), Number((int)Random.NextBelow(70)), Number((int)Random.NextBelow(3)), Percent(20) ? "1" : "0");
                Emit("bpget", AnyEpoll());
                break;
        }
    }

    private void EmitUse(StepKind kind)
    {
        switch (kind)
        {
            case StepKind.Write:
                Emit("write", AnyTarget(), Number(Any(Sizes)));
                break;
            case StepKind.Read:
                Emit("read", AnyTarget(), Number(Any(Sizes)));
                break;
            case StepKind.CounterWrite:
                Emit("evwrite", AnyTarget(), Any(CounterValues));
                break;
            case StepKind.Fill:
                EmitFill(AnyTarget());
                break;
            case StepKind.Drain:
                Emit("read", AnyTarget(), "1000000");
                break;
            case StepKind.Shutdown:
                Emit("shutdown", AnyTarget(), Any(Directions));
                break;
            case StepKind.SocketError:
                Emit("soerror", AnyTarget());
                break;
            case StepKind.Urgent:
                Emit(Percent(60) ? "oob" : "rcvoob", AnyTarget());
                break;
            case StepKind.SendBuffer:
                Emit("sndbuf", AnyTarget(), Number(Any(Sizes)));
                break;
            case StepKind.TimerSet:
                Emit("tset", AnyTarget(), Percent(70) ? "past" : "0");
                break;
            case StepKind.Raise:
                Emit("raise");
                if (Percent(30))
                {
                    // It is pending still, and that is known: nobody is told again.
                    string epoll = AnyEpoll();
                    Emit("wait", epoll, "64");
                    Emit("raise");
                    Emit("wait", epoll, "64");
                }

                break;
            case StepKind.SignalRead:
                Emit("sfread", AnyTarget());
                break;
            case StepKind.PipeSize:
                Emit("pipesz", AnyTarget(), Number(4096 << (int)Random.NextBelow(5)));
                break;
            default:
                EmitDescriptor(kind);
                break;
        }
    }

    // Not to the brim, which is another sequence's: a few big writes.
    private void EmitFill(string target)
    {
        for (int count = 0; count < 3; count++)
        {
            Emit("write", target, "100000");
        }
    }

    private void EmitDescriptor(StepKind kind)
    {
        switch (kind)
        {
            case StepKind.Dup:
                string copy = NewName("d");
                Emit("dup", copy, AnyTarget());
                objects.Add(copy);
                break;
            case StepKind.Dup2:
                Emit("dup2", AnyTarget(), AnyTarget());
                break;
            default:
                string gone = AnyTarget();
                Emit("close", gone);
                if (objects.Remove(gone) || (epolls.Count > 1 && epolls.Remove(gone)))
                {
                    dead.Add(gone);
                }

                break;
        }
    }

    private string AnyMask()
    {
        PollMask mask = Any(Shapes);
        mask |= Percent(swarm.EdgePercent) ? PollMask.EdgeTriggered : PollMask.None;
        mask |= Percent(swarm.OneShotPercent) ? PollMask.OneShot : PollMask.None;
        mask |= Percent(swarm.ExclusivePercent) ? PollMask.Exclusive : PollMask.None;
        mask |= Percent(2) ? PollMask.WakeUp : PollMask.None;
        mask |= Percent(1) ? (PollMask)(1u << 26) : PollMask.None;
        return MaskText.Format(mask);
    }

    // Three in a hundred are something that is no epoll.
    private string AnyEpoll() => Percent(97) || objects.Count == 0 ? Any(epolls) : Any(objects);

    private string AnyTarget()
    {
        if (dead.Count > 0 && Percent(3))
        {
            return Any(dead);
        }

        return objects.Count == 0 || Percent(swarm.NestingPercent) ? Any(epolls) : Any(objects);
    }

    private string NewEpoll()
    {
        string name = NewName("e");
        epolls.Add(name);
        return name;
    }

    private string NewName(string letter) => letter + Number(names++);

    private string NewTag() => "t" + Number(tags++);
}
