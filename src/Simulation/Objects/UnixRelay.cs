using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A sender's entry in the queue of those who wait for room at its peer: it passes the wake on to whoever watches the sender,
/// once, and leaves.</summary>
internal sealed class UnixRelay(UnixSocket sender) : WaitEntry
{
    public override bool Wake(PollMask key)
    {
        Queue!.Remove(this);
        if (!sender.Machine.Breaks(Mutation.UnixRelayIsSilent))
        {
            sender.Queue.Wake(key);
        }

        return true;
    }
}
