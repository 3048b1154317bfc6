using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;
using PollEntry = Spindle.Simulation.Polling.PollEntry;

namespace Spindle.Simulation.Scripts;

/// <summary>Steps that control epolls, wait, and look.</summary>
internal static class EpollVerbs
{
    private const int AddOperation = 1;
    private const int DeleteOperation = 2;
    private const int ModifyOperation = 3;

    // Everything that a file can report.
    private const PollMask AllBits = (PollMask)0x27DF;

    public static IReadOnlyList<ScriptVerb> All { get; } =
    [
        new("add E FD MASK [as TAG]", "FFMww", (c, a) => Control(c, a, AddOperation, 0)),
        new("mod E FD MASK [as TAG]", "FFMww", (c, a) => Control(c, a, ModifyOperation, 0)),
        new("del E FD", "FF", (c, a) => ScriptContext.FormatPlain(c.System.Control(a.Fd(0), DeleteOperation, a.Fd(1), default, 0))),
        new("ctl OP E FD MASK [as TAG]", "IFFMww", (c, a) => Control(c, a, a.Int(0), 1)),
        new("ctlfault OP E FD", "IFF", (c, a) => ScriptContext.FormatPlain(c.System.ControlWithoutEvent(a.Fd(1), a.Int(0), a.Fd(2)))),
        new("wait E MAX [MS]", "FIi", Wait),
        new("pwait2 E MAX SEC NSEC", "FIII", (c, a) => Found(c, a.Int(1), events => c.System.Wait(a.Fd(0), a.Number(2), a.Number(3), events))),
        new("waitfault E K MAX", "FII", (c, a) => Found(c, a.Int(2), events => c.System.WaitFaulting(a.Fd(0), a.Int(1), a.Int(2), events))),
        new("waitfar E MAX", "FI", (c, a) => ScriptContext.FormatPlain(c.System.WaitOutside(a.Fd(0), a.Int(1)))),
        new("pwaitsig E MAX MS", "FII", (c, a) => Found(c, a.Int(1), events => c.System.WaitWithSignal(a.Fd(0), a.Int(1), a.Int(2), events))),
        new("poll FD:MASK ...", "P*", Poll),
        new("select FD [r][w][x]", "Fwww", Select)
        {
            Complaint = step => step.Words.Skip(2).FirstOrDefault(word => word.Trim('r', 'w', 'x').Length > 0) is { } wrong
                ? $"'{wrong}' is no set of r, w and x" : null,
        },
        new("mask FD [BITS]", "Fm", Mask),
        new("bpset E USECS BUDGET PREFER [PAD]", "FIIIi", (c, a) => SetBusyPoll(c, a, isUnprivileged: false)),
        new("bpsetuser E USECS BUDGET PREFER [PAD]", "FIIIi", (c, a) => SetBusyPoll(c, a, isUnprivileged: true)),
        new("bpget E", "F", GetBusyPoll),
        new("fdinfo E", "F", ShowRegistrations),
    ];

    private delegate Result Waiting(Span<EpollEvent> events);

    private static string Control(ScriptContext context, ScriptArguments arguments, int operation, int skipped)
    {
        string tag = arguments.OptionalWord(skipped + 3) is "as" && arguments.OptionalWord(skipped + 4) is { } given
            ? given
            : arguments.Word(skipped + 1);
        Result result = context.System.Control(
            arguments.Fd(skipped), operation, arguments.Fd(skipped + 1), arguments.Mask(skipped + 2), context.DataOf(tag));
        return ScriptContext.FormatPlain(result);
    }

    private static string Wait(ScriptContext context, ScriptArguments arguments)
    {
        int max = arguments.Int(1);
        Span<EpollEvent> events = context.RoomFor(max);
        Result result = context.System.Wait(arguments.Fd(0), max, arguments.Int(2, 0), events);
        return context.Format(result, events);
    }

    private static string Found(ScriptContext context, int max, Waiting wait)
    {
        Span<EpollEvent> events = context.RoomFor(max);
        return context.Format(wait(events), events);
    }

