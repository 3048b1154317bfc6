namespace Spindle.Kernels;

/// <summary>A thread that works in steps and, between two of them, rests until somebody wakes it.</summary>
/// <remarks>
/// It never waits within a step: what it waits for is the next one. So a simulated kernel can run many such threads on one,
/// a step at a time, without a stack to keep for any of them.
/// </remarks>
public abstract class SteppingThread
{
    /// <summary>Any thread: another step is made, now if the thread rests, otherwise when the step it is in has ended. Calls
    /// before that step count as one; after the thread's end they do nothing.</summary>
    public abstract void Wake();
}
