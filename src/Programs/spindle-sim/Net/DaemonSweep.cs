using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Faults;

namespace Spindle.Programs.Net;

/// <summary>The daemon's start, first connection and three renewals, again and again; each time another one of its system calls fails,
/// with each error that it may meet. It must come online all the same, if need be as a process that is started again, and stay so.</summary>
internal static class DaemonSweep
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(100);

    /// <summary>Sweeps.</summary>
    /// <param name="stride">1: every call fails once. More: only each so many'th, of each kind another one.</param>
    /// <param name="seed">Of the world.</param>
    /// <param name="ran">Told of each run.</param>
    /// <param name="only">Which errors of which calls; null for all.</param>
    /// <returns>What was run.</returns>
    public static long Run(int stride, ulong seed, Action<PlannedFailure, NetResult> ran, Func<SystemCall, Errno, bool>? only = null)
    {
        long runs = 0;
        foreach (SystemCall call in Enum.GetValues<SystemCall>())
        {
            List<(FaultKind, Errno)> errors = [.. FaultRules.Of(call)];
            errors.RemoveAll(error => only?.Invoke(call, error.Item2) == false);
            long last = errors.Count == 0 ? 0 : NetRun.Run(Options(new(call, long.MaxValue, default, default), seed)).CallsOfKind;
            foreach ((FaultKind kind, Errno error) in errors)
            {
                for (long number = 1 + (runs % stride); number <= last; number += stride)
                {
                    PlannedFailure failure = new(call, number, kind, error);
                    NetResult result = NetRun.Run(Options(failure, seed));
                    runs++;
                    ran(failure, result);
                }
            }
        }

        return runs;
    }

    /// <summary>The world of one run: one home network, and leases of an hour.</summary>
    public static NetOptions Options(PlannedFailure failure, ulong seed) =>
        new() { Seed = seed, IsQuiet = true, Span = Span, Failure = failure };
}
