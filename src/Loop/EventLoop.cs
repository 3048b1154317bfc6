using System;
using System.Collections.Generic;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Takes what a callback threw.</summary>
/// <param name="source">Whose callback.</param>
/// <param name="exception">What it threw.</param>
public delegate void ExceptionHandler(Source source, Exception exception);

/// <summary>
/// An event loop with GMainLoop's model on epoll: each turn prepares, polls, checks, and dispatches all ready sources of
/// the best ready priority, and no others.
/// </summary>
/// <remarks>
/// A turn: sources that are ready by themselves (idle work, signals, posts, timers that are due) and the earliest
/// deadline decide whether and how long to wait; epoll tells the ready descriptors; timers whose time has come join;
/// then the best priority is dispatched: due timers in the order of their deadlines, all others in the order in which
/// they came to the loop. Whatever is ready of a lower priority waits for a later turn.
/// All members but <see cref="Post(Action)"/>, <see cref="Post(Action{object}, object)"/> and <see cref="Quit"/> belong
/// to the one thread that runs the loop. A turn allocates nothing, and nothing wakes a loop that has nothing to do.
/// </remarks>
public sealed class EventLoop : IDisposable
{
    private readonly PostSource posts;
    private readonly ReadyBatch batch = new();
    private readonly HashSet<Source> holders = [];
    private long sequence;
    private long turn;
    private volatile int threadId;
    private bool isTurning;
    private volatile bool isQuitting;

    /// <summary>A loop on this kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">What is decided once and for all; null: the defaults.</param>
    public EventLoop(Kernel kernel, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        Poller = PollerChoice.Make(kernel, options ?? new EventLoopOptions(), out string? fallbackReason);
        FallbackReason = fallbackReason;
        Timers = new TimerTable(kernel, Poller);
        posts = new PostSource(this, kernel);
        Signals = new SignalTable(this);
    }

    /// <summary>The kernel it runs on.</summary>
    public Kernel Kernel { get; }

    /// <summary>CLOCK_MONOTONIC; stands still during a turn.</summary>
    public Instant Now => Timers.Monotonic.Now;

    /// <summary>CLOCK_BOOTTIME, which goes on during suspend; stands still during a turn.</summary>
    public Instant BoottimeNow => Timers.Boottime.Now;

    /// <summary>CLOCK_REALTIME as nanoseconds since 1970, UTC; stands still during a turn, and may be set back between
    /// two: see <see cref="ClockStepSource"/>.</summary>
    public Instant RealtimeNow => Timers.Realtime.Now;

    /// <summary>What happens to an exception of a callback. Null: it leaves <see cref="Iterate"/> and <see cref="Run"/>,
    /// and with that usually ends the process; the loop itself stays usable.</summary>
    public ExceptionHandler? UnhandledException { get; set; }

    /// <summary>Events of descriptors that were closed before their source was removed. Not zero: somebody's mistake.</summary>
    public long StaleEvents => Poller.StaleEvents;

    /// <summary>How it waits. Not what the options said if there is a <see cref="FallbackReason"/>.</summary>
    public WaitingBy Waiting => Poller.Waiting;

    /// <summary>Why the loop waits by epoll although io_uring was asked for, in a line to be logged; null: it need not.</summary>
    public string? FallbackReason { get; }

    /// <summary>How epoll looks for packets itself, as the kernel tells it. All zero unless the options ask for it.</summary>
    public BusyPolling BusyPolling => Poller.BusyPolling;

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Null: nobody looks, and a turn takes the short way.</summary>
    internal LoopObserver? Observer { get; set; }

    /// <summary>The loop is about to be disposed: what is built on it lets go. Nothing is dispatched any more.</summary>
    internal event Action? Disposing;

    internal Poller Poller { get; }

    internal TimerTable Timers { get; }

    internal BandTable Bands { get; } = new();

    internal SignalTable Signals { get; }

