using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Short sequences aimed at rules that steps of all kinds seldom come near.</summary>
internal sealed class DirectedGenerator : SequenceWriter
{
    private static readonly string[] PipeSizes = ["1", "100", "4095", "4096", "5000", "8192"];
    private static readonly string[] Counts = ["1", "2", "64"];
    private int tags;
    private int pipes;

    private DirectedGenerator(ulong seed)
        : base(seed)
    {
    }

    /// <summary>The sequence of a kind and a seed.</summary>
    public static IReadOnlyList<ScriptStep> Generate(SequenceKind kind, ulong seed)
    {
        DirectedGenerator generator = new(seed);
        switch (kind)
        {
            case SequenceKind.PathLimits:
                generator.EmitPaths();
                break;
            case SequenceKind.ExclusiveOrder:
                generator.EmitExclusive();
                break;
            case SequenceKind.FullRings:
                generator.EmitRing();
                break;
            case SequenceKind.DisarmedOneShots:
                generator.EmitOneShots();
                break;
            case SequenceKind.HeldScans:
                generator.EmitScans();
                break;
            default:
                generator.EmitNesting();
                break;
        }

        return generator.Steps;
    }

    // Layers of epolls over one file, each under several numbers: paths multiply quickly.
    private void EmitPaths()
    {
        Emit("eventfd", "v", "1");
        List<List<string>> layers = [["v"]];
        int depth = 2 + Below(4);
        for (int layer = 1; layer <= depth; layer++)
        {
            List<string> members = [];
            for (int count = 1 + Below(3); count > 0; count--)
            {
                string name = $"e{Number(layer)}.{Number(count)}";
                Emit("epoll", name);
                members.Add(name);
            }

            layers.Add(members);
        }

        if (Percent(10))
        {
            // Nearly as many as one epoll between allows.
            Emit("fan2", Number(490 + Below(20)), "v");
        }

        for (int layer = 0; layer < depth; layer++)
        {
            for (int count = Below(5); count > 0; count--)
            {
                string copy = $"d{Number(layer)}.{Number(count)}";
                Emit("dup", copy, Any(layers[layer]));
                layers[layer].Add(copy);
            }
        }

        for (int count = 40 + Below(40); count > 0; count--)
        {
            int upper = 1 + Below(depth);
            int lower = Percent(90) ? upper - 1 : Below(upper);
            if (Percent(92))
            {
                Emit("add", Any(layers[upper]), Any(layers[lower]), "IN", "as", NextTag());
            }
            else
            {
                Emit("del", Any(layers[upper]), Any(layers[lower]));
            }
        }

        Emit("wait", Any(layers[depth]), "8");
    }

    // One file in several epolls of one outer epoll: the order in which it is told shows the order of the wait queue.
    private void EmitExclusive()
    {
        int inner = 3 + Below(4);
        Emit("eventfd", "v");
        Emit("pipe", "p");
        Emit("epoll", "outer");
        List<string> epolls = [];
        for (int index = 0; index < inner; index++)
        {
            epolls.Add("e" + Number(index));
            Emit("epoll", epolls[index]);
            Emit("add", "outer", epolls[index], Percent(50) ? "IN|ET" : "IN", "as", epolls[index]);
        }

        for (int count = 10 + Below(30); count > 0; count--)
        {
            string file = Percent(50) ? "v" : "p.r";
            string mask = (Percent(70) ? "IN" : Percent(50) ? "OUT" : "IN|OUT") + (Percent(60) ? "|EXCLUSIVE" : "") + (Percent(50) ? "|ET" : "");
            switch (Below(8))
            {
                case 0 or 1 or 2:
                    Emit("add", Any(epolls), file, mask, "as", NextTag());
                    break;
                case 3:
                    Emit("del", Any(epolls), file);
                    break;
                case 4:
                    Emit("wait", Any(epolls), "4");
                    break;
                default:
                    Emit(file == "v" ? "evwrite" : "write", file == "v" ? "v" : "p.w", "1");
                    Emit("wait", "outer", "8");
                    break;
            }
        }
    }

    private void EmitRing()
    {
        Emit("pipe", "p");
        Emit("epoll", "e");
        Emit("pipesz", "p.w", Percent(50) ? "4096" : "8192");
        Emit("add", "e", "p.w", Percent(80) ? "OUT|ET" : "OUT", "as", NextTag());
        if (Percent(50))
        {
            Emit("add", "e", "p.r", Percent(80) ? "IN|ET" : "IN", "as", NextTag());
        }

        for (int count = 10 + Below(40); count > 0; count--)
        {
            switch (Below(5))
            {
                case 0:
                    Emit("read", "p.r", Any(PipeSizes));
                    break;
                case 1 or 2:
                    Emit("write", "p.w", Any(PipeSizes));
                    break;
                case 3 when Percent(10):
                    Emit("mod", "e", "p.w", "OUT|ET", "as", NextTag());
                    break;
                default:
                    Emit("wait", "e", "4");
                    break;
            }
        }
    }

