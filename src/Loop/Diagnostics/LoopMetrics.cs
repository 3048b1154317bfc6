using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using Spindle.Basics;

namespace Spindle.Loop.Diagnostics;

/// <summary>Counts and measures a loop through System.Diagnostics.Metrics, meter <c>Spindle.Loop</c>.</summary>
/// <remarks>
/// <para>While nobody listens, a turn pays one look at the instruments, and no clock is read. It needs no EventSource: a
/// <see cref="MeterListener"/> in the process hears it, under NativeAOT too.</para>
/// <list type="table">
/// <item><term><c>spindle.loop.turns</c></term><description>counter, {turn}</description></item>
/// <item><term><c>spindle.loop.ready</c></term><description>histogram, {descriptor}: what the kernel named in a turn</description></item>
/// <item><term><c>spindle.loop.wait.duration</c></term><description>histogram, s: blocked in the kernel, a turn</description></item>
/// <item><term><c>spindle.loop.dispatch.duration</c></term><description>histogram, s, by <c>source</c>: a callback, what it
/// called nested turns for included</description></item>
/// <item><term><c>spindle.loop.timer.lateness</c></term><description>histogram, s: from a timer's deadline to its callback</description></item>
/// </list>
/// <para>All carry the tag <c>loop</c> if it has a name.</para>
/// </remarks>
public sealed class LoopMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Spindle.Loop";

    private readonly EventLoop loop;
    private readonly Meter meter;
    private readonly Observer observer;

    /// <summary>Begins to measure.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="name">Tells loops of one process apart; empty: no tag.</param>
    public LoopMetrics(EventLoop loop, string name = "")
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(name);
        this.loop = loop;
        KeyValuePair<string, object?>[]? tags = name.Length > 0 ? [new("loop", name)] : null;
        meter = new Meter(MeterName, version: null, tags);
        observer = new Observer(meter);
        ObserverPair.Attach(loop, observer);
    }

    /// <summary>Ends measuring.</summary>
    public void Dispose()
    {
        ObserverPair.Detach(loop, observer);
        meter.Dispose();
    }

    private sealed class Observer(Meter meter) : LoopObserver
    {
        private readonly Counter<long> turns = meter.CreateCounter<long>("spindle.loop.turns", "{turn}", "Turns of the loop.");

        private readonly Histogram<int> ready = meter.CreateHistogram<int>(
            "spindle.loop.ready", "{descriptor}", "Descriptors that the kernel named in a turn.");

        private readonly Histogram<double> waits = meter.CreateHistogram<double>(
            "spindle.loop.wait.duration", "s", "Time blocked in the kernel in a turn.");

        private readonly Histogram<double> dispatches = meter.CreateHistogram<double>(
            "spindle.loop.dispatch.duration", "s", "Time in a source's callback.");

        private readonly Histogram<double> lateness = meter.CreateHistogram<double>(
            "spindle.loop.timer.lateness", "s", "Time from a timer's deadline to its callback.");

        // One for each dispatch that a nested turn interrupts.
        private readonly Stack<Instant> begins = new();

        public override bool WantsTurn() =>
            dispatches.Enabled || turns.Enabled || ready.Enabled || waits.Enabled || lateness.Enabled;

        public override void TurnBegan(long turn, Instant at) => turns.Add(1);

        public override void Waited(int ready, Instant from, Instant to)
        {
            this.ready.Record(ready);
            waits.Record((to - from).TotalSeconds);
        }

        public override void TimerDue(TimerSource timer, TimeSpan lateness) => this.lateness.Record(lateness.TotalSeconds);

        public override void DispatchBegan(Source source, Instant at) => begins.Push(at);

        public override void DispatchEnded(Source source, Instant at)
        {
            // Empty if the observer came in the middle of a dispatch.
            if (begins.TryPop(out Instant began))
            {
                dispatches.Record((at - began).TotalSeconds, new KeyValuePair<string, object?>("source", source.ToString()));
            }
        }

        public override void TurnEnded(Instant at)
        {
            // A turn is only its dispatches and its wait.
        }
    }
}