    /// <summary>Watches a descriptor.</summary>
    /// <param name="fd">The descriptor; stays the caller's.</param>
    /// <param name="interest">What for.</param>
    /// <param name="handler">Called when it is ready.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <param name="trigger">When its readiness is told.</param>
    /// <param name="isExclusive">See <see cref="FdSource.IsExclusive"/>.</param>
    /// <exception cref="ArgumentException">The kernel refuses it (not open, or no more watches); select cannot hold its
    /// number; or an exclusive source cannot be had this way.</exception>
    public FdSource AddFd(
        int fd, FdEvents interest, FdHandler handler, int priority = Priority.Default, string name = "",
        FdTrigger trigger = FdTrigger.Level, bool isExclusive = false)
    {
        Enter(handler);
        FdSource source = new(this, fd, interest, handler, priority, name)
        {
            Trigger = trigger,
            IsExclusive = isExclusive,
        };
        try
        {
            source.Verify(interest);
            Poller.Attach(source);
        }
        catch
        {
            source.Remove();
            throw;
        }

        return source;
    }

    /// <summary>Makes a timer, disarmed.</summary>
    /// <param name="handler">Called when it is due.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <param name="clock">Monotonic; boot-time for what ages while the machine sleeps; real-time for what stands in a
    /// calendar and moves when the clock is set.</param>
    public TimerSource AddTimer(
        TimerHandler handler, int priority = Priority.Default, string name = "", ClockId clock = ClockId.Monotonic)
    {
        Enter(handler);
        return new TimerSource(this, Timers[clock], handler, priority, name);
    }

