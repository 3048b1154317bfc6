using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A pidfd of a child.</summary>
internal sealed class ProcessFile(SimulatedMachine machine, SimulatedChild child) : OpenFile(machine)
{
    public SimulatedChild Child { get; } = child;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(Child.Queue);
        return Child.IsReaped ? PollMask.In | PollMask.HangUp | PollMask.ReadNormal
            : Child.Status is not null ? PollMask.In | PollMask.ReadNormal : PollMask.None;
    }
}
