using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>The signals that the loops of one process watch. A signal is the process's: one loop takes it, and all get it.</summary>
/// <remarks>
/// How a signal is taken is decided when its first watch comes, and stays until its last one goes. Where it is blocked in
/// every thread, each loop has a signalfd: all wake, whoever reads first takes the signal and hands it to the others as a
/// post; a loop that does not turn keeps nobody waiting. Elsewhere the runtime's handler takes it, on a thread of its own,
/// for all of them; with the last watch the signal does again what it did before.
/// </remarks>
internal sealed class SignalHub
{
    // A process has signals once: the one place where this is not the loop's own.
    private static readonly ConditionalWeakTable<object, SignalHub> Hubs = [];

    private readonly Lock gate = new();
    private readonly Dictionary<int, Entry> entries = [];

    private sealed class Entry(SignalHub hub, int signal)
    {
        public List<SignalWatch> Watches { get; } = [];

        public PosixSignalRegistration? Registration { get; set; }

        /// <summary>On a thread of the runtime's. Cancel: the signal's default, which would end us, does not happen.</summary>
        public void Take(PosixSignalContext context)
        {
            context.Cancel = true;
            hub.Deliver(new SignalInfo(signal), reader: null);
        }
    }

    /// <summary>The hub of the process that a kernel is of.</summary>
    public static SignalHub Of(Kernel kernel) => Hubs.GetValue(kernel.SignalledProcess, static _ => new SignalHub());

    /// <summary>One more loop watches a signal.</summary>
    /// <returns>True if it is to take it by a signalfd.</returns>
    public bool Join(SignalWatch watch, Kernel kernel)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(watch.Signal, out Entry? entry))
            {
                entry = new Entry(this, watch.Signal);
                if (!kernel.IsBlockedInAllThreads(watch.Signal))
                {
                    entry.Registration = PosixSignalRegistration.Create((PosixSignal)watch.Signal, entry.Take);
                }

                entries.Add(watch.Signal, entry);
            }

            entry.Watches.Add(watch);
            return entry.Registration is null;
        }
    }

    /// <summary>One loop less.</summary>
    public void Leave(SignalWatch watch)
    {
        PosixSignalRegistration? ended = null;
        lock (gate)
        {
            Entry entry = entries[watch.Signal];
            entry.Watches.Remove(watch);
            if (entry.Watches.Count == 0)
            {
                entries.Remove(watch.Signal);
                ended = entry.Registration;
            }
        }

        ended?.Dispose();
    }

    /// <summary>A signal was taken.</summary>
    /// <param name="info">It.</param>
    /// <param name="reader">The loop on whose thread this is; null: on none.</param>
    public void Deliver(in SignalInfo info, EventLoop? reader)
    {
        lock (gate)
        {
            if (entries.TryGetValue(info.Signal, out Entry? entry))
            {
                foreach (SignalWatch watch in entry.Watches)
                {
                    watch.Take(info, reader);
                }
            }
        }
    }
}
