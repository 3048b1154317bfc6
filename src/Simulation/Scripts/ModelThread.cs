using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Polling;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Scripts;

/// <summary>A script's thread in the model: one blocked call.</summary>
internal sealed class ModelThread(ScriptThreadKind kind, BlockedCall call) : ScriptThread(kind)
{
    public override bool IsDone => call.IsDone;

    public override Result Result => call.Result;

    public override IReadOnlyList<EpollEvent> Events => call is EpollWaitCall wait ? wait.Events.ToArray() : [];

    public override PollMask Found => call is PollWaitCall poll ? poll.Entries[0].Found : PollMask.None;

    public void Abandon() => call.Abandon();
}
