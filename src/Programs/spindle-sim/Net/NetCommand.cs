using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary><c>spindle-sim net</c>: the daemon in worlds drawn from seeds.</summary>
internal static class NetCommand
{
    public const string Help = """
        usage: spindle-sim net [--seed S] [--seeds N] [--days D] [--links L] [--faults F] [--quiet] [--door] [--journal FILE]
                               [--without LIST] [--trace] [--debug] [--no-shorten]

        Runs the real daemon on the simulated kernel, in a world drawn from the seed: links, networks, servers, users,
        bad weather, kills and power cuts; and holds it to its promises at every step.

          --seed S       the first seed (1)
          --seeds N      how many, one after the other (1)
          --days D       virtual days of each, before the calm at the end (1); a fraction is right
          --links L      links of the machine, 1 to 32; else drawn
          --faults F     things that go wrong; else drawn
          --door         main.conf opens the libvirt door, and somebody uses it
          --quiet        one home network and nothing ever goes wrong: how long an idle day takes
          --journal FILE keeps the next seed there, and goes on from there another time; one run has it at a time
          --without LIST leaves out events of these numbers (as a shortened cause says)
          --trace        writes everything that happens, a line each, to standard output
          --debug        adds the daemon's debug messages to it
          --no-shorten   says only that a seed failed, and does not look for the few events that matter

        Exit status: 0 all went well, 1 a promise was broken, 2 wrong usage.
        """;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly LinuxKernel Clock = new();

    public static int Run(string[] arguments)
    {
        if (arguments is ["--help" or "-h"])
        {
            Console.Out.WriteLine(Help);
            return ExitStatus.Done;
        }

        if (!NetArguments.TryParse(arguments, out NetArguments? wanted, out string complaint))
        {
            return Program.Complain(complaint);
        }

        if (wanted.Journal is null)
        {
            return RunAll(wanted, wanted.Options.Seed, null);
        }

        if (!SeedJournal.TryOpen(wanted.Journal, out SeedJournal? journal, out complaint))
        {
            return Program.Complain(complaint);
        }

        using (journal)
        {
            UInt128 first = UInt128.Max(journal.Next ?? 0, wanted.Options.Seed);
            return first < wanted.End ? RunAll(wanted, first, journal) : Nothing(wanted);
        }
    }

    private static int Nothing(NetArguments wanted)
    {
        Console.Out.WriteLine($"all seeds before {wanted.End} are done ({wanted.Journal})");
        return ExitStatus.Done;
    }

    private static int RunAll(NetArguments wanted, UInt128 first, SeedJournal? journal)
    {
        Instant started = Clock.Now(ClockId.Monotonic);
        Instant said = started;
        NetTotals totals = new();
        for (UInt128 seed = first; seed < wanted.End; seed++)
        {
            NetResult result = NetRun.Run(wanted.Options with { Seed = (ulong)seed, MeasuresMemory = true });
            totals.Add(result);
            if (result.Violations.Count > 0)
            {
                Report(wanted, result);
                Console.Out.WriteLine($"{totals.Text(Clock.Now(ClockId.Monotonic) - started)}: a broken promise");
                return ExitStatus.Difference;
            }

            if (journal?.Write(seed + 1) is { } complaint)
            {
                return Program.Complain(complaint);
            }

            if (Clock.Now(ClockId.Monotonic) - said > ProgressInterval)
            {
                said = Clock.Now(ClockId.Monotonic);
                Console.Error.WriteLine($"seed {seed}: {totals.Text(Clock.Now(ClockId.Monotonic) - started)}");
            }
        }

        Console.Out.WriteLine($"{totals.Text(Clock.Now(ClockId.Monotonic) - started)}, trace {totals.Hash:x16}: no broken promise");
        return ExitStatus.Done;
    }

    private static void Report(NetArguments wanted, NetResult result)
    {
        TextWriter output = Console.Out;
        output.WriteLine($"seed {result.Seed} breaks a promise:");
        foreach (string violation in result.Violations)
        {
            output.WriteLine("  " + violation);
        }

        string replay = $"spindle-sim net --seed {result.Seed}{wanted.Text()} --no-shorten --trace";
        if (wanted.DoesShorten)
        {
            IReadOnlyList<ulong> needed = Shorten(wanted, result);
            HashSet<ulong> leftOut = [.. result.Happened];
            leftOut.ExceptWith(needed);
            NetResult small = NetRun.Run(wanted.Options with { Seed = result.Seed, LeftOut = leftOut, Trace = null });
            output.WriteLine($"what it takes of {result.Happened.Count} events: {needed.Count}");
            foreach (string fault in small.Faults)
            {
                output.WriteLine("  " + fault);
            }

            replay += leftOut.Count == 0 ? "" : " --without " + string.Join(',', leftOut);
        }

        output.WriteLine("replay: " + replay);
    }

    private static IReadOnlyList<ulong> Shorten(NetArguments wanted, NetResult result)
    {
        Console.Error.WriteLine($"looking for what it takes, of {result.Happened.Count} events ...");
        string rule = RuleOf(result.Violations[0]);
        return Shortener.Shorten(
            result.Happened,
            leftOut => NetRun.Run(wanted.Options with { Seed = result.Seed, LeftOut = leftOut, Trace = null }) is { Violations: [string found, ..] }
                && RuleOf(found) == rule);
    }

    // "<when> <who>: <rule>: <detail>": the same rule is the same failure.
    private static string RuleOf(string violation)
    {
        string[] parts = violation.Split(": ", 3);
        return parts.Length > 1 ? parts[1] : violation;
    }
}
