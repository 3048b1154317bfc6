namespace Spindle.Loop;

/// <summary>When a <see cref="PhaseSource"/> is called.</summary>
public enum LoopPhase
{
    /// <summary>In every turn, before the loop looks what is ready and waits.</summary>
    BeforeWait,

    /// <summary>At the end of every turn that called something.</summary>
    AfterDispatch,

    /// <summary>When the outermost <see cref="EventLoop.Run"/> ends because of <see cref="EventLoop.Quit"/>.</summary>
    Exit,
}
