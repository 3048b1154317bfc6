using System;

namespace Spindle.Loop.Async;

/// <summary>What an await on a loop ends with when the loop is disposed. A cancellation: a task that lets it out is
/// cancelled, not faulted.</summary>
public sealed class LoopDisposedException : OperationCanceledException
{
    /// <summary>The usual message.</summary>
    public LoopDisposedException()
        : base("The event loop was disposed.")
    {
    }

    /// <summary>With a message of its own.</summary>
    public LoopDisposedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause of its own.</summary>
    public LoopDisposedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
