using System;
using System.Globalization;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Programs;

/// <summary><c>spindle-sim netlink</c>, <c>packets</c>, <c>tunnels</c>, <c>settings</c> and <c>routers</c>: the model's network
/// against the running kernel's, each sequence in a network namespace of its own.</summary>
internal static class NamespaceCommand
{
    public static int Run(string verb, string[] arguments)
    {
        ulong seed = 1;
        long sequences = 100;
        int workers = 4;
        bool shrinks = true;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            bool isRight = arguments[index] switch
            {
                "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--sequences" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out sequences) && sequences > 0,
                "--workers" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out workers) && workers is > 0 and <= 64,
                "--shrink" => bool.TryParse(value, out shrinks),
                _ => false,
            };
            if (!isRight)
            {
                return Program.Complain($"'{arguments[index]} {value}' is not expected");
            }
        }

        try
        {
            static void Say(NamespaceSummary progress) => Console.Error.WriteLine(Text(progress));
            NamespaceCheck check = new()
            {
                Subject = Enum.Parse<CheckSubject>(verb, ignoreCase: true),
                Seed = seed,
                Sequences = sequences,
                Workers = workers,
                Shrinks = shrinks,
            };
            return Report(verb, check.Run(Say));
        }
        catch (NamespaceCheckException impossible)
        {
            return Program.Complain(impossible.Message);
        }
    }

    private static int Report(string verb, NamespaceSummary summary)
    {
        foreach (string flaky in summary.Flaky)
        {
            Console.Out.WriteLine($"# flaky, not there each time again:\n{flaky}");
        }

        if (summary.Found is null)
        {
            Console.Out.WriteLine($"{Text(summary)}: no difference");
            return ExitStatus.Done;
        }

        Console.Out.WriteLine(summary.Found);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"# found with seed {summary.FoundSeed}; again: spindle-sim {verb} --sequences 1 --seed {summary.FoundSeed}"));
        Console.Out.WriteLine($"{Text(summary)}: a difference");
        return ExitStatus.Difference;
    }

    private static string Text(NamespaceSummary summary)
    {
        string unsteady = summary.Flaky.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {summary.Flaky.Count} flaky");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Sequences} sequences, {summary.Operations} steps, {summary.Elapsed.TotalSeconds:F0} s{unsteady}");
    }
}
