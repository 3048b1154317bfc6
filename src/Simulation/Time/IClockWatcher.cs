namespace Spindle.Simulation.Time;

/// <summary>Something set on a clock that may step: the wall clock, or the boot clock, which a suspend takes forward.</summary>
internal interface IClockWatcher
{
    /// <summary>The clocks stand otherwise to each other now.</summary>
    void ClockWasSet();
}
