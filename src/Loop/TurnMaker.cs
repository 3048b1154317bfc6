using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading;
using Spindle.Loop.Polling;

namespace Spindle.Loop;

/// <summary>Makes the turns of a loop, the short way, and keeps the book of those that are nested in one another.</summary>
internal sealed class TurnMaker
{
    private readonly EventLoop loop;
    private readonly LoopThread thread;
    private readonly Poller poller;
    private readonly TimerTable timers;
    private readonly BandTable bands;
    private readonly ReadyBatch batch = new();
    private readonly TimerLead lead = new();
    private readonly int[] featureCounts = new int[32];
    private int nesting;
    private int runs;
    private volatile int active;

    public TurnMaker(EventLoop loop, LoopThread thread)
    {
        this.loop = loop;
        this.thread = thread;
        poller = loop.Poller;
        timers = loop.Timers;
        bands = loop.Bands;
        Full = new FullTurn(loop, this, batch);
    }

    /// <summary>The long way.</summary>
    public FullTurn Full { get; }

    /// <summary>What makes a turn take the long way.</summary>
    public LoopFeatures Features { get; private set; }

    /// <summary>Counts turns, nested ones included.</summary>
    public long Number { get; private set; }

    /// <summary>The source whose callback is being called in the innermost turn.</summary>
    public Source? Dispatching { get; set; }

    /// <summary>True from the beginning of a run to its end; any thread may ask.</summary>
    public bool IsActive => active > 0;

    /// <summary>How many callbacks are in progress.</summary>
    public int Depth => nesting + (Dispatching is null ? 0 : 1);

    /// <summary>One more reason to take the long way through a turn.</summary>
    public void RequireFull(LoopFeatures feature)
    {
        featureCounts[BitOperations.TrailingZeroCount((int)feature)]++;
        Features |= feature;
    }

    /// <summary>One reason less.</summary>
    public void ReleaseFull(LoopFeatures feature)
    {
        if (--featureCounts[BitOperations.TrailingZeroCount((int)feature)] == 0)
        {
            Features &= ~feature;
        }
    }

    public void SetFeature(LoopFeatures feature, bool isOn) =>
        Features = isOn ? Features | feature : Features & ~feature;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Next() => ++Number;

    /// <summary>How long to wait. Zero if something is ready by itself, null without end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TimeSpan? PrepareWait()
    {
        if (loop.IsQuitting || bands.BestReady is not null || poller.HasAlwaysReady)
        {
            return TimeSpan.Zero;
        }

        return timers.PrepareWait();
    }

    /// <summary>After the wait: takes the time, and what is ready.</summary>
    public void TakeReady(long turn)
    {
        timers.Hold();
        timers.Expire();
        poller.Collect(turn, batch);
    }

    /// <summary>The band with the best priority, if it has something ready that is as good as the best descriptor; its
    /// flagged sources join the batch.</summary>
    public Band? SelectBest()
    {
        Band? band = bands.BestReady;
        if (band is null || band.Priority > batch.Priority)
        {
            return null;
        }

        batch.OfferFlagged(band);
        return band;
    }

    /// <summary>A callback threw: to the handler, or out of the loop.</summary>
    public void Throw(Source source, Exception exception)
    {
        if (loop.UnhandledException is { } handler)
        {
            handler(source, exception);
            return;
        }

        if (exception is CallbackException)
        {
            // From a nested turn; it names the source already.
            ExceptionDispatchInfo.Throw(exception);
        }

        throw new CallbackException(source, exception);
    }

    /// <summary>What was ready and not called stays ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End()
    {
        EndRow();
        batch.Clear();
        Dispatching = null;
        if (nesting == 0)
        {
            timers.Release();
        }
    }

    /// <summary>What is left of the row that is being called joins the batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndRow()
    {
        if (poller.HasRow)
        {
            poller.EndRow(batch);
        }
    }

    public LoopEntry Enter()
    {
        ObjectDisposedException.ThrowIf(loop.IsDisposed, loop);
        thread.Claim();
        if (Full.Customs.IsAsking)
        {
            throw new InvalidOperationException("A source's prepare or check cannot run the loop.");
        }

        active++;
        Source? outer = Dispatching;
        bool isBlocking = outer is { CanRecurse: false, IsActive: true };
        if (outer is not null)
        {
            EndRow();
            batch.Clear();
            nesting++;
            Dispatching = null;
            if (isBlocking)
            {
                SourceFamily.Block(outer);
            }
        }

        return new LoopEntry(thread.Enter(), outer, isBlocking);
    }

