using System;
using System.Globalization;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Programs;

/// <summary><c>spindle-sim netlink</c>: the model's route netlink against the running kernel's.</summary>
internal static class NetlinkCommand
{
    public static int Run(string[] arguments)
    {
        ulong seed = 1;
        long sequences = 100;
        bool shrinks = true;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            bool isRight = arguments[index] switch
            {
                "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--sequences" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out sequences),
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
            NetlinkCheck check = new() { Seed = seed, Sequences = sequences, Shrinks = shrinks };
            return Report(check.Run(progress => Console.Error.WriteLine(Text(progress))));
        }
        catch (NetlinkCheckException impossible)
        {
            return Program.Complain(impossible.Message);
        }
    }

    private static int Report(NetlinkSummary summary)
    {
        if (summary.Found is null)
        {
            Console.Out.WriteLine($"{Text(summary)}: no difference");
            return ExitStatus.Done;
        }

        Console.Out.WriteLine(summary.Found);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"# found with seed {summary.FoundSeed}; again: spindle-sim netlink --sequences 1 --seed {summary.FoundSeed}"));
        Console.Out.WriteLine($"{Text(summary)}: a difference");
        return ExitStatus.Difference;
    }

    private static string Text(NetlinkSummary summary)
    {
        string unsteady = summary.Unsteady == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {summary.Unsteady} not there again");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Sequences} sequences, {summary.Operations} requests, {summary.Elapsed.TotalSeconds:F0} s{unsteady}");
    }
}
