using System;
using Spindle.Kernels;

namespace Spindle.Simulation;

/// <summary>A thread that works in steps; its steps run while the process waits.</summary>
internal sealed class SimulatedThread(SimulatedWaits waits, Func<SteppingThread, ThreadStep> step) : SteppingThread
{
    private bool isQueued;
    private bool hasEnded;

    /// <inheritdoc/>
    public override void Wake()
    {
        if (!isQueued && !hasEnded)
        {
            isQueued = true;
            waits.Enqueue(MakeStep);
        }
    }

    private void MakeStep()
    {
        isQueued = false;
        switch (step(this))
        {
            case ThreadStep.Again:
                Wake();
                break;
            case ThreadStep.Rest:
                break;
            case ThreadStep.End:
                hasEnded = true;
                break;
        }
    }
}
