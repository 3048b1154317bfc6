using System;

namespace Spindle.Simulation;

/// <summary>Thrown out of a wait of a process that was killed, or whose machine has lost power: its code ends here.</summary>
/// <remarks>Its other calls fail with EIO and do nothing: what it still does on its way out no longer happens.</remarks>
public sealed class ProcessEndedException : Exception
{
    /// <summary>Without more to say.</summary>
    public ProcessEndedException()
        : base("The simulated process has ended.")
    {
    }

    /// <summary>With a message.</summary>
    public ProcessEndedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what led to it.</summary>
    public ProcessEndedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
