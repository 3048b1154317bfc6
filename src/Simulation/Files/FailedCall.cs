using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>A call whose arguments were wrong: done before it could sleep.</summary>
internal sealed class FailedCall(SimulatedMachine machine, Errno error) : BlockedCall(machine)
{
    protected override bool TryFinish(out Result result)
    {
        result = Result.Fail(error);
        return true;
    }

    protected override void Leave()
    {
    }
}
