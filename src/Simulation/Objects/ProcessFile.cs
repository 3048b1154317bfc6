using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A pidfd, with the child that it stands for.</summary>
internal sealed class ProcessFile(SimulatedMachine machine) : OpenFile(machine)
{
    private readonly WaitQueue queue = new();
    private bool isZombie;
    private bool isReaped;

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(queue);
        return isReaped ? PollMask.In | PollMask.HangUp | PollMask.ReadNormal
            : isZombie ? PollMask.In | PollMask.ReadNormal : PollMask.None;
    }

    /// <summary>Ends the child.</summary>
    public Result Kill()
    {
        if (isReaped)
        {
            return Result.Fail(Errno.ESRCH);
        }

        if (!isZombie)
        {
            isZombie = true;
            queue.WakeAll(PollMask.In | PollMask.ReadNormal);
        }

        return Result.Ok();
    }

    /// <summary>Waits for the child; EAGAIN while it lives.</summary>
    public Result Reap()
    {
        if (isReaped || !isZombie)
        {
            return Result.Fail(isReaped ? Errno.ECHILD : Errno.EAGAIN);
        }

        isReaped = true;
        queue.WakeAll(PollMask.HangUp);
        return Result.Ok();
    }
}
