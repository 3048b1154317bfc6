using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Simulation.Scripts;

/// <summary>Steps that make objects, and those that change their descriptors.</summary>
internal static class ObjectVerbs
{
    private static readonly string[] PipeEnds = [".r", ".w"];
    private static readonly string[] PairEnds = [".0", ".1"];
    private static readonly string[] TcpEnds = [".c", ".s"];
    // The pair's own name is that of the end which sends.
    private static readonly string[] NetlinkEnds = [".a", ".b", ""];

    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new("epoll E", "N", (c, a) => Made(c, a, c.System.EpollCreate())),
        new("eventfd V [INIT] [sem]", "Nww", (c, a) => Made(c, a, c.System.EventFd(InitialOf(a), a.Has("sem"))))
        {
            Complaint = ComplaintAboutCounter,
        },
        new("timerfd T", "N", (c, a) => Made(c, a, c.System.TimerFd())),
        new("signalfd S", "N", (c, a) => Made(c, a, c.System.SignalFd())),
        new("inotify I", "N", (c, a) => Made(c, a, c.System.Inotify())),
        new("pidfd P [FD]", "Nf", (c, a) => Made(c, a, c.System.PidFd(a.Count > 1 ? a.Fd(1) : null))),
        Pair("pipe P", PipeEnds, (s, ends) => s.Pipe(ends, isBlocking: false)),
        Pair("bpipe P", PipeEnds, (s, ends) => s.Pipe(ends, isBlocking: true)),
        Pair("upair U", PairEnds, (s, ends) => s.UnixPair(SocketType.Stream, ends)),
        Pair("udgram U", PairEnds, (s, ends) => s.UnixPair(SocketType.Datagram, ends)),
        Pair("useq U", PairEnds, (s, ends) => s.UnixPair(SocketType.SequentialPacket, ends)),
        Pair("tpair T", TcpEnds, TcpPair),
        Pair("nlpair N", NetlinkEnds, (s, ends) => s.NetlinkPair(ends)),
        new("mkfifo F", "Q", MakeFifo),
        new("open NAME F ro|wo|rw", "NOW", Open)
        {
            Complaint = step => step.Words[3] is "ro" or "wo" or "rw" ? null : $"'{step.Words[3]}' is no way to open",
        },
        new("udp N", "N", (c, a) => Made(c, a, Udp(c.System))),
        new("tsock N", "N", (c, a) => Made(c, a, c.System.Socket(AddressFamily.Inet, SocketType.Stream))),
        new("tbind N", "F", (c, a) => ScriptContext.FormatPlain(c.System.Bind(a.Fd(0), null))),
        new("listen N BACKLOG", "FI", (c, a) => ScriptContext.FormatPlain(c.System.Listen(a.Fd(0), a.Int(1)))),
        new("tconnect N LISTENER", "FF", (c, a) => ScriptContext.FormatPlain(c.System.ConnectTo(a.Fd(0), a.Fd(1)))),
        new("accept NEW LISTENER", "NF", (c, a) => Made(c, a, c.System.Accept(a.Fd(1)))),
        new("usock N [dgram|seq]", "Nw", (c, a) => Made(c, a, c.System.Socket(AddressFamily.Unix, TypeOf(a))))
        {
            Complaint = step => step.Words.Count == 2 || step.Words[2] is "dgram" or "seq" ? null : $"'{step.Words[2]}' is no type",
        },
        new("ubind N ADDRESS", "FW", (c, a) => ScriptContext.FormatPlain(c.System.Bind(a.Fd(0), a.Word(1)))),
        new("uconnect N ADDRESS", "FW", (c, a) => ScriptContext.FormatPlain(c.System.ConnectUnix(a.Fd(0), a.Word(1)))),
        new("udisconnect N", "F", (c, a) => ScriptContext.FormatPlain(c.System.DisconnectUnix(a.Fd(0)))),
        new("unlink ADDRESS", "W", (c, a) => ScriptContext.FormatPlain(c.System.Unlink(a.Word(0))))
        {
            Complaint = step => step.Words[1].StartsWith('/') ? null : $"'{step.Words[1]}' is no path",
        },
        new("close FD", "F", (c, a) => ScriptContext.FormatPlain(c.System.Close(a.Fd(0)))),
        new("dup NEW OLD", "NF", (c, a) => Made(c, a, c.System.Duplicate(a.Fd(1)))),
        new("dup2 OLD NAME", "FF", (c, a) => ScriptContext.FormatPlain(c.System.Duplicate(a.Fd(0), a.Fd(1)))),
        new("alias NEW OLD", "NF", (c, a) => Made(c, a, Result.Ok(a.Fd(1)))),
        new("fdnum FD", "F", (c, a) => ScriptContext.Format(Result.Ok(c.Shown(a.Fd(0))))),
    ];

    private delegate Result MakePair(ScriptSystem system, Span<int> ends);

    // A step that failed leaves its name with a number that is no descriptor's.
    private static string Made(ScriptContext context, ScriptArguments arguments, Result result)
    {
        context.Define(arguments.Word(0), result.IsOk ? result.Int : -1);
        return ScriptContext.FormatPlain(result);
    }

    private static ScriptVerb Pair(string usage, string[] ends, MakePair make) => new(usage, "N", (context, arguments) =>
    {
        Span<int> made = [-1, -1];
        Result result = make(context.System, made);
        for (int index = 0; index < ends.Length; index++)
        {
            context.Define(arguments.Word(0) + ends[index], result.IsOk ? made[Math.Min(index, 1)] : -1);
        }

        return ScriptContext.FormatPlain(result);
    })
    {
        Ends = ends,
    };

    private static string? ComplaintAboutCounter(ScriptStep step)
    {
        int rest = step.Words.Count > 2 && step.Words[2] != "sem" ? 3 : 2;
        return rest == 3 && !(ScriptParser.TryNumber(step.Words[2], out long initial) && initial is >= 0 and <= uint.MaxValue)
            ? $"'{step.Words[2]}' is no value to begin with"
            : step.Words.Count > rest && (step.Words.Count > rest + 1 || step.Words[rest] != "sem") ? $"'{step.Words[rest]}' is not sem"
            : null;
    }

    private static uint InitialOf(ScriptArguments arguments) =>
        arguments.OptionalWord(1) is { } word && word != "sem" ? (uint)arguments.Number(1) : 0;

    private static SocketType TypeOf(ScriptArguments arguments) => arguments.OptionalWord(1) switch
    {
        "dgram" => SocketType.Datagram,
        "seq" => SocketType.SequentialPacket,
        _ => SocketType.Stream,
    };

    private static string MakeFifo(ScriptContext context, ScriptArguments arguments)
    {
        context.Fifos.Add(arguments.Word(0));
        return ScriptContext.FormatPlain(context.System.MakeFifo(arguments.Word(0)));
    }

    private static string Open(ScriptContext context, ScriptArguments arguments)
    {
        string how = arguments.Word(2);
        bool reads = how is "ro" or "rw";
        bool writes = how is "wo" or "rw";
        if (!reads && !writes)
        {
            throw arguments.Wrong(2, "way to open (ro, wo, rw)");
        }

        string what = arguments.Word(1);
        if (context.Fifos.Contains(what))
        {
            return Made(context, arguments, context.System.OpenFifo(what, reads, writes));
        }

        return what is "regular" or "dir" or "null" or "path"
            ? Made(context, arguments, context.System.OpenPlain(what, writes && what != "dir"))
            : throw arguments.Wrong(1, "FIFO that a step before has made, nor regular, dir, null or path");
    }

    private static Result Udp(ScriptSystem system)
    {
        Result result = system.Socket(AddressFamily.Inet, SocketType.Datagram);
        Result bound = result.IsOk ? system.Bind(result.Int, null) : result;
        return bound.IsOk ? result : bound;
    }

    private static Result TcpPair(ScriptSystem system, Span<int> ends)
    {
        Result listener = system.Socket(AddressFamily.Inet, SocketType.Stream);
        if (!listener.IsOk)
        {
            return listener;
        }

        system.Bind(listener.Int, null);
        system.Listen(listener.Int, 1);
        Result client = system.Socket(AddressFamily.Inet, SocketType.Stream);
        if (client.IsOk)
        {
            system.ConnectTo(client.Int, listener.Int);
            system.Settle();
            Result server = system.Accept(listener.Int);
            system.Close(listener.Int);
            ends[0] = client.Int;
            ends[1] = server.IsOk ? server.Int : -1;
            return server.IsOk ? Result.Ok() : server;
        }

        system.Close(listener.Int);
        return client;
    }
}
