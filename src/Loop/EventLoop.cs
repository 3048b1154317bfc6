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
/// <para>
/// A loop belongs to the thread that runs it first, until that thread calls <see cref="ReleaseThread"/>. All members but
/// <see cref="Post(Action)"/>, <see cref="Post(Action{object}, object)"/>, <see cref="Invoke"/>, <see cref="Wake"/> and
/// <see cref="Quit"/> are for that thread. A turn allocates nothing, and nothing wakes a loop that has nothing to do.
/// </para>
/// <para>
/// A callback may run the loop (<see cref="Run"/>, <see cref="Iterate"/>): what its turn had found and not called yet
/// joins the nested turn, the source being called is blocked, with its children, unless <see cref="Source.CanRecurse"/>,
/// and the outer turn calls nothing more. A callback of <see cref="CustomSource"/>'s prepare and check may not.
/// </para>
/// <para>
/// What a callback throws goes to <see cref="UnhandledException"/>. Without one it leaves the loop as a
/// <see cref="CallbackException"/> that names the source, which ends the process unless somebody catches it; the loop
/// stays usable, and what was ready stays so.
/// </para>
/// <para>
/// Different from GLib 2.74 on purpose: due timers of one priority go before all else of it, in the order of their
/// deadlines (<see cref="CustomSource.ReadyAt"/> follows GLib's order); a descriptor is watched by a real epoll, also at
/// the edge, whatever priority is ready; a source may have a rate limit, and be disabled; a loop is bound to one thread at
/// a time and does not wait for its turn to own it; a child's priority cannot be set; running the loop from prepare or
/// check throws; and a callback that throws has an answer.
/// </para>
/// </remarks>
public sealed class EventLoop : IDisposable
{
    /// <summary>Each source has this many numbers in the order of its priority, the rest of them for its children.</summary>
    internal const int SequenceStep = 1 << 16;

    private readonly LoopThread thread;
    private readonly HashSet<Source> holders = [];
    private long sequence;
    private bool isQuitting;

    /// <summary>A loop on this kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="options">What is decided once and for all; null: the defaults.</param>
    public EventLoop(Kernel kernel, EventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Kernel = kernel;
        thread = new LoopThread(this, kernel);
        options ??= new EventLoopOptions();
        Poller = PollerChoice.Make(kernel, options, out string? fallbackReason);
        FallbackReason = fallbackReason;
        Timers = new TimerTable(this, kernel, Poller);
        Turns = new TurnMaker(this, thread);
        Signals = new SignalTable(this);
        try
        {
            Posts = new PostSource(this, kernel);
        }
        catch
        {
            Poller.Dispose();
            throw;
        }

        if (options.ReleasesCleanPages ?? CleanPageRelease.IsDefault)
        {
            CleanPageRelease.Begin(this);
        }
    }

    /// <summary>The loop that runs on this thread, innermost first, or the one made current last
    /// (<see cref="MakeCurrent"/>); null: none.</summary>
    public static EventLoop? Current => LoopThread.Current;

    /// <summary>The kernel it runs on.</summary>
    public Kernel Kernel { get; }

    /// <summary>CLOCK_MONOTONIC; stands still during a turn.</summary>
    public Instant Now => Timers.Monotonic.Now;

    /// <summary>CLOCK_BOOTTIME, which goes on during suspend; stands still during a turn.</summary>
    public Instant BoottimeNow => Timers.Boottime.Now;

    /// <summary>CLOCK_REALTIME as nanoseconds since 1970, UTC; stands still during a turn, and may be set back between
    /// two: see <see cref="ClockStepSource"/>.</summary>
    public Instant RealtimeNow => Timers.Realtime.Now;

    /// <summary>What happens to an exception of a callback. Null: it leaves <see cref="Iterate"/> and <see cref="Run"/> as
    /// a <see cref="CallbackException"/>, and with that usually ends the process.</summary>
    public ExceptionHandler? UnhandledException { get; set; }

    /// <summary>How many callbacks of this loop are in progress, each in the one before; 0 outside.</summary>
    public int Depth => Turns.Depth;

    /// <summary>True on the thread that the loop belongs to.</summary>
    public bool IsOwnThread => thread.IsOwner;

    /// <summary>This loop inside a foreign one.</summary>
    public EmbeddedLoop Embedding => new(this);

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
    internal LoopObserver? Observer
    {
        get => Full.Observer;
        set
        {
            Full.Observer = value;
            Turns.SetFeature(LoopFeatures.Observer, value is not null);
        }
    }

    internal TurnMaker Turns { get; }