    public void Leave(in LoopEntry entry)
    {
        LoopThread.Leave(entry.Before);
        active--;
        if (entry.Outer is not { } outer)
        {
            return;
        }

        nesting--;
        Dispatching = outer;
        Full.Stalls?.Resumed(outer);
        if (entry.IsBlocking && !thread.IsForeignProcess)
        {
            SourceFamily.Unblock(outer);
        }
    }

    /// <summary>Turns until told to quit; behind the outermost run come the sources of its exit.</summary>
    public void Run(ref bool isQuitting)
    {
        runs++;
        try
        {
            if (runs == 1)
            {
                poller.BeginRun();
            }

            while (!Volatile.Read(ref isQuitting))
            {
                Make(mayBlock: true);
            }

            isQuitting = false;
            if (runs == 1)
            {
                Full.RunPhase(LoopPhase.Exit);
                isQuitting = false;
            }
        }
        finally
        {
            runs--;
            if (runs == 0)
            {
                poller.EndRun();
            }
        }
    }

    public bool Make(bool mayBlock)
    {
        thread.VerifyProcess();
        return Features == LoopFeatures.None ? MakePlain(mayBlock) : Full.Make(mayBlock);
    }

    // The finally and the try serve all callbacks of the turn; FullTurn does the same at leisure.
    private bool MakePlain(bool mayBlock)
    {
        long mine = Next();
        bool isDispatched = false;
        try
        {
            Wait(mayBlock ? PrepareWait() : TimeSpan.Zero);
            if (poller.HasFoundNothing && bands.ReadyCount == 0 && timers.TakeOnlyDue() is { } timer)
            {
                return DispatchOnly(mine, timer);
            }

            timers.ExpireFirst();
            FdSource? source = null;
            FdEvents found = FdEvents.None;
            Band? band = null;
            if (bands.ReadyCount != 0 || !(poller.TryTakeOnly(out source, out found) || poller.TryBeginRow()))
            {
                poller.Collect(mine, batch);
                band = SelectBest();
            }

            while (true)
            {
                try
                {
                    if (source is not null || poller.TryTakeNext(out source, out found))
                    {
                        isDispatched = true;
                        do
                        {
                            FdSource called = source!;
                            source = null;
                            Dispatching = called;
                            called.Call(found);
                        }
                        while (poller.TryTakeNext(out source, out found));
                    }

                    return batch.IsEmpty && band is null ? isDispatched : isDispatched | Dispatch(mine, band);
                }
                catch (Exception exception)
                {
                    Throw(Dispatching!, exception);
                    isDispatched = true;
                }
            }
        }
        finally
        {
            End();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Wait(TimeSpan? timeout)
    {
        if (timeout is { Ticks: > 0 } span)
        {
            WaitForTimer(span);
        }
        else
        {
            poller.Wait(timeout);
            timers.Hold();
        }
    }

    /// <summary>Asks to be woken a little earlier than a timer is due, and waits for the rest if that was too early.</summary>
    private void WaitForTimer(TimeSpan span)
    {
        TimeSpan earlier = timers.ExactWakeAt.IsNever ? TimeSpan.Zero : lead.For(span);
        poller.Wait(span - earlier);
        timers.Hold();
        if (timers.ExactWakeAt.IsNever || !poller.HasFoundNothing)
        {
            return;
        }

        // What is left may be what we wanted to be early, or more: then a signal has ended the wait.
        long left = timers.ExactWakeAt.Nanoseconds - timers.Monotonic.Now.Nanoseconds;
        long late = (earlier.Ticks * TimeSpan.NanosecondsPerTick) - left;
        if (late >= 0)
        {
            lead.Note(late);
            if (left > 0)
            {
                poller.Wait(TimerTable.ToTimeout(left));
                timers.Hold();
            }
        }
    }

    private bool DispatchOnly(long mine, TimerSource timer)
    {
        Dispatching = timer;
        try
        {
            timer.Dispatch(mine);
        }
        catch (Exception exception)
        {
            Throw(timer, exception);
        }

        return true;
    }

    // Timers of other bands than this one wait for another turn, as always: they got there by a callback of this turn.
    private Source? FirstDue(Band band)
    {
        while (band.Due.First is null && timers.ExpireMore())
        {
        }

        return band.Due.First;
    }

    private bool Dispatch(long mine, Band? band)
    {
        bool isDispatched = false;
        while (Number == mine && band is not null && FirstDue(band) is { } timer)
        {
            Dispatching = timer;
            isDispatched |= timer.Dispatch(mine);
        }

        batch.Sort();
        while (batch.TryTake(out Source? source))
        {
            if (source.IsOpen)
            {
                Dispatching = source;
                isDispatched |= source.Dispatch(mine);
            }
        }

        return isDispatched;
    }
}
