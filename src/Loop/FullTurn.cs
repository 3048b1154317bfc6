using System;
using Spindle.Basics;

namespace Spindle.Loop;

/// <summary>The long way through a turn, with everything that few loops use: phases, custom sources, families, rate limits,
/// the observer and the detectors. The short way knows nothing of them.</summary>
internal sealed class FullTurn
{
    private readonly EventLoop loop;
    private readonly TurnMaker turns;
    private readonly ReadyBatch batch;

    // Who wants to hear of the turn that is being made: turns nest.
    private LoopObserver? observing;

    public FullTurn(EventLoop loop, TurnMaker turns, ReadyBatch batch)
    {
        this.loop = loop;
        this.turns = turns;
        this.batch = batch;
        Customs = new CustomTable(loop);
    }

    public CustomTable Customs { get; }

    public PhaseTable Phases { get; } = new();

    public LoopObserver? Observer { get; set; }

    public StallDetector? Stalls { get; set; }

    public SpinDetector? Spins { get; set; }

    /// <summary>Makes a turn.</summary>
    public bool Make(bool mayBlock)
    {
        LoopObserver? outer = observing;
        observing = Observer is { } wanted && wanted.WantsTurn() ? wanted : null;
        try
        {
            observing?.TurnBegan(turns.Number, loop.Timers.Monotonic.Read());
            bool isPrepared = (turns.Features & LoopFeatures.Prepared) != 0;
            turns.SetFeature(LoopFeatures.Prepared, isOn: false);
            TimeSpan? timeout = isPrepared && !mayBlock ? TimeSpan.Zero : Prepare();
            long mine = turns.Next();
            Wait(mayBlock ? timeout : TimeSpan.Zero);
            turns.TakeReady(mine);
            Check();
            bool isDispatched = Dispatch(mine);
            if (isDispatched)
            {
                RunPhase(LoopPhase.AfterDispatch);
            }

            return isDispatched;
        }
        finally
        {
            turns.End();
            observing?.TurnEnded(loop.Timers.Monotonic.Read());
            observing = outer;
        }
    }

    /// <summary>For an embedder: the part of a turn before its wait. The next turn begins behind it.</summary>
    public TimeSpan? PrepareApart()
    {
        try
        {
            TimeSpan? timeout = Prepare();
            turns.SetFeature(LoopFeatures.Prepared, isOn: true);
            return loop.Poller.PrepareApart() ? TimeSpan.Zero : timeout;
        }
        finally
        {
            turns.End();
        }
    }

    /// <summary>Looks what is ready, and calls nothing: it stays ready for the next turn.</summary>
    public bool Look()
    {
        try
        {
            PrepareCustoms();
            Wait(TimeSpan.Zero);
            turns.TakeReady(turns.Next());
            Check();
            // Of a worse priority nothing is kept: a turn would look at it anew.
            return turns.SelectBest() is not null || batch.Count > 0;
        }
        finally
        {
            turns.End();
        }
    }

    /// <summary>Calls the sources of a phase.</summary>
    public void RunPhase(LoopPhase phase)
    {
        PhaseSource? source = Phases.After(phase, int.MinValue, long.MinValue);
        while (source is not null)
        {
            int priority = source.Priority;
            long sequence = source.Sequence;
            Dispatch(source);
            source = Phases.After(phase, priority, sequence);
        }

        turns.Dispatching = null;
    }

    /// <summary>The loop ends.</summary>
    public void End()
    {
        Customs.RemoveAll();
        Stalls?.Dispose();
    }

    private TimeSpan? Prepare()
    {
        RunPhase(LoopPhase.BeforeWait);
        TimeSpan? customs = PrepareCustoms();
        TimeSpan? others = turns.PrepareWait();
        return customs < others || others is null ? customs : others;
    }

    private TimeSpan? PrepareCustoms()
    {
        if ((turns.Features & LoopFeatures.Customs) == 0)
        {
            return null;
        }

        loop.Timers.Hold();
        loop.Timers.Expire();
        return Customs.Prepare(batch);
    }

    private void Wait(TimeSpan? timeout)
    {
        if (observing is not { } observer)
        {
            loop.Poller.Wait(timeout);
            return;
        }

        Instant from = loop.Timers.Monotonic.Read();
        loop.Poller.Wait(timeout);
        observer.Waited(loop.Poller.FoundCount, from, loop.Timers.Monotonic.Read());
    }

    private void Check()
    {
        if ((turns.Features & (LoopFeatures.Customs | LoopFeatures.Families)) == 0)
        {
            return;
        }

        Customs.ForgetReady();
        batch.TakeParts();
        batch.RaiseAncestors();
        Customs.Check(batch);
    }

    private bool Dispatch(long mine)
    {
        Band? band = turns.SelectBest();
        bool isDispatched = false;
        while (turns.Number == mine && band?.Due.First is { } timer)
        {
            isDispatched |= Dispatch(timer);
        }

        batch.Sort();
        while (batch.TryTake(out Source? source))
        {
            isDispatched |= Dispatch(source);
        }

        return isDispatched;
    }

    private bool Dispatch(Source source)
    {
        if (!source.IsOpen)
        {
            return false;
        }

        turns.Dispatching = source;
        Began(source);
        bool isCalled = true;
        try
        {
            isCalled = source.Extras?.Limiter?.Admit() != false && Call(source);
        }
        catch (Exception exception)
        {
            turns.Throw(source, exception);
        }
        finally
        {
            Ended(source, isCalled);
        }

        return isCalled;
    }

    private bool Call(Source source) =>
        source.TakeForced() ? source.DispatchForChild(turns.Number) : source.Dispatch(turns.Number);

    private void Began(Source source)
    {
        if (observing is { } observer)
        {
            if (source is TimerSource { IsArmed: true } timer)
            {
                observer.TimerDue(timer, timer.Lateness);
            }

            observer.DispatchBegan(source, loop.Timers.Monotonic.Read());
        }

        Stalls?.Began(source);
    }

    private void Ended(Source source, bool isCalled)
    {
        Stalls?.Ended(source);
        observing?.DispatchEnded(source, loop.Timers.Monotonic.Read());
        if (isCalled)
        {
            Spins?.Count(source);
        }
    }
}
