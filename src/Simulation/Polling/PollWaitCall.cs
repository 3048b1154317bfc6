using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>A thread in poll(2): it waits in the queues of all its files at once.</summary>
internal sealed class PollWaitCall(SimulatedProcess process, PollEntry[] entries) : BlockedCall(process.Machine)
{
    private readonly Registrations registrations = new();
    private readonly List<OpenFile> held = [];

    public IReadOnlyList<PollEntry> Entries => entries;

    protected override bool TryFinish(out Result result)
    {
        // It registers once, in the first round; the rounds after a wake only look.
        WaitRegistrar? registrar = registrations.IsComplete ? null : registrations;
        registrations.Call = this;
        result = PollCalls.Poll(process, entries, registrar);
        registrations.IsComplete = true;
        if (!result.IsOk || result.Value > 0 || HasTimedOut)
        {
            return true;
        }

        if (process.Signals.HasDeliverable)
        {
            result = Result.Fail(Errno.EINTR);
            return true;
        }

        return false;
    }

    protected override void Hold()
    {
        foreach (PollEntry entry in entries)
        {
            if (process.Files.TryGet(entry.Fd, out OpenFile? file))
            {
                file.Hold();
                held.Add(file);
            }
        }
    }

    protected override void Leave()
    {
        registrations.Leave();
        held.ForEach(file => file.Drop());
    }

    private sealed class Registrations : WaitRegistrar
    {
        private readonly List<Sleeper> sleepers = [];

        public bool IsComplete { get; set; }

        public PollWaitCall? Call { get; set; }

        public override void Register(WaitQueue queue)
        {
            Sleeper sleeper = new(Call!);
            queue.Add(sleeper);
            sleepers.Add(sleeper);
        }

        public void Leave()
        {
            foreach (Sleeper sleeper in sleepers)
            {
                sleeper.Queue?.Remove(sleeper);
            }

            sleepers.Clear();
        }
    }

    private sealed class Sleeper(PollWaitCall call) : WaitEntry
    {
        public override bool Wake(PollMask key)
        {
            call.MakeRunnable();
            return true;
        }
    }
}
