using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A child process: it lives, has ended and nobody has waited for it, or is gone.</summary>
internal sealed class SimulatedChild(int processId, Mutation mutation = Mutation.None)
{
    public int ProcessId { get; } = processId;

    /// <summary>Those who watch its pidfds.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>How it ended; null while it lives.</summary>
    public ExitStatus? Status { get; private set; }

    /// <summary>True once somebody has waited for it.</summary>
    public bool IsReaped { get; private set; }

    /// <summary>Ends the child, once.</summary>
    public Result End(bool isSignalled, int code)
    {
        if (IsReaped)
        {
            return Result.Fail(Errno.ESRCH);
        }

        if (Status is null)
        {
            Status = new ExitStatus(ProcessId, isSignalled, code);
            if (mutation != Mutation.ProcessEndIsSilent)
            {
                Queue.WakeAll(PollMask.In | PollMask.ReadNormal);
            }
        }

        return Result.Ok();
    }

    /// <summary>Waits for the child; EAGAIN while it lives.</summary>
    public Result Reap(out ExitStatus status)
    {
        Result result = Look(out status);
        if (result.IsOk)
        {
            IsReaped = true;
            if (mutation != Mutation.ProcessReapIsSilent)
            {
                Queue.WakeAll(PollMask.HangUp);
            }
        }

        return result;
    }

    /// <summary>How it ended, and it can be waited for as before; EAGAIN while it lives.</summary>
    public Result Look(out ExitStatus status)
    {
        status = Status ?? default;
        return IsReaped ? Result.Fail(Errno.ECHILD) : Status is null ? Result.Fail(Errno.EAGAIN) : Result.Ok(ProcessId);
    }
}
