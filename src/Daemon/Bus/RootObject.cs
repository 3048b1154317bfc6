using System;

namespace Spindle.Daemon.Bus;

/// <summary>What stands behind <c>/</c>: the Manager, the Clock, and figures about the daemon.</summary>
internal sealed class RootObject(
    ModelDoor door, AgentRegistry agents, CounterRegistry counters, ClockObject clock, Func<DaemonStatus> status)
{
    public ModelDoor Door => door;

    public AgentRegistry Agents => agents;

    public CounterRegistry Counters => counters;

    public ClockObject Clock => clock;

    public Func<DaemonStatus> Status => status;

    /// <summary>Stored for the asking; it has no effect, as in ConnMan.</summary>
    public bool IsSessionMode { get; set; }
}
