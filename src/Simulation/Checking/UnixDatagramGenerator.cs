using System.Collections.Generic;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Random sequences on unix datagram sockets: few names, so that senders meet at full queues, and names change hands.</summary>
internal sealed class UnixDatagramGenerator : SequenceWriter
{
    private const int QueueRoom = 11;

    private static readonly string[] Names = ["n", "m", "/n", "/m"];
    private static readonly string[] Sizes = ["0", "1", "100", "5000"];
    private static readonly string[] Directions = ["RD", "WR", "RDWR"];
    private static readonly string[] Interests = ["IN", "OUT", "IN|OUT", "OUT|RDHUP", "WRNORM", "IN|PRI"];
    private static readonly string[] Questions = ["OUT", "IN", "IN|OUT", "WRBAND", "0"];
    private static readonly string[] Sets = ["r", "w", "rw"];

    private readonly List<string> sockets = [];
    private readonly List<string> epolls = ["e", "f"];
    private int names;
    private int tags;

    private UnixDatagramGenerator(ulong seed)
        : base(seed)
    {
    }

    public static IReadOnlyList<ScriptStep> Generate(ulong seed)
    {
        UnixDatagramGenerator generator = new(seed);
        generator.EmitObjects();
        for (int count = 12 + generator.Below(30); count > 0; count--)
        {
            generator.EmitUse(generator.Any(generator.sockets));
            if (generator.Percent(60))
            {
                generator.Emit("wait", generator.Any(generator.epolls), generator.Percent(80) ? "8" : "1");
            }
        }

        return generator.Steps;
    }

    private void EmitObjects()
    {
        Emit("epoll", "e");
        Emit("epoll", "f");
        string first = NewSocket();
        Emit("ubind", first, Any(Names));
        for (int count = 2 + Below(3); count > 0; count--)
        {
            string socket = NewSocket();
            if (Percent(40))
            {
                Emit("ubind", socket, Any(Names));
            }

            if (Percent(80))
            {
                Emit("tconnect", socket, first);
            }
        }

        if (Percent(30))
        {
            Emit("udgram", "p");
            sockets.AddRange(["p.0", "p.1"]);
        }

        foreach (string socket in sockets.ToArray())
        {
            EmitRegistration(socket);
        }
    }

    private string NewSocket()
    {
        string name = "s" + Number(names++);
        Emit("usock", name, "dgram");
        sockets.Add(name);
        return name;
    }

    private void EmitRegistration(string socket)
    {
        foreach (string epoll in epolls)
        {
            if (Percent(60))
            {
                Emit("add", epoll, socket, AnyMask(), "as", NextTag());
            }
        }
    }

    private void EmitUse(string socket)
    {
        switch (Below(24))
        {
            case 0 or 1 or 2:
                EmitMany(socket);
                break;
            case 3 or 4:
                Emit("write", socket, Any(Sizes));
                break;
            case 5 or 6:
                Emit("usendto", socket, Any(Names), Any(Sizes));
                break;
            case 7:
                Emit("sendto", socket, Any(sockets), Any(Sizes));
                break;
            case 8 or 9 or 10:
                Emit("read", socket, Any(Sizes));
                break;
            case 11:
                Emit("recvfrom", socket, "10");
                break;
            case 12:
                Emit("drain", socket);
                break;
            case 13 or 14 or 15:
                EmitLook(socket);
                break;
            case 16:
                Emit("mod", Any(epolls), socket, AnyMask(), "as", NextTag());
                break;
            default:
                EmitChange(socket);
                break;
        }
    }

    // As many as there is room for, and some more.
    private void EmitMany(string socket)
    {
        string name = Any(Names);
        bool isNamed = Percent(25);
        for (int count = QueueRoom + Below(3) - 1; count > 0; count--)
        {
            if (isNamed)
            {
                Emit("usendto", socket, name, "1");
            }
            else
            {
                Emit("write", socket, "1");
            }
        }
    }

    private void EmitLook(string socket)
    {
        switch (Below(4))
        {
            case 0:
                Emit("mask", socket);
                break;
            case 1:
                Emit("select", socket, Any(Sets));
                break;
            case 2:
                Emit("soerror", socket);
                break;
            default:
                Emit("poll", $"{socket}:{Any(Questions)}", $"{Any(sockets)}:{Any(Questions)}");
                break;
        }
    }

    private void EmitChange(string socket)
    {
        switch (Below(16))
        {
            case 0 or 1 or 2:
                Emit("tconnect", socket, Any(sockets));
                break;
            case 3 or 4:
                Emit("uconnect", socket, Any(Names));
                break;
            case 5:
                Emit("udisconnect", socket);
                break;
            case 6 or 7:
                Emit("ubind", socket, Any(Names));
                break;
            case 8:
                Emit("unlink", Percent(50) ? "/n" : "/m");
                break;
            case 9 when Percent(60):
                Emit("shutdown", socket, Any(Directions));
                break;
            case 10:
                Emit("sndbuf", socket, Percent(50) ? "0" : "100000");
                break;
            case 11 when Percent(40):
                Emit("usock", "o" + Number(names), Percent(50) ? "seq" : "dgram");
                Emit("ubind", "o" + Number(names++), Any(Names));
                break;
            case 12 or 13:
                EmitRegistration(NewSocket());
                break;
            default:
                Emit("close", socket);
                break;
        }
    }

    private string AnyMask() =>
        Any(Interests) + (Percent(60) ? "|ET" : "") + (Percent(12) ? "|ONESHOT" : "");

    private string NextTag() => "t" + Number(tags++);
}
