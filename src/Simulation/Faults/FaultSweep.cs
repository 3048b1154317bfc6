using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Faults;

/// <summary>Runs something again and again; each time another one of its system calls goes wrong, until every one of them has.</summary>
public static class FaultSweep
{
    /// <summary>In run number n, call number n of a kind fails; the run after the last such call goes undisturbed.</summary>
    /// <param name="call">Calls of which kind.</param>
    /// <param name="error">What they fail with (<see cref="FaultRules.Of"/>).</param>
    /// <param name="begin">Makes a fresh process for each run.</param>
    /// <param name="scenario">What is run, with its assertions.</param>
    /// <returns>How many calls have failed.</returns>
    public static long Run(SystemCall call, Errno error, Func<SimulatedKernel> begin, Action<SimulatedKernel> scenario) =>
        Sweep(begin, scenario, (kernel, number) => kernel.Faults.FailAt(call, kernel.Faults.CountOf(call) + number, error),
            kernel => kernel.Faults.CountOf(call));

    /// <summary>In run number n, something happens to the process or its machine before call number n of any kind.</summary>
    /// <param name="begin">Makes a fresh process for each run.</param>
    /// <param name="intervention">What happens: a kill, a power cut, a suspend.</param>
    /// <param name="scenario">What is run; it looks at what is left with another process.</param>
    /// <returns>How many calls there were to intervene at.</returns>
    public static long Intervene(Func<SimulatedKernel> begin, Action<SimulatedKernel> intervention, Action<SimulatedKernel> scenario) =>
        Sweep(begin, scenario, (kernel, number) => kernel.Faults.InterveneAt(kernel.Faults.Count + number, () => intervention(kernel)),
            kernel => kernel.Faults.Count);

    private static long Sweep(
        Func<SimulatedKernel> begin, Action<SimulatedKernel> scenario, Action<SimulatedKernel, long> plan, Func<SimulatedKernel, long> count)
    {
        for (long number = 1; ; number++)
        {
            SimulatedKernel kernel = begin();
            long before = count(kernel);
            plan(kernel, number);
            scenario(kernel);
            if (count(kernel) - before < number)
            {
                return number - 1;
            }
        }
    }
}