    /// <summary>Watches for the wall clock being set.</summary>
    /// <param name="handler">Called afterwards.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public ClockStepSource AddClockStep(
        ClockStepHandler handler, int priority = Priority.Default, string name = "")
    {
        Enter(handler);
        return new ClockStepSource(this, handler, priority, name);
    }

    /// <summary>Adds work for when nothing of a better priority is ready.</summary>
    /// <param name="handler">Called every turn until it returns false.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public IdleSource AddIdle(IdleHandler handler, int priority = Priority.DefaultIdle, string name = "")
    {
        Enter(handler);
        return new IdleSource(this, handler, priority, name);
    }

    /// <summary>Watches for a signal, which from then on does nothing else. See <see cref="SignalSource"/>.</summary>
    /// <param name="signal">Its number.</param>
    /// <param name="handler">Called on the loop, once for each signal seen.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    public SignalSource AddSignal(
        int signal, SignalHandler handler, int priority = Priority.Default, string name = "")
    {
        Enter(handler);
        return new SignalSource(this, signal, handler, priority, name);
    }

    /// <summary>Watches for the end of a child.</summary>
    /// <param name="processId">Our child, not yet waited for.</param>
    /// <param name="handler">Called once, with the exit status; the source is removed by then.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <exception cref="ArgumentException">There is no such process.</exception>
    public ChildSource AddChild(
        int processId, ChildHandler handler, int priority = Priority.Default, string name = "")
    {
        Enter(handler);
        Result result = Kernel.PidFdOpen(processId);
        return result.IsOk
            ? new ChildSource(this, processId, result.Int, handler, priority, name)
            : throw new ArgumentException($"Process {processId} cannot be watched: {result.Error}.", nameof(processId));
    }

    /// <summary>Any thread: runs an action on the loop, in the order of the posts, at the default priority. A disposed
    /// loop drops it.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        posts.Post(null, action);
    }

    /// <summary>As <see cref="Post(Action)"/>, without the need to allocate a closure.</summary>
    public void Post(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        posts.Post(action, state);
    }

    /// <summary>Turns until <see cref="Quit"/>.</summary>
    public void Run()
    {
        while (!isQuitting)
        {
            Iterate(mayBlock: true);
        }

        isQuitting = false;
    }

    /// <summary>Any thread: ends <see cref="Run"/> after the turn it is in. Without a Run it ends the next one at once.</summary>
    public void Quit()
    {
        isQuitting = true;
        if (threadId != Environment.CurrentManagedThreadId)
        {
            posts.Wake();
        }
    }

    /// <summary>Makes one turn.</summary>
    /// <param name="mayBlock">True: waits until something is ready, or a signal or <see cref="Quit"/> interrupts.</param>
    /// <returns>True if a callback was called.</returns>
    /// <exception cref="InvalidOperationException">Called from a callback, or from another thread than the loop's.</exception>
    public bool Iterate(bool mayBlock)
    {
        BeginTurn();
        try
        {
            Wait(mayBlock);
            Timers.Hold();
            Timers.Expire();
            Poller.Collect(turn, batch);
            return Dispatch();
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Ends the loop and all its sources; nothing is called any more. Descriptors of <see cref="FdSource"/>s stay
    /// their owners'.</summary>
    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        if (isTurning)
        {
            throw new InvalidOperationException("A loop cannot be disposed from its own callback; quit, then dispose.");
        }

        Disposing?.Invoke();
        foreach (Source holder in new List<Source>(holders))
        {
            holder.Detach();
        }

        IsDisposed = true;
        holders.Clear();
        Signals.Dispose();
        posts.Close();
        Timers.Dispose();
        Poller.Dispose();
    }

    internal long NextSequence() => ++sequence;

    /// <summary>The source holds descriptors of its own, which go when the loop goes.</summary>
    internal void Hold(Source source) => holders.Add(source);

    internal void Release(Source source) => holders.Remove(source);

    /// <summary>Throws on any thread but the one that runs the loop. Before the first turn every thread will do.</summary>
    internal void VerifyThread()
    {
        if (threadId != 0 && threadId != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("The loop belongs to the thread that runs it; post to it instead.");
        }
    }

    private void Enter(Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        VerifyThread();
    }

    private void Wait(bool mayBlock)
    {
        if (Observer is not { } observer)
        {
            Poller.Wait(mayBlock ? PrepareWait() : TimeSpan.Zero);
            return;
        }

        observer.TurnBegan(turn, Timers.Monotonic.Read());
        TimeSpan? timeout = mayBlock ? PrepareWait() : TimeSpan.Zero;
        Instant from = Timers.Monotonic.Read();
        Poller.Wait(timeout);
        observer.Waited(Poller.FoundCount, from, Timers.Monotonic.Read());
    }

    private void BeginTurn()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        VerifyThread();
        if (isTurning)
        {
            throw new InvalidOperationException("The loop is in a turn already.");
        }

        threadId = Environment.CurrentManagedThreadId;
        isTurning = true;
        turn++;
    }

    private void EndTurn()
    {
        batch.Clear();
        Timers.Release();
        isTurning = false;
        Observer?.TurnEnded(Timers.Monotonic.Read());
    }

    /// <summary>How long to wait. Zero if something is ready by itself, null without end.</summary>
    private TimeSpan? PrepareWait()
    {
        if (isQuitting || Bands.BestReady is not null || Poller.HasAlwaysReady)
        {
            return TimeSpan.Zero;
        }

        return Timers.PrepareWait();
    }

    private bool Dispatch()
    {
        Band? band = Bands.BestReady;
        if (band is not null && band.Priority <= batch.Priority)
        {
            batch.OfferFlagged(band);
        }
        else
        {
            band = null;
        }

        bool isDispatched = false;
        while (band?.Due.First is { } timer)
        {
            isDispatched |= Dispatch(timer);
        }

        batch.Sort();
        for (int index = 0; index < batch.Count; index++)
        {
            isDispatched |= Dispatch(batch[index]);
        }

        return isDispatched;
    }

    private bool Dispatch(Source source)
    {
        if (Observer is { } observer)
        {
            return DispatchObserved(source, observer);
        }

        try
        {
            return source.Dispatch(turn);
        }
        catch (Exception exception) when (UnhandledException is not null)
        {
            UnhandledException(source, exception);
            return true;
        }
    }

    private bool DispatchObserved(Source source, LoopObserver observer)
    {
        if (source is TimerSource timer)
        {
            observer.TimerDue(timer, timer.Lateness);
        }

        observer.DispatchBegan(source, Timers.Monotonic.Read());
        try
        {
            return source.Dispatch(turn);
        }
        catch (Exception exception) when (UnhandledException is not null)
        {
            UnhandledException(source, exception);
            return true;
        }
        finally
        {
            observer.DispatchEnded(source, Timers.Monotonic.Read());
        }
    }
}
