using System.Collections.Generic;
using System.Numerics;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Signals;

/// <summary>The signals of a process: which are pending, which blocked. A standard signal is pending once or not at all, real-time ones queue.</summary>
/// <param name="mistake">A mistake on purpose in who of those who watch is told.</param>
internal sealed class SignalState(Mutation mistake = Mutation.None)
{
    private const int RealTimeMin = 32;

    // In the order in which they came; of a standard signal there is at most one.
    private readonly List<SignalInfo> pending = [];

    /// <summary>Those who watch signalfds of this process.</summary>
    public WaitQueue Queue { get; } = new();

    /// <summary>Signals that are pending: bit n-1 for signal n.</summary>
    public ulong Pending { get; private set; }

    /// <summary>Signals that are blocked.</summary>
    public ulong Blocked { get; set; }

    /// <summary>True if a signal would interrupt a sleep.</summary>
    public bool HasDeliverable => (Pending & ~Blocked) != 0;

    /// <summary>Sends a signal; a standard one that is pending already changes nothing, and wakes nobody.</summary>
    public void Raise(int signal) => Raise(new SignalInfo(signal));

    /// <summary>Sends a signal with what is known of it.</summary>
    public void Raise(in SignalInfo info)
    {
        ulong bit = 1ul << (info.Signal - 1);
        if ((Pending & bit) != 0 && info.Signal < RealTimeMin)
        {
            if (mistake == Mutation.PendingSignalWakesAgain)
            {
                Queue.Wake(PollMask.None);
            }

            return;
        }

        Pending |= bit;
        pending.Add(info);
        if (mistake != Mutation.SignalIsSilent)
        {
            Queue.Wake(PollMask.None);
        }
    }

    /// <summary>Takes the lowest pending signal of a set; 0 if none is.</summary>
    public int Take(ulong set) => Take(set, out SignalInfo info) ? info.Signal : 0;

    /// <summary>Takes the lowest pending signal of a set, the oldest of its number.</summary>
    public bool Take(ulong set, out SignalInfo info)
    {
        info = default;
        ulong found = Pending & set;
        if (found == 0)
        {
            return false;
        }

        int signal = BitOperations.TrailingZeroCount(found) + 1;
        int index = pending.FindIndex(one => one.Signal == signal);
        info = pending[index];
        pending.RemoveAt(index);
        if (!pending.Exists(one => one.Signal == signal))
        {
            Pending &= ~(1ul << (signal - 1));
        }

        return true;
    }
}
