using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>Steps that build many epolls in one go, up to the limits of nesting.</summary>
internal static class ShapeVerbs
{
    private const int AddOperation = 1;
    private static readonly string[] Numbered = [".*"];

    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new("chain C N", "NC", (c, a) => Chain(c, a, isFromBottom: false)) { Ends = Numbered },
        new("chainup C N", "NC", (c, a) => Chain(c, a, isFromBottom: true)) { Ends = Numbered },
        new("fan N FD", "CF", (c, a) => Fan(a.Int(0), () => Watch(c, a.Fd(1), out _))),
        new("fan2 N FD", "CF", (c, a) => Fan(a.Int(0), () => WatchTwice(c, a.Fd(1)))),
        new("fann D N FD", "CCF", FanOverChain),
    ];

    private delegate Result Step();

    private static string Chain(ScriptContext context, ScriptArguments arguments, bool isFromBottom)
    {
        int count = arguments.Int(1);
        List<int> epolls = [];
        for (int index = 0; index < count; index++)
        {
            Result made = context.System.EpollCreate();
            epolls.Add(made.IsOk ? made.Int : -1);
            context.Define(string.Create(CultureInfo.InvariantCulture, $"{arguments.Word(0)}.{index}"), epolls[index]);
        }

        IEnumerable<int> uppers = Enumerable.Range(0, count - 1);
        foreach (int upper in isFromBottom ? uppers.Reverse() : uppers)
        {
            Result linked = context.System.Control(epolls[upper], AddOperation, epolls[upper + 1], PollMask.In, context.DataOf("link"));
            if (!linked.IsOk)
            {
                return string.Create(CultureInfo.InvariantCulture, $"link {upper}->{upper + 1} {linked.Error}");
            }
        }

        return "ok";
    }

    private static string Fan(int count, Step step)
    {
        for (int done = 0; done < count; done++)
        {
            Result result = step();
            if (!result.IsOk)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{result.Error} after {done}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"ok after {count}");
    }

    private static Result Watch(ScriptContext context, int fd, out int epoll)
    {
        Result made = context.System.EpollCreate();
        epoll = made.IsOk ? made.Int : -1;
        return made.IsOk ? context.System.Control(epoll, AddOperation, fd, PollMask.In, context.DataOf("fan")) : made;
    }

    private static Result WatchTwice(ScriptContext context, int fd)
    {
        Result inner = Watch(context, fd, out int epoll);
        return inner.IsOk ? Watch(context, epoll, out _) : inner;
    }

    private static string FanOverChain(ScriptContext context, ScriptArguments arguments)
    {
        int top = arguments.Fd(2);
        for (int link = 0; link < arguments.Int(0); link++)
        {
            Result result = Watch(context, top, out int epoll);
            if (!result.IsOk)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{result.Error} in the chain after {link}");
            }

            top = epoll;
        }

        int watched = top;
        return Fan(arguments.Int(1), () => Watch(context, watched, out _));
    }
}