    internal FullTurn Full => Turns.Full;

    internal TimerTable Timers { get; }

    internal bool IsQuitting => Volatile.Read(ref isQuitting);

    /// <summary>The loop is about to be disposed: what is built on it lets go. Nothing is dispatched any more.</summary>
    internal event Action? Disposing;

    internal Poller Poller { get; }

    /// <summary>What is awaited on the loop; null as long as nothing was. Belongs to <see cref="Async.LoopAwaits"/>.</summary>
    internal Async.LoopAwaits? Awaits { get; set; }

    /// <summary>The number of the turn.</summary>
    internal long Turn => Turns.Number;

    internal BandTable Bands { get; } = new();

    internal PostSource Posts { get; }

    internal SignalTable Signals { get; }

    /// <summary>Null until a file is watched.</summary>
    internal FileWatchTable? Files { get; set; }

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
        Result result = this.TryAddFd(fd, interest, handler, out FdSource? source, priority, name, trigger, isExclusive);
        return source ?? throw new ArgumentException($"Descriptor {fd} cannot be watched: {result.Error}.", nameof(fd));
    }

    /// <summary>Makes a timer, disarmed.</summary>
    /// <param name="handler">Called when it is due.</param>
    /// <param name="priority">Lower goes first.</param>
    /// <param name="name">For people.</param>
    /// <param name="clock">Monotonic; boot-time for what ages while the machine sleeps; real-time for what stands in a
    /// calendar and moves when the clock is set.</param>
    /// <exception cref="InvalidOperationException">A clock other than the monotonic one needs a timerfd, and the kernel refuses
    /// it (no more descriptors).</exception>
    public TimerSource AddTimer(
        TimerHandler handler, int priority = Priority.Default, string name = "", ClockId clock = ClockId.Monotonic)
    {
        Enter(handler);
        return new TimerSource(this, Timers.Open(clock), handler, priority, name);
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

    /// <summary>Adds a callback for a phase of the loop.</summary>
    /// <param name="phase">When.</param>
    /// <param name="handler">Called each time.</param>
    /// <param name="priority">Lower goes first, within the phase.</param>
    /// <param name="name">For people.</param>
    public PhaseSource AddPhase(
        LoopPhase phase, PhaseHandler handler, int priority = Priority.Default, string name = "")
    {
        Enter(handler);
        return new PhaseSource(this, phase, handler, priority, name);
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
    /// <exception cref="InvalidOperationException">SIGCHLD is ignored: children leave no exit status.</exception>
    public ChildSource AddChild(
        int processId, ChildHandler handler, int priority = Priority.Default, string name = "")
    {
        Enter(handler);
        if (Kernel.DiscardsExitStatus)
        {
            throw new InvalidOperationException(
                "SIGCHLD is ignored: the system waits for the children and throws their exit status away.");
        }

        Result result = Kernel.PidFdOpen(processId);
        return result.IsOk
            ? new ChildSource(this, processId, result.Int, handler, priority, name)
            : throw new ArgumentException($"Process {processId} cannot be watched: {result.Error}.", nameof(processId));
    }

    /// <summary>Any thread: runs an action on the loop, in the order of the posts, at the default priority. A disposed
    /// loop drops it; one that is not running keeps it for its next turn.</summary>
    /// <exception cref="InvalidOperationException">Called in a forked child.</exception>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        thread.VerifyProcess();
        Posts.Post(action, null);
    }

    /// <summary>As <see cref="Post(Action)"/>, without the need to allocate a closure.</summary>
    public void Post(Action<object?> action, object? state)
    {
        ArgumentNullException.ThrowIfNull(action);
        thread.VerifyProcess();
        Posts.Post(action, state);
    }

    /// <summary>Any thread: runs an action on the loop's thread; at once if that is this one, or if the loop has none and
    /// is current here, otherwise as a post.</summary>
    public void Invoke(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (thread.IsOwner || (thread.IsFree && Current == this))
        {
            action();
        }
        else
        {
            Post(action);
        }
    }

    /// <summary>Any thread: the wait that the loop is in, or else its next one, ends.</summary>
    public void Wake()
    {
        thread.VerifyProcess();
        Posts.Wake();
    }

    /// <summary>Turns until <see cref="Quit"/>; then, if it is the outermost Run, calls the sources of
    /// <see cref="LoopPhase.Exit"/>. May be called from a callback.</summary>
    /// <exception cref="InvalidOperationException">Called from a prepare or check, from another thread than the loop's, or
    /// in a forked child.</exception>
    /// <exception cref="CallbackException">A callback threw, and there is no <see cref="UnhandledException"/>.</exception>
    public void Run()
    {
        LoopEntry entry = Turns.Enter();
        try
        {
            Turns.Run(ref isQuitting);
        }
        finally
        {
            Turns.Leave(entry);
        }
    }

    /// <summary>Any thread: ends the innermost <see cref="Run"/> after the turn it is in. Without a Run it ends the next one
    /// at once.</summary>
    public void Quit()
    {
        Volatile.Write(ref isQuitting, true);
        if (!thread.IsOwner)
        {
            Wake();
        }
    }

    /// <summary>Makes one turn. May be called from a callback.</summary>
    /// <param name="mayBlock">True: waits until something is ready, or a signal, <see cref="Wake"/> or <see cref="Quit"/>
    /// interrupts.</param>
    /// <returns>True if a callback was called.</returns>
    /// <exception cref="InvalidOperationException">As <see cref="Run"/>.</exception>
    /// <exception cref="CallbackException">As <see cref="Run"/>.</exception>
    public bool Iterate(bool mayBlock)
    {
        LoopEntry entry = Turns.Enter();
        try
        {
            return Turns.Make(mayBlock);
        }
        finally
        {
            Turns.Leave(entry);
        }
    }

    /// <summary>True if a turn would call something. It is looked for, not called; what was found stays ready.</summary>
    public bool HasPending()
    {
        LoopEntry entry = Turns.Enter();
        try
        {
            return Full.Look();
        }
        finally
        {
            Turns.Leave(entry);
        }
    }

    /// <summary>Makes this loop the thread's <see cref="Current"/> one until the answer is disposed. A loop without a thread
    /// belongs to this one meanwhile.</summary>
    public CurrentLoop MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return thread.Push();
    }

    /// <summary>The loop no longer belongs to this thread; the next one to run it takes it. Whoever hands it over sees to it
    /// that the other thread begins after this call. An io_uring, which knows but one thread, is made anew for the next one,
    /// with all that is watched: an edge that was told and is still there is told again.</summary>
    /// <exception cref="InvalidOperationException">A turn is in progress; or the thread is not the loop's; or there is no room
    /// for another io_uring, and the loop stays.</exception>
    public void ReleaseThread()
    {
        thread.Verify();
        if (Turns.IsActive)
        {
            throw new InvalidOperationException("A loop is handed over between turns, and while no Run is in progress.");
        }

        Poller.ReleaseThread();
        thread.Release();
    }

    /// <summary>Ends the loop and all its sources; nothing is called any more. Descriptors of <see cref="FdSource"/>s stay
    /// their owners'. Any thread may do so while no turn is in progress. In a forked child it does nothing.</summary>
    /// <exception cref="InvalidOperationException">A turn is in progress, on this thread or another.</exception>
    public void Dispose()
    {
        if (IsDisposed || thread.IsForeignProcess)
        {
            return;
        }

        if (Turns.IsActive)
        {
            throw new InvalidOperationException("A loop cannot be disposed in a turn, by a callback or another thread; quit, then dispose.");
        }

        thread.Release();
        Disposing?.Invoke();
        Full.End();
        foreach (Source holder in new List<Source>(holders))
        {
            holder.Detach();
        }

        IsDisposed = true;
        holders.Clear();
        Signals.Dispose();
        Posts.Close();
        Timers.Dispose();
        Poller.Dispose();
    }

    internal long NextSequence() => sequence += SequenceStep;

    /// <summary>The source holds descriptors of its own, which go when the loop goes.</summary>
    internal void Hold(Source source) => holders.Add(source);

    internal void Release(Source source) => holders.Remove(source);

    /// <summary>Throws on any thread but the one that runs the loop. Before the first turn every thread will do.</summary>
    internal void VerifyThread()
    {
        VerifyThreadAlone();
        thread.VerifyProcess();
    }

    /// <summary>As <see cref="VerifyThread"/>, for what has no effect before the next turn: that one is refused to a forked
    /// child.</summary>
    internal void VerifyThreadAlone()
    {
        if (!thread.IsRunningHere)
        {
            thread.Verify();
            NoteChange();
        }
    }

    internal void VerifyOpen()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        VerifyThread();
    }

    /// <summary>Any thread: what the loop may be waiting for has changed.</summary>
    internal void NoteChange()
    {
        if ((Turns.Features & LoopFeatures.Prepared) != 0 || !(thread.IsOwner || thread.IsFree))
        {
            Wake();
        }
    }

    internal void Enter(Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        VerifyOpen();
    }
}
