using System;

namespace Spindle.Loop;

/// <summary>A callback threw, and the loop has no handler for that: leaves <see cref="EventLoop.Run"/> and
/// <see cref="EventLoop.Iterate"/>. Uncaught, it ends the process with a message that names the source.</summary>
public sealed class CallbackException : Exception
{
    /// <summary>Without a source; exists because exceptions have it.</summary>
    public CallbackException()
    {
    }

    /// <summary>With a text of one's own.</summary>
    public CallbackException(string message)
        : base(message)
    {
    }

    /// <summary>With a text of one's own.</summary>
    public CallbackException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal CallbackException(Source source, Exception thrown)
        : base($"The callback of {source.GetType().Name} '{source}' threw {thrown.GetType().Name}: {thrown.Message}", thrown) =>
        Source = source;

    /// <summary>Whose callback it was.</summary>
    public new Source? Source { get; }
}
