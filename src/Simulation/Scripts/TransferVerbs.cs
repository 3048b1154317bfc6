using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using Spindle.Kernels;

namespace Spindle.Simulation.Scripts;

/// <summary>Steps that move octets, and those that change how they move.</summary>
internal static class TransferVerbs
{
    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new("write FD N", "FB", (c, a) => ScriptContext.Format(c.System.Write(a.Fd(0), Octets(c, a.Number(1), a.Line)))),
        new("read FD N", "FB", Read),
        new("evwrite V N", "FI", WriteCounter),
        new("evread V", "F", ReadCounter),
        new("sfread S", "F", ReadSignal),
        new("sendto FROM TO N", "FFB", (c, a) => ScriptContext.Format(c.System.SendTo(a.Fd(0), a.Fd(1), Octets(c, a.Number(2), a.Line)))),
        new("usendto N ADDRESS COUNT", "FWB", (c, a) => ScriptContext.Format(c.System.SendToName(a.Fd(0), a.Word(1), Octets(c, a.Number(2), a.Line)))),
        new("recvfrom N COUNT", "FB", ReceiveFrom) { Complaint = step => step.Words[2] is "0" ? "there is no room for anything" : null },
        new("nlsend N", "F", (c, a) => ScriptContext.Format(c.System.SendToGroup(a.Fd(0), Octets(c, 100, a.Line)))),
        new("oob FD", "F", (c, a) => ScriptContext.Format(c.System.SendUrgent(a.Fd(0)))),
        new("rcvoob FD", "F", (c, a) => ScriptContext.Format(c.System.ReceiveUrgent(a.Fd(0)))),
        new("fill FD [CHUNK]", "Fb", (c, a) => Hurried(c, a, Fill)),
        new("drain FD", "F", (c, a) => Hurried(c, a, Drain)),
        new("shutdown FD RD|WR|RDWR", "FW", Shutdown)
        {
            Complaint = step => step.Words[2] is "RD" or "WR" or "RDWR" ? null : $"'{step.Words[2]}' is no direction",
        },
        new("rst T.c", "F", (c, a) => ScriptContext.FormatPlain(c.System.CloseWithReset(a.Fd(0)))),
        new("soerror FD", "F", ShowError),
        new("pipesz FD N", "FI", (c, a) => ScriptContext.Format(c.System.SetPipeSize(a.Fd(0), (uint)a.Number(1)))),
        new("sndbuf FD N", "FI", (c, a) => ScriptContext.Format(c.System.SetSendBuffer(a.Fd(0), a.Int(1)))),
        new("rcvlowat FD N", "FI", (c, a) => ScriptContext.FormatPlain(c.System.SetReceiveLowWater(a.Fd(0), a.Int(1)))),
        new("tset T MS|past [PERIOD_MS]", "FWi", SetTimer)
        {
            Complaint = step => step.Words[2] == "past" || ScriptParser.TryNumber(step.Words[2], out _)
                ? null : $"'{step.Words[2]}' is no number of milliseconds",
        },
        new("raise", "", (c, _) => ScriptContext.FormatPlain(c.System.Raise())),
        new("kill P", "F", (c, a) => ScriptContext.FormatPlain(c.System.Kill(a.Fd(0)))),
        new("reap P", "F", (c, a) => ScriptContext.FormatPlain(c.System.Reap(a.Fd(0)))),
        new("touch I", "F", (c, a) => ScriptContext.FormatPlain(c.System.Touch(a.Fd(0)))),
    ];

    private static ReadOnlySpan<byte> Octets(ScriptContext context, long count, int line) =>
        context.Octets.AsSpan(0, context.RoomFor(count, line).Length);

    private static string Read(ScriptContext context, ScriptArguments arguments)
    {
        long count = arguments.Number(1);
        Result result = context.System.Read(arguments.Fd(0), context.RoomFor(count, arguments.Line));
        return result.IsOk && result.Value == 0 && count > 0 ? "EOF" : ScriptContext.Format(result);
    }

    private static string ReceiveFrom(ScriptContext context, ScriptArguments arguments)
    {
        Span<byte> room = context.RoomFor(arguments.Number(1), arguments.Line);
        Result result = context.System.ReceiveFrom(arguments.Fd(0), room, out string? sender);
        return result.IsOk ? $"{ScriptContext.Format(result)} from {sender ?? "-"}" : ScriptContext.Format(result);
    }

    private static string WriteCounter(ScriptContext context, ScriptArguments arguments)
    {
        long value = arguments.Number(1);
        Result result = context.System.Write(arguments.Fd(0), MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));
        return ScriptContext.Format(result);
    }

    private static string ReadCounter(ScriptContext context, ScriptArguments arguments)
    {
        Span<byte> octets = context.RoomFor(sizeof(ulong), arguments.Line);
        octets.Clear();
        Result result = context.System.Read(arguments.Fd(0), octets);
        return result.IsOk ? MemoryMarshal.Read<ulong>(octets).ToString(CultureInfo.InvariantCulture) : ScriptContext.Format(result);
    }

    private static string ReadSignal(ScriptContext context, ScriptArguments arguments) =>
        ScriptContext.Format(context.System.Read(arguments.Fd(0), context.RoomFor(128, arguments.Line)));

    private static string Hurried(ScriptContext context, ScriptArguments arguments, Func<ScriptContext, ScriptArguments, string> run)
    {
        context.System.IsHurried = true;
        string result = run(context, arguments);
        context.System.IsHurried = false;
        context.System.Settle();
        return result;
    }

    private static string Fill(ScriptContext context, ScriptArguments arguments)
    {
        int fd = arguments.Fd(0);
        Result result = WriteAll(context, fd, arguments.Int(1, 4096), arguments.Line);
        return ScriptContext.Format(result.Is(Errno.EAGAIN) ? WriteAll(context, fd, 1, arguments.Line) : result);
    }

    private static Result WriteAll(ScriptContext context, int fd, int chunk, int line)
    {
        ReadOnlySpan<byte> octets = Octets(context, chunk, line);
        Result result;
        do
        {
            result = context.System.Write(fd, octets);
        }
        while (result.IsOk && result.Value > 0);

        return result;
    }

    private static string Drain(ScriptContext context, ScriptArguments arguments)
    {
        Result result;
        do
        {
            result = context.System.Read(arguments.Fd(0), context.RoomFor(65536, arguments.Line));
        }
        while (result.IsOk && result.Value > 0);

        return result.IsOk ? "EOF" : ScriptContext.Format(result);
    }

    private static string Shutdown(ScriptContext context, ScriptArguments arguments)
    {
        int how = arguments.Word(1) switch
        {
            "RD" => 0,
            "WR" => 1,
            "RDWR" => 2,
            _ => throw arguments.Wrong(1, "direction (RD, WR, RDWR)"),
        };
        return ScriptContext.FormatPlain(context.System.Shutdown(arguments.Fd(0), how));
    }

    private static string ShowError(ScriptContext context, ScriptArguments arguments)
    {
        Result result = context.System.SocketError(arguments.Fd(0));
        return !result.IsOk ? ScriptContext.Format(result) : result.Value == 0 ? "0" : ((Errno)result.Value).ToString();
    }

    private static string SetTimer(ScriptContext context, ScriptArguments arguments)
    {
        if (arguments.Word(1) != "past" && !ScriptParser.TryNumber(arguments.Word(1), out _))
        {
            throw arguments.Wrong(1, "number of milliseconds");
        }

        long milliseconds = arguments.Word(1) == "past" ? -1 : arguments.Number(1);
        return ScriptContext.FormatPlain(context.System.SetTimer(arguments.Fd(0), milliseconds, arguments.Number(2, 0)));
    }
}
