namespace Spindle.Loop;

/// <summary>What is put back when a run of a loop is left.</summary>
/// <param name="Before">What ran on the thread before.</param>
/// <param name="Outer">The source in whose callback the run is nested; null: it is not.</param>
/// <param name="IsBlocking">True if that source is blocked meanwhile.</param>
internal readonly record struct LoopEntry(LoopThread.Before Before, Source? Outer, bool IsBlocking);
