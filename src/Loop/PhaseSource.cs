namespace Spindle.Loop;

/// <summary>Called at a phase of the loop.</summary>
/// <param name="source">The source; removing it here is legal.</param>
public delegate void PhaseHandler(PhaseSource source);

/// <summary>Waits for nothing: it is called at one phase of every turn, or of the loop's end, best priority first, within
/// one priority in the order of coming. Being called does not count as something that happened in the turn.</summary>
public sealed class PhaseSource : Source
{
    private readonly PhaseHandler handler;

    internal PhaseSource(EventLoop loop, LoopPhase phase, PhaseHandler handler, int priority, string name)
        : base(loop, priority, name)
    {
        Phase = phase;
        this.handler = handler;
        loop.Full.Phases.Add(this);
        loop.Turns.RequireFull(LoopFeatures.Phases);
    }

    /// <summary>When it is called.</summary>
    public LoopPhase Phase { get; }

    internal override bool Dispatch(long turn)
    {
        handler(this);
        return true;
    }

    internal override void Detach()
    {
        Loop.Full.Phases.Remove(this);
        Loop.Turns.ReleaseFull(LoopFeatures.Phases);
    }
}
