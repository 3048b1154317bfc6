using System;
using System.Threading;
using System.Threading.Tasks;

namespace Spindle.Loop.Async;

/// <summary>A signal to be awaited again and again: what comes between two awaits is not lost.</summary>
/// <remarks>Watches from its making until it is disposed, as <see cref="SignalSource"/> does. One await at a time.</remarks>
public sealed class AsyncSignal : IDisposable
{
    private readonly SignalSource source;
    private readonly SignalAwait pending;
    private long count;
    private bool isDisposed;

    /// <summary>Begins to watch.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="signal">The signal's number.</param>
    public AsyncSignal(EventLoop loop, int signal)
    {
        pending = new SignalAwait(LoopAwaits.Enter(loop));
        source = loop.AddSignal(signal, (_, _) => Take(), name: "await");
        source.CanRecurse = true;
    }

    /// <summary>The signal's number.</summary>
    public int Signal => source.Signal;

    /// <summary>Waits for the signal, or takes one that came since the last time.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="InvalidOperationException">It is being awaited already.</exception>
    public ValueTask<int> NextAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        pending.Awaits.Verify();
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellation);
        }

        if (!pending.IsFree)
        {
            throw new InvalidOperationException($"Signal {Signal} is awaited already.");
        }

        if (count == 0)
        {
            return pending.Wait(cancellation);
        }

        count--;
        return ValueTask.FromResult(Signal);
    }

    /// <summary>Ends watching; an await of it ends with an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        source.Remove();
        if (pending.IsWaiting)
        {
            pending.Fail(new ObjectDisposedException(nameof(AsyncSignal)), atOnce: false);
        }
    }

    private void Take()
    {
        if (pending.IsWaiting)
        {
            pending.Complete(Signal, atOnce: true);
        }
        else
        {
            count++;
        }
    }

    private sealed class SignalAwait(LoopAwaits awaits) : PendingResult<int>(awaits)
    {
        public ValueTask<int> Wait(CancellationToken cancellation)
        {
            Begin(cancellation);
            return AsValueTask();
        }

        protected override void LetGo()
        {
            // The source belongs to the signal, not to the await.
        }
    }
}
