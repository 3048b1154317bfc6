using System;
using System.Globalization;
using Spindle.Simulation;
using Spindle.Simulation.Checking;

namespace Spindle.Programs;

/// <summary><c>spindle-sim check</c>: the model against the running kernel.</summary>
internal static class CheckCommand
{
    public static int Run(string[] arguments)
    {
        ulong seed = 1;
        long sequences = 20_000;
        Mutation mutation = Mutation.None;
        SequenceKind kind = SequenceKind.Random;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            bool isRight = arguments[index] switch
            {
                "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--sequences" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out sequences) && sequences > 0,
                "--mutation" => Program.TryReadName(value, out mutation),
                "--kind" => Program.TryReadName(value, out kind),
                _ => false,
            };
            if (!isRight)
            {
                return Program.Complain($"'{arguments[index]} {value}' is not expected");
            }
        }

        DifferentialCheck check = new() { Seed = seed, Sequences = sequences, Mutation = mutation, Kind = kind };
        CheckSummary summary = check.Run(progress => Console.Error.WriteLine(Text(progress)));
        return Report(summary);
    }

    private static int Report(CheckSummary summary)
    {
        foreach (Difference flaky in summary.Flaky)
        {
            Console.Out.WriteLine($"# flaky, not there each time again:\n{flaky}");
        }

        if (summary.Found is not { } difference)
        {
            Console.Out.WriteLine($"{Text(summary)}: no difference");
            return ExitStatus.Done;
        }

        Console.Out.WriteLine(difference);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"# found with seed {summary.FoundSeed}; replay the lines above with: spindle-sim epoll - --diff"));
        Console.Out.WriteLine($"{Text(summary)}: a difference");
        return ExitStatus.Difference;
    }

    private static string Text(CheckSummary summary)
    {
        double minutes = Math.Max(summary.Elapsed.TotalMinutes, 1e-9);
        string unsteady = summary.Flaky.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {summary.Flaky.Count} flaky");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Sequences} sequences, {summary.Operations} operations, {summary.Operations / minutes / 1e6:F2} million a minute{unsteady}");
    }
}