    private void EmitOneShots()
    {
        Emit("epoll", "e");
        string[] files = ["a", "b", "c", "d"];
        foreach (string file in files)
        {
            Emit(file == "d" ? "timerfd" : "eventfd", file);
            Emit("add", "e", file, AnyTrigger(), "as", NextTag());
        }

        for (int count = 15 + Below(40); count > 0; count--)
        {
            string file = Any(files);
            switch (Below(6))
            {
                case 0 or 1 when file == "d":
                    Emit("tset", file, Percent(60) ? "past" : "0");
                    break;
                case 0 or 1:
                    Emit("evwrite", file, "1");
                    break;
                case 2:
                    Emit("evread", file);
                    break;
                case 3:
                    Emit("mod", "e", file, AnyTrigger(), "as", NextTag());
                    break;
                default:
                    Emit("wait", "e", Any(Counts));
                    break;
            }
        }
    }

    // Reading as poll(2) names it is nothing that an eventfd or a timer ever says.
    private string AnyTrigger() => (Percent(15) ? "OUT|RDNORM" : "IN") + (Percent(60) ? "|ONESHOT" : "") + (Percent(50) ? "|ET" : "");

    private void EmitNesting()
    {
        string[] files = ["a", "b", "c"];
        foreach (string epoll in (string[])["outer", "inner", "deep"])
        {
            Emit("epoll", epoll);
        }

        Emit("add", "outer", "inner", Percent(50) ? "IN|ET" : "IN", "as", NextTag());
        Emit("add", "inner", "deep", Percent(50) ? "IN|ET" : "IN", "as", NextTag());
        foreach (string file in files)
        {
            Emit("eventfd", file);
            Emit("add", Percent(50) ? "inner" : "deep", file, AnyTrigger(), "as", NextTag());
        }

        string[] epolls = ["outer", "inner", "deep"];
        for (int count = 15 + Below(40); count > 0; count--)
        {
            switch (Below(6))
            {
                case 0 or 1:
                    Emit("evwrite", Any(files), "1");
                    break;
                case 2:
                    Emit("evread", Any(files));
                    break;
                case 3:
                    Emit("poll", Any(epolls) + ":IN|RDNORM");
                    break;
                case 4 when Percent(15):
                    EmitClosing(Any(files));
                    break;
                case 4 when Percent(30):
                    Emit("mod", Any(epolls), Any(files), AnyTrigger(), "as", NextTag());
                    break;
                default:
                    Emit("wait", Any(epolls), Any(Counts));
                    break;
            }
        }
    }

    // A closed file wakes nobody who watches it: an epoll that was woken all the same is a candidate before the other one.
    private void EmitClosing(string file)
    {
        string pipe = "p" + Number(pipes++);
        string closed = pipe + (Percent(50) ? ".r" : ".w");
        Emit("pipe", pipe);
        Emit("eventfd", "x" + pipe);
        Emit("add", "outer", "x" + pipe, "IN|ET", "as", NextTag());
        Emit("add", Percent(50) ? "inner" : "deep", closed, Percent(50) ? "IN" : "PRI|ET", "as", NextTag());
        Emit("wait", "outer", "64");
        Emit("close", closed);
        Emit("evwrite", "x" + pipe, "1");
        Emit("evwrite", file, "1");
        Emit("wait", "outer", "64");
    }

    // Waits that stand still, and meanwhile wakes of what they have delivered, are about to, or have not come to.
    private void EmitScans()
    {
        Emit("epoll", "outer");
        Emit("epoll", "e");
        Emit("add", "outer", "e", "IN|ET", "as", NextTag());
        string[] files = ["a", "b", "c", "d", "f"];
        foreach (string file in files)
        {
            Emit("eventfd", file, Percent(60) ? "1" : "0");
            Emit("add", "e", file, AnyTrigger(), "as", NextTag());
        }

        for (int count = 8 + Below(16); count > 0; count--)
        {
            string file = Any(files);
            switch (Below(8))
            {
                case 0:
                    Emit("evread", file);
                    break;
                case 1:
                    Emit("mod", "e", file, AnyTrigger(), "as", NextTag());
                    break;
                case 2:
                    Emit("evwrite", file, "1");
                    break;
                case 3 or 4:
                    Emit("wait", Percent(80) ? "e" : "outer", Any(Counts));
                    break;
                default:
                    EmitHeld(files);
                    break;
            }
        }
    }

    private void EmitHeld(string[] files)
    {
        List<string> words = ["waitheld", Percent(85) ? "e" : "outer", Number(Below(4)), Any(Counts)];
        for (int count = 1 + Below(4); count > 0; count--)
        {
            string[] step = Percent(75) ? ["evwrite", Any(files), "1"] : ["evread", Any(files)];
            words.AddRange(step);
            if (count > 1)
            {
                words.Add("+");
            }
        }

        Emit([.. words]);
    }

    private string NextTag() => "t" + Number(tags++);
}
