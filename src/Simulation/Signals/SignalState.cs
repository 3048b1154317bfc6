using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Signals;

/// <summary>The signals of a process: which are pending, which blocked. A standard signal is pending once or not at all.</summary>
internal sealed class SignalState
{
    /// <summary>Those who watch signalfds of this process.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Signals that are pending: bit n-1 for signal n.</summary>
    public ulong Pending { get; private set; }

    /// <summary>Signals that are blocked.</summary>
    public ulong Blocked { get; set; }

    /// <summary>True if a signal would interrupt a sleep.</summary>
    public bool HasDeliverable => (Pending & ~Blocked) != 0;

    /// <summary>Sends a signal; one that is pending already changes nothing, and wakes nobody.</summary>
    public void Raise(int signal)
    {
        ulong bit = 1ul << (signal - 1);
        if ((Pending & bit) != 0)
        {
            return;
        }

        Pending |= bit;
        Queue.Wake(PollMask.None);
    }

    /// <summary>Takes the lowest pending signal of a set; 0 if none is.</summary>
    public int Take(ulong set)
    {
        ulong found = Pending & set;
        if (found == 0)
        {
            return 0;
        }

        int signal = System.Numerics.BitOperations.TrailingZeroCount(found) + 1;
        Pending &= ~(1ul << (signal - 1));
        return signal;
    }
}