    private static string Poll(ScriptContext context, ScriptArguments arguments)
    {
        PollEntry[] entries = new PollEntry[arguments.Count];
        for (int index = 0; index < entries.Length; index++)
        {
            (int fd, PollMask mask) = arguments.Pair(index);
            entries[index] = new PollEntry(fd, mask);
        }

        Result result = context.System.Poll(entries);
        return result.IsOk
            ? ScriptContext.Format(result) + string.Concat(entries.Select(entry => " " + MaskText.Format(entry.Found)))
            : ScriptContext.Format(result);
    }

    private static string Select(ScriptContext context, ScriptArguments arguments)
    {
        int asked = 0;
        for (int index = 1; index < arguments.Count; index++)
        {
            foreach (char letter in arguments.Word(index))
            {
                int set = "rwx".IndexOf(letter, StringComparison.Ordinal);
                asked |= set >= 0 ? 1 << set : throw arguments.Wrong(index, "set of r, w and x");
            }
        }

        Result result = context.System.Select(arguments.Fd(0), asked == 0 ? 7 : asked, out int found);
        string letters = Letters(found, "");
        return result.IsOk && letters.Length > 0 ? $"{ScriptContext.Format(result)} {letters}" : ScriptContext.Format(result);
    }

    private static string Letters(int sets, string otherwise) =>
        ((sets & 1) != 0 ? "r" : otherwise) + ((sets & 2) != 0 ? "w" : otherwise) + ((sets & 4) != 0 ? "x" : otherwise);

    private static string Mask(ScriptContext context, ScriptArguments arguments)
    {
        int fd = arguments.Fd(0);
        PollMask bits = arguments.Count > 1 ? arguments.Mask(1) : AllBits;
        Span<PollEntry> entries = [new PollEntry(fd, bits)];
        Result polled = context.System.Poll(entries);
        string poll = polled.IsOk ? MaskText.Format(entries[0].Found) : ScriptContext.Format(polled);
        Result selected = context.System.Select(fd, 7, out int sets);
        string select = selected.IsOk ? Letters(sets, ".") : ScriptContext.Format(selected);
        return $"epoll={MaskOfEpoll(context, fd, bits)} poll={poll} select={select}";
    }

    private static string MaskOfEpoll(ScriptContext context, int fd, PollMask bits)
    {
        Result epoll = context.System.EpollCreate();
        if (!epoll.IsOk)
        {
            return ScriptContext.Format(epoll);
        }

        Result added = context.System.Control(epoll.Int, AddOperation, fd, bits, 0);
        Span<EpollEvent> events = stackalloc EpollEvent[1];
        Result waited = added.IsOk ? context.System.Wait(epoll.Int, 1, 0, events) : added;
        context.System.Close(epoll.Int);
        return waited.IsOk ? MaskText.Format((PollMask)events[0].Events) : ScriptContext.Format(waited);
    }

    private static string SetBusyPoll(ScriptContext context, ScriptArguments arguments, bool isUnprivileged)
    {
        BusyPollParameters parameters = new(
            (uint)arguments.Number(1), (ushort)arguments.Number(2), (byte)arguments.Number(3), (byte)arguments.Number(4, 0));
        return ScriptContext.FormatPlain(context.System.SetBusyPoll(arguments.Fd(0), parameters, isUnprivileged));
    }

    private static string GetBusyPoll(ScriptContext context, ScriptArguments arguments)
    {
        Result result = context.System.GetBusyPoll(arguments.Fd(0), out BusyPollParameters found);
        return result.IsOk
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"usecs={found.Microseconds} budget={found.Budget} prefer={found.IsPreferred} pad={found.Padding}")
            : ScriptContext.Format(result);
    }

    private static string ShowRegistrations(ScriptContext context, ScriptArguments arguments)
    {
        List<EpollEvent> found = [];
        Result result = context.System.Registrations(arguments.Fd(0), found);
        if (!result.IsOk)
        {
            return ScriptContext.Format(result);
        }

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"n={found.Count}");
        IEnumerable<string> items = found.Select(item => $" {context.TagOf(item.Data)}:{MaskText.Format((PollMask)item.Events)}");
        foreach (string item in items.Order(StringComparer.Ordinal))
        {
            text.Append(item);
        }

        return text.ToString();
    }
}
