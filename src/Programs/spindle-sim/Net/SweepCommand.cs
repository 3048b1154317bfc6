using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spindle.Kernels;
using Spindle.Simulation.Faults;

namespace Spindle.Programs.Net;

/// <summary><c>spindle-sim sweep</c>: each system call of the daemon's first 100 minutes fails once.</summary>
internal static class SweepCommand
{
    public static int Run(string[] arguments)
    {
        if (arguments is ["--only", string one] && TryRead(one, out PlannedFailure? wanted))
        {
            return Replay(wanted);
        }

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
                Console.Out.WriteLine($"{failure}: {violation} (--only {failure.Call}:{failure.Number}:{failure.Kind}:{failure.Error})");
            }

            broken += result.Violations.Count > 0 ? 1 : 0;
        });
        Console.Out.WriteLine($"{runs} runs, each with another call that fails: {broken} break a promise");
        return broken == 0 ? ExitStatus.Done : ExitStatus.Difference;
    }

    private static int Replay(PlannedFailure failure)
    {
        NetResult result = NetRun.Run(DaemonSweep.Options(failure, 1) with { Trace = Console.Out.WriteLine });
        foreach (string violation in result.Violations)
        {
            Console.Out.WriteLine(violation);
        }

        return result.Violations.Count == 0 ? ExitStatus.Done : ExitStatus.Difference;
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out PlannedFailure? failure)
    {
        failure = text.Split(':') is [string call, string number, string kind, string error]
            && Program.TryReadName(call, out SystemCall which) && Program.TryReadName(kind, out FaultKind what) && Program.TryReadName(error, out Errno errno)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            ? new PlannedFailure(which, count, what, errno)
            : null;
        return failure is not null;
    }
}
