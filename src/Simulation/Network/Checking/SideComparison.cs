using System;
using System.Collections.Generic;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Plays a sequence on both kernels side by side, and compares what came of each step.</summary>
internal static class SideComparison
{
    private const int LooksMax = 60; // of a few milliseconds each

    /// <summary>Plays in the network namespace of the calling thread; null if there is no difference.</summary>
    public static SequenceDifference<SideStep<TSide>>? Play<TSide>(Kernel kernel, IReadOnlyList<SideStep<TSide>> steps)
        where TSide : ICheckSide<TSide>
    {
        SimulatedKernel model = new();
        model.Machine.Network.Detection.IsOn = false;
        using TSide modelled = TSide.Open(model, model.Advance);
        using TSide running = TSide.Open(kernel, span => kernel.Poll([], span));
        TimeSpan ahead = model.Now(ClockId.Monotonic) - kernel.Now(ClockId.Monotonic);
        for (int index = 0; index < steps.Count; index++)
        {
            string expected = steps[index].Play(running) + running.Happened();
            string found = steps[index].Play(modelled) + modelled.Happened();
            for (int looks = 0; looks < LooksMax && expected != found && expected.Length < found.Length; looks++)
            {
                expected += running.Late();
            }

            TimeSpan behind = ahead - (model.Now(ClockId.Monotonic) - kernel.Now(ClockId.Monotonic));
            if (TSide.ShowsTime && behind > TimeSpan.Zero)
            {
                model.Advance(behind);
            }

            if (TSide.Ordered(expected) != TSide.Ordered(found))
            {
                List<SideStep<TSide>> played = [];
                for (int one = 0; one <= index; one++)
                {
                    played.Add(steps[one]);
                }

                return new SequenceDifference<SideStep<TSide>>(played, found, expected);
            }
        }

        return null;
    }
}
