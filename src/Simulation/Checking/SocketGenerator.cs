using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Random sequences on sockets of the network's families.</summary>
internal sealed class SocketGenerator : SequenceWriter
{
    private static readonly string[] Sizes = ["1", "10", "100", "1000"];
    private const string Listener = "l";

    private static readonly string[] LowWaters = ["1", "50", "500"];
    private static readonly string[] Directions = ["RD", "WR", "RDWR"];
    private static readonly string[] Interests = ["IN", "OUT", "IN|OUT", "IN|OUT|RDHUP", "IN|PRI"];

    private readonly List<string> ends = [];
    private readonly List<string> datagram = [];
    private readonly List<string> groups = [];
    private int tags;
    private int names;

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

        if (isTcp)
        {
            Emit("tsock", Listener);
            Emit("tbind", Listener);
            Emit("listen", Listener, "3");
            Emit("add", "e", Listener, AnyMask(), "as", NextTag());
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
            EmitStream(end);
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

    private void EmitStream(string end)
    {
        switch (Below(12))
        {
            case 0:
                Emit("rcvlowat", end, Any(LowWaters));
                break;
            case 1:
                Emit("oob", end);
                break;
            case 2:
                Emit("rcvoob", end);
                break;
            case 3:
                EmitClient();
                break;
            case 4:
                string server = "a" + Number(names++);
                Emit("accept", server, Listener);
                ends.Add(server);
                Emit("add", "e", server, AnyMask(), "as", NextTag());
                break;
            case 5 when Percent(40):
                // Full, and empty again: there is room to write, and that is told.
                string full = "f" + Number(names++);
                Emit("tpair", full);
                Emit("add", "e", full + ".c", AnyMask(), "as", NextTag());
                Emit("wait", "e", "8");
                Emit("fill", full + ".c", "200000");
                Emit("wait", "e", "8");
                Emit("drain", full + ".s");
                Emit("wait", "e", "8");
                break;
            default:
                Emit("write", end, Any(Sizes));
                break;
        }
    }

    private void EmitClient()
    {
        string client = "c" + Number(names++);
        Emit("tsock", client);
        if (Percent(70))
        {
            Emit("add", "e", client, AnyMask(), "as", NextTag());
            if (Percent(50))
            {
                // It hangs up from the beginning: once that is delivered, it takes a wake to be queued again.
                Emit("wait", "e", "8");
            }
        }

        Emit("tconnect", client, Listener);
        ends.Add(client);
    }

    private string AnyMask() => (Percent(90) ? Any(Interests) + "|" : "") + "HUP" + (Percent(60) ? "|ET" : "") + (Percent(15) ? "|ONESHOT" : "");

    private string NextTag() => "t" + Number(tags++);
}
