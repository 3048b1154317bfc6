using System;
using System.Globalization;

namespace Spindle.Programs.Net;

/// <summary><c>spindle-sim sweep</c>: each system call of the daemon's start and first connection fails once.</summary>
internal static class SweepCommand
{
    public static int Run(string[] arguments)
    {
        int stride = 1;
        ulong seed = 1;
        for (int index = 0; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            bool isRight = arguments[index] switch
            {
                "--stride" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out stride) && stride > 0,
                "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!isRight)
            {
                return Program.Complain($"'{arguments[index]} {value}' is not expected");
            }
        }

        long broken = 0;
        long runs = DaemonSweep.Run(stride, seed, (failure, result) =>
        {
            foreach (string violation in result.Violations)
            {
                Console.Out.WriteLine($"{failure}: {violation}");
            }

            broken += result.Violations.Count > 0 ? 1 : 0;
        });
        Console.Out.WriteLine($"{runs} runs, each with another call that fails: {broken} break a promise");
        return broken == 0 ? ExitStatus.Done : ExitStatus.Difference;
    }
}
