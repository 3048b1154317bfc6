using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Random sequences on sockets of the network's families.</summary>
internal sealed class SocketGenerator : SequenceWriter
{
    private static readonly string[] Sizes = ["1", "10", "100", "1000"];
    private static readonly string[] Directions = ["RD", "WR", "RDWR"];
    private static readonly string[] Interests = ["IN", "OUT", "IN|OUT", "IN|OUT|RDHUP", "IN|PRI"];

    private readonly List<string> ends = [];
    private readonly List<string> datagram = [];
    private readonly List<string> groups = [];
    private int tags;

    private SocketGenerator(ulong seed)
        : base(seed)
    {
    }

    public static IReadOnlyList<ScriptStep> Generate(ulong seed, bool isTcp)
    {
        SocketGenerator generator = new(seed);
        generator.Emit("epoll", "e");
        generator.EmitObjects(isTcp);
        for (int count = 10 + generator.Below(25); count > 0; count--)
        {
            generator.EmitUse(isTcp);
            if (generator.Percent(50))
            {
                generator.Emit("wait", "e", generator.Percent(80) ? "8" : "1");
            }
        }

        return generator.Steps;
    }

    private void EmitObjects(bool isTcp)
    {
        for (int index = 0; index < 1 + Below(2); index++)
        {
            string name = "s" + Number(index);
            if (isTcp)
            {
                Emit("tpair", name);
                ends.AddRange([name + ".c", name + ".s"]);
                continue;
            }

            Emit("udp", name);
            Emit("udp", name + "x");
            Emit("nlpair", name + "n");
            datagram.AddRange([name, name + "x"]);
            groups.Add(name + "n");
            ends.AddRange([name, name + "x", name + "n.a", name + "n.b"]);
        }

        foreach (string end in ends)
        {
            if (Percent(80))
            {
                Emit("add", "e", end, AnyMask(), "as", NextTag());
            }
        }
    }

    private void EmitUse(bool isTcp)
    {
        string end = Any(ends);
        switch (Below(10))
        {
            case 0:
                Emit("mod", "e", end, AnyMask(), "as", NextTag());
                break;
            case 1:
                Emit("mask", end);
                break;
            case 2:
                Emit("soerror", end);
                break;
            case 3 or 4:
                Emit("read", end, Any(Sizes));
                break;
            case 5 when Percent(40):
                Emit("shutdown", end, Any(Directions));
                break;
            case 6 when Percent(25):
                Emit(isTcp && Percent(50) ? "rst" : "close", end);
                break;
            default:
                EmitSend(isTcp, end);
                break;
        }

        if (isTcp)
        {
            Emit("settle");
        }
    }

    private void EmitSend(bool isTcp, string end)
    {
        if (isTcp)
        {
            Emit("write", end, Any(Sizes));
            return;
        }

        switch (Below(4))
        {
            case 0 or 1:
                Emit("sendto", Any(datagram), Any(datagram), Any(Sizes));
                break;
            case 2:
                Emit("nlsend", Any(groups));
                break;
            case 3 when Percent(30):
                Emit("tconnect", Any(datagram), Any(datagram));
                break;
            default:
                Emit("write", Any(datagram), Any(Sizes));
                break;
        }
    }

    private string AnyMask() => (Percent(90) ? Any(Interests) + "|" : "") + "HUP" + (Percent(60) ? "|ET" : "") + (Percent(15) ? "|ONESHOT" : "");

    private string NextTag() => "t" + Number(tags++);
}
