using System;
using System.Runtime.CompilerServices;

namespace Spindle.Loop.Async;

/// <summary>Continues on the loop in a later turn. From another thread it is the way to the loop.</summary>
public readonly struct YieldAwaitable : ICriticalNotifyCompletion
{
    private readonly LoopAwaits awaits;

    internal YieldAwaitable(LoopAwaits awaits) => this.awaits = awaits;

    /// <summary>False: there is always a turn between.</summary>
    public bool IsCompleted => false;

    /// <summary>For the compiler.</summary>
    public YieldAwaitable GetAwaiter() => this;

    /// <summary>For the compiler.</summary>
    /// <exception cref="LoopDisposedException">The loop was disposed.</exception>
    public void GetResult()
    {
        if (awaits.IsEnding)
        {
            throw new LoopDisposedException();
        }
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        if (awaits.IsEnding)
        {
            // Nothing turns any more: the method goes on here, into GetResult's exception.
            continuation();
            return;
        }

        awaits.Continuations.Add(static continuation => ((Action)continuation!)(), continuation);
    }
}
