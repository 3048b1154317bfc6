using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>A thread in read(2). On a pipe it waits behind all others, and one wake serves one reader.</summary>
internal sealed class ReadCall(SimulatedProcess process, OpenFile file, byte[] destination) : BlockedCall(process.Machine)
{
    private Sleeper? sleeper;
    private bool hasSlept;

    protected override bool TryFinish(out Result result)
    {
        result = file.Read(destination);
        if (!result.Is(Errno.EAGAIN) || file.IsNonBlocking || file.ReadersQueue is not { } queue)
        {
            if (hasSlept && result.Value > 0)
            {
                file.PassOnToReaders();
            }

            return true;
        }

        if (process.Signals.HasDeliverable)
        {
            result = Result.Fail(Errno.EINTR);
            return true;
        }

        hasSlept = true;
        sleeper ??= new Sleeper(this);
        if (sleeper.Queue is null)
        {
            Wait(queue, sleeper);
        }

        return false;
    }

    protected override void Hold() => file.Hold();

    protected override void Leave()
    {
        sleeper?.Queue?.Remove(sleeper);
        file.Drop();
    }

    private void Wait(WaitQueue queue, Sleeper one)
    {
        if (process.Machine.Breaks(Mutation.BlockedReaderComesFirst))
        {
            queue.AddExclusiveFirst(one);
        }
        else
        {
            queue.AddExclusive(one);
        }
    }

    private sealed class Sleeper(ReadCall call) : WaitEntry
    {
        public override bool Wake(PollMask key)
        {
            Queue!.Remove(this);
            call.MakeRunnable();
            return true;
        }
    }
}
