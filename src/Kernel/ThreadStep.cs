namespace Spindle.Kernels;

/// <summary>What a <see cref="SteppingThread"/> does after a step.</summary>
public enum ThreadStep
{
    /// <summary>Makes the next step at once.</summary>
    Again,

    /// <summary>Rests until it is woken.</summary>
    Rest,

    /// <summary>Ends.</summary>
    End,
}
