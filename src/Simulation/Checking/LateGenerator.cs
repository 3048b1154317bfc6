using System.Collections.Generic;
using System.Linq;
using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Checking;

/// <summary>Sequences with threads in epoll_wait whose time is over before they run: some were woken by then, for something or for
/// nothing, and others were not.</summary>
/// <remarks>One thread an epoll, and one file a step: it makes no difference which of them runs first.</remarks>
internal sealed class LateGenerator : SequenceWriter
{
    // The sleep begins a moment before the step that outlasts it, and must not be over by then.
    private const string SleepMilliseconds = "150";
    private const string LateMilliseconds = "200";

    private readonly List<string> epolls = [];
    private int tags;

    private LateGenerator(ulong seed)
        : base(seed)
    {
    }

    public static IReadOnlyList<ScriptStep> Generate(ulong seed)
    {
        LateGenerator generator = new(seed);
        generator.EmitObjects();
        for (int count = 1 + generator.Below(2); count > 0; count--)
        {
            generator.EmitRound();
        }

        return generator.Steps;
    }

    private void EmitObjects()
    {
        Emit("eventfd", "v");
        Emit("pipe", "p");
        for (int index = 0; index < 1 + Below(3); index++)
        {
            epolls.Add("e" + Number(index));
            Emit("epoll", epolls[index]);
            Emit("add", epolls[index], "v", AnyMask(), "as", NextTag());
            Emit("add", epolls[index], "p.r", AnyMask(), "as", NextTag());
        }
    }

    private void EmitRound()
    {
        foreach (string epoll in epolls)
        {
            Emit("keep", "T" + epoll, "wait", epoll, Percent(30) ? "1" : "8", SleepMilliseconds);
        }

        string[] step = Percent(50) ? ["evwrite", "v", Percent(80) ? "1" : "0"] : ["write", "p.w", "10"];
        string[] undone = step[0] == "write" ? ["read", "p.r", "100"] : ["evread", "v"];
        Emit(["late", LateMilliseconds, .. step, .. Percent(20) ? ["+", .. undone] : (string[])[]]);
        Emit(["state", .. epolls.Select(epoll => "T" + epoll)]);
        Emit("read", "p.r", "100");
        Emit("evread", "v");
    }

    private string AnyMask() => (Percent(85) ? "IN" : "OUT") + (Percent(40) ? "|EXCLUSIVE" : "") + (Percent(50) ? "|ET" : "");

    private string NextTag() => "t" + Number(tags++);
}
