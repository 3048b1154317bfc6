using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation;

/// <summary>The children of a process, and signals to them and to itself.</summary>
internal sealed class SimulatedChildren(SimulatedProcess process)
{
    private const int ChildSignal = 17;
    private const int SignalMax = 64;
    private const int CodeByUser = 0;   // SI_USER
    private const int CodeQueued = -1;  // SI_QUEUE
    private const int CodeExited = 1;   // CLD_EXITED
    private const int CodeKilled = 2;   // CLD_KILLED

    private Dictionary<int, SimulatedChild> Children => process.Machine.Children;

    public Result Start()
    {
        int processId = process.Machine.NextProcessId();
        Children[processId] = new SimulatedChild(processId);
        return Result.Ok(processId);
    }

    /// <summary>Ends a child; SIGCHLD is pending, if it is blocked: otherwise it is ignored.</summary>
    public Result End(int processId, bool isSignalled, int code)
    {
        SimulatedChild child = Children[processId];
        bool isFirst = child.Status is null;
        Result result = child.End(isSignalled, code);
        if (isFirst && (process.Signals.Blocked >> (ChildSignal - 1) & 1) != 0)
        {
            process.Signals.Raise(new SignalInfo(ChildSignal, isSignalled ? CodeKilled : CodeExited, processId));
        }

        return result;
    }

    public Result Send(int processId, int signal, int? value = null)
    {
        if (signal is < 0 or > SignalMax)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (processId != process.ProcessId)
        {
            return !Children.TryGetValue(processId, out SimulatedChild? child) || child.IsReaped ? Result.Fail(Errno.ESRCH)
                : signal == 0 ? Result.Ok() : End(processId, isSignalled: true, signal);
        }

        if (signal != 0)
        {
            process.Signals.Raise(new SignalInfo(
                signal, value is null ? CodeByUser : CodeQueued, process.ProcessId, process.User, value ?? 0));
        }

        return Result.Ok();
    }

    public Result Send(ProcessFile file, int signal) => Send(file.Child.ProcessId, signal);

    public Result OpenPidFd(int processId) => Children.TryGetValue(processId, out SimulatedChild? child) && !child.IsReaped
        ? process.Open(new ProcessFile(process.Machine, child))
        : Result.Fail(Errno.ESRCH);
}
