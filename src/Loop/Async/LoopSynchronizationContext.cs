using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Spindle.Loop.Async;

/// <summary>Brings an <c>await</c> back to the loop's thread, in order. One for each loop.</summary>
/// <remarks>
/// Installed on the loop's thread, for as long as it runs the loop, it is what <c>await</c> on any task uses, and where
/// exceptions of <c>async void</c> methods go: out of the turn, to the loop's handler.
/// What is posted runs in the next turn at the default priority; what is posted meanwhile, in the one after that.
/// With <c>ConfigureAwait(false)</c> a task that ends on another thread continues there, off the loop, where nothing of the
/// loop may be touched: do not use it in code of the loop. (Awaits of <see cref="LoopAwaitExtensions"/> and
/// <see cref="AsyncFd"/> always end on the loop, with it or without.)
/// Posts to a disposed loop are dropped.
/// </remarks>
public sealed class LoopSynchronizationContext : SynchronizationContext
{
    private readonly LoopAwaits awaits;

    internal LoopSynchronizationContext(LoopAwaits awaits) => this.awaits = awaits;

    /// <summary>The loop.</summary>
    public EventLoop Loop => awaits.Loop;

    /// <summary>The context of a loop. The first call for a loop belongs to its thread.</summary>
    public static LoopSynchronizationContext Of(EventLoop loop) => LoopAwaits.Of(loop).Context;

    /// <summary>Makes it the current thread's context until the scope is disposed.</summary>
    public Scope Install() => new(this);

    /// <summary>Any thread: runs it on the loop, in a later turn.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        awaits.Continuations.AddCallback(d, state);
    }

    /// <summary>Runs it on the loop and waits for that: at once on the loop's own thread, as a post from another, which blocks.
    /// What it throws comes out here.</summary>
    /// <exception cref="LoopDisposedException">The loop was disposed.</exception>
    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (Loop.IsOwnThread)
        {
            d(state);
            return;
        }

        Sending sending = new(d, state);
        awaits.Continuations.Add(static sending => ((Sending)sending!).Run(), sending);
        sending.Wait(awaits.Continuations);
    }

    /// <summary>The same: there is one for each loop.</summary>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Gives the thread its former context back.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly SynchronizationContext? former;

        internal Scope(LoopSynchronizationContext context)
        {
            former = Current;
            SetSynchronizationContext(context);
        }

        /// <inheritdoc/>
        public void Dispose() => SetSynchronizationContext(former);
    }

    private sealed class Sending(SendOrPostCallback call, object? state)
    {
        // A disposed loop drops what waits; a look now and then finds out.
        private const int LookMilliseconds = 100;

        private readonly Lock gate = new();
        private readonly ManualResetEventSlim done = new();
        private ExceptionDispatchInfo? thrown;

        public void Run()
        {
            try
            {
                call(state);
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }

            lock (gate)
            {
                done.Set();
            }
        }

        public void Wait(ContinuationSource continuations)
        {
            while (!done.Wait(LookMilliseconds))
            {
                if (continuations.IsClosed && !done.IsSet)
                {
                    throw new LoopDisposedException();
                }
            }

            lock (gate)
            {
                done.Dispose();
            }

            thrown?.Throw();
        }
    }
}
