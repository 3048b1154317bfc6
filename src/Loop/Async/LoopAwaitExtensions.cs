using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Async;

/// <summary>What can be awaited on a loop, and running a program that does. All on the loop's thread, but for
/// <see cref="Yield"/> and <see cref="InvokeAsync{TResult}"/>.</summary>
/// <remarks>Each await here can be cancelled, which ends it with an <see cref="OperationCanceledException"/> in a later turn,
/// and ends with a <see cref="LoopDisposedException"/> when the loop goes. An awaited thing that comes about continues the
/// method at once, as a callback would.</remarks>
public static class LoopAwaitExtensions
{
    /// <summary>Runs the loop until a method has ended, with its <see cref="LoopSynchronizationContext"/> installed.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="main">The method. What it throws comes out here.</param>
    /// <exception cref="OperationCanceledException"><see cref="EventLoop.Quit"/> came before the method's end.</exception>
    public static void Run(this EventLoop loop, Func<Task> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(loop).Install();
        RunUntilEnd(loop, main()).GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Run(EventLoop, Func{Task})"/>
    /// <returns>What the method returns.</returns>
    public static TResult Run<TResult>(this EventLoop loop, Func<Task<TResult>> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(loop).Install();
        Task<TResult> task = main();
        RunUntilEnd(loop, task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits until a descriptor is readable, at its end, or in error.</summary>
    /// <remarks>It is watched for this one time, which costs two system calls and a few small objects; where it is awaited
    /// often, <see cref="AsyncFd"/> costs neither.</remarks>
    /// <param name="loop">The loop.</param>
    /// <param name="fd">The descriptor; not to be closed meanwhile.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What it is ready for.</returns>
    /// <exception cref="ArgumentException">The descriptor cannot be watched.</exception>
    public static ValueTask<FdEvents> Readable(
        this EventLoop loop, int fd, CancellationToken cancellation = default) =>
        Ready(loop, fd, FdEvents.Readable, cancellation);

    /// <summary>As <see cref="Readable"/>, until it is writable.</summary>
    public static ValueTask<FdEvents> Writable(
        this EventLoop loop, int fd, CancellationToken cancellation = default) =>
        Ready(loop, fd, FdEvents.Writable, cancellation);

    /// <summary>As <see cref="Readable"/>, for any set of events.</summary>
    public static ValueTask<FdEvents> Ready(
        this EventLoop loop, int fd, FdEvents interest, CancellationToken cancellation = default)
    {
        LoopAwaits awaits = LoopAwaits.Enter(loop);
        return cancellation.IsCancellationRequested
            ? ValueTask.FromCanceled<FdEvents>(cancellation)
            : new FdWait(awaits, fd, interest).Wait(cancellation);
    }

    /// <summary>Waits for a while, by the monotonic clock; never less. Allocates nothing in the long run.</summary>
    public static ValueTask Delay(this EventLoop loop, TimeSpan span, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return DelayUntil(loop, loop.Kernel.Now(ClockId.Monotonic) + span, cancellation);
    }

    /// <summary>Waits until an instant of the monotonic clock.</summary>
    public static ValueTask DelayUntil(this EventLoop loop, Instant at, CancellationToken cancellation = default)
    {
        LoopAwaits awaits = LoopAwaits.Enter(loop);
        return cancellation.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellation)
            : awaits.TakeDelay().Wait(at, cancellation);
    }

    /// <summary>Waits for the next signal of a number. It is watched for this one time; see <see cref="AsyncSignal"/> for
    /// signals that come again.</summary>
    /// <returns>The signal's number.</returns>
    public static async ValueTask<int> NextSignal(
        this EventLoop loop, int signal, CancellationToken cancellation = default)
    {
        using AsyncSignal watched = new(loop, signal);
        return await watched.NextAsync(cancellation);
    }

    /// <summary>Waits for the end of a child. Cancelled, it leaves the child for somebody else to wait for.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="processId">Our child, not yet waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ArgumentException">There is no such process.</exception>
    public static ValueTask<ExitStatus> ChildExit(
        this EventLoop loop, int processId, CancellationToken cancellation = default)
    {
        LoopAwaits awaits = LoopAwaits.Enter(loop);
        return cancellation.IsCancellationRequested
            ? ValueTask.FromCanceled<ExitStatus>(cancellation)
            : new ChildAwait(awaits, processId).Wait(cancellation);
    }

    /// <summary>Continues on the loop in a later turn. From another thread it is the way to the loop; the first call for a
    /// loop belongs to its thread.</summary>
    public static YieldAwaitable Yield(this EventLoop loop) => new(LoopAwaits.Of(loop));

    /// <summary>Any thread: runs a function on the loop and waits for its result, without blocking.</summary>
    public static Task<TResult> InvokeAsync<TResult>(this EventLoop loop, Func<TResult> function)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(function);
        TaskCompletionSource<TResult> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() =>
        {
            try
            {
                source.SetResult(function());
            }
            catch (Exception exception)
            {
                source.SetException(exception);
            }
        });
        return source.Task;
    }

    private static Task RunUntilEnd(EventLoop loop, Task task)
    {
        if (task.IsCompleted)
        {
            return task;
        }

        // With the loop's context: on the loop's thread the end is seen at once. Without it the runtime would hand it to its thread
        // pool, for nothing on a thread with a context continues there that has not asked for it.
        RunEnd end = new(loop);
        task.GetAwaiter().UnsafeOnCompleted(end.Reach);
        try
        {
            loop.Run();
        }
        finally
        {
            end.Leave();
        }

        return task.IsCompleted ? task : throw new OperationCanceledException("The loop was quit before the method's end.");
    }

    /// <summary>Quits the loop at the method's end, and at no later time.</summary>
    private sealed class RunEnd(EventLoop loop)
    {
        private readonly Lock gate = new();
        private bool isLeft;

        public void Reach()
        {
            lock (gate)
            {
                if (!isLeft)
                {
                    loop.Quit();
                }
            }
        }

        public void Leave()
        {
            lock (gate)
            {
                isLeft = true;
            }
        }
    }
}
