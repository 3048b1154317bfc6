using System;
using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Faults;

/// <summary>What goes wrong with the system calls of a process: at rates drawn from the choices, or with call number n of a kind.</summary>
/// <remarks>
/// It sits inside the kernel, not around it: what is legal depends on the object that a descriptor stands for (only streams have short
/// counts), and an artificial EAGAIN or short count owes a wake of that object later, which only the kernel can send.
/// </remarks>
public sealed class FaultPlan
{
    private static readonly TimeSpan WakeDelayMax = TimeSpan.FromMilliseconds(5);
    private static readonly int Kinds = Enum.GetValues<FaultKind>().Length;

    private readonly SimulatedProcess process;
    private readonly long[] counts = new long[(int)SystemCall.Other + 1];
    private readonly uint[] rates = new uint[Kinds];
    private readonly Dictionary<(SystemCall Call, long Number), (Errno Error, FaultKind? Kind)> failures = [];
    private readonly Dictionary<long, Action> interventions = [];
    private readonly Choices choices;
    private bool hasRates;
    private bool isQuiet = true;

    internal FaultPlan(SimulatedProcess process)
    {
        this.process = process;
        choices = process.Machine.Choices.Fork("faults");
    }

    /// <summary>System calls so far.</summary>
    public long Count { get; private set; }

    /// <summary>How many of them failed, or fell short, by this plan.</summary>
    public long Struck { get; private set; }

    /// <summary>System calls of one kind so far.</summary>
    public long CountOf(SystemCall call) => counts[(int)call];

    /// <summary>How often something goes wrong where it can.</summary>
    /// <param name="kind">What.</param>
    /// <param name="perMillion">In a million calls, of each error that is of this kind; 0 for never.</param>
    public void SetRate(FaultKind kind, int perMillion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perMillion);
        rates[(int)kind] = (uint)perMillion;
        hasRates = Array.Exists(rates, rate => rate > 0);
        Reconsider();
    }

    /// <summary>From now on nothing goes wrong any more, but for what was planned for a numbered call.</summary>
    public void ClearRates()
    {
        Array.Clear(rates);
        hasRates = false;
        Reconsider();
    }

    /// <summary>Lets one call fail, without effect.</summary>
    /// <param name="call">A call of which kind.</param>
    /// <param name="number">Its number among those of this kind, 1 for the next one of a new process (<see cref="CountOf"/>).</param>
    /// <param name="error">With what.</param>
    public void FailAt(SystemCall call, long number, Errno error)
    {
        failures[(call, number)] = (error, null);
        Reconsider();
    }

    /// <summary>As above, if that may happen to this call (only disks are full, only transports are empty for a while); else it goes
    /// undisturbed. An artificial EAGAIN is followed by a wake.</summary>
    /// <param name="call">A call of which kind.</param>
    /// <param name="number">Its number among those of this kind.</param>
    /// <param name="kind">What goes wrong.</param>
    /// <param name="error">As <see cref="FaultRules.Of"/> says of the call and the kind.</param>
    public void FailWhereLegalAt(SystemCall call, long number, FaultKind kind, Errno error)
    {
        failures[(call, number)] = (error, kind);
        Reconsider();
    }

    /// <summary>Lets something happen to the machine just before a call: a kill, a power cut. The call then fails, if its process is gone.</summary>
    /// <param name="number">The call's number among all calls of the process (<see cref="Count"/>), beginning with 1.</param>
    /// <param name="intervention">What happens.</param>
    public void InterveneAt(long number, Action intervention)
    {
        interventions[number] = intervention;
        Reconsider();
    }

    /// <summary>What was to happen just before a call does not happen any more.</summary>
    public void ClearInterventions()
    {
        interventions.Clear();
        Reconsider();
    }

    /// <summary>The process is gone: from now on every call fails.</summary>
    internal void ProcessEnded() => isQuiet = false;

    /// <summary>Counts a call, and says whether it fails.</summary>
    internal bool Fails(SystemCall call, out Result failed) => Fails(call, maySleep: true, out failed);

    /// <summary>As above, of a call that can be interrupted if it may sleep.</summary>
    internal bool Fails(SystemCall call, bool maySleep, out Result failed)
    {
        Count++;
        long number = ++counts[(int)call];
        failed = default;
        return !isQuiet && Strikes(call, number, maySleep, null, out failed);
    }

    /// <summary>As above, of a call on a file.</summary>
    internal bool Fails(SystemCall call, int fd, out Result failed)
    {
        Count++;
        long number = ++counts[(int)call];
        failed = default;
        if (isQuiet)
        {
            return false;
        }

        process.Files.TryGet(fd, out OpenFile? file);
        return Strikes(call, number, maySleep: true, file, out failed);
    }

    /// <summary>How many octets a call on a stream gets to see: sometimes fewer than there are.</summary>
    internal int Shorten(int fd, int count)
    {
        if (!hasRates || count < 2 || !process.Files.TryGet(fd, out OpenFile? file) || !file.IsStream || !Happens(FaultKind.ShortCount))
        {
            return count;
        }

        Owe(file);
        return choices.Between(1, count - 1);
    }

    private void Reconsider() =>
        isQuiet = process.IsAlive && !hasRates && failures.Count == 0 && interventions.Count == 0;

    private bool Strikes(SystemCall call, long number, bool maySleep, OpenFile? file, out Result failed)
    {
        if (interventions.Remove(Count, out Action? intervention))
        {
            intervention();
        }

        if (!process.IsAlive)
        {
            failed = Result.Fail(Errno.EIO);
            return true;
        }

        if (failures.Remove((call, number), out (Errno Error, FaultKind? Kind) planned))
        {
            Reconsider();
            if (planned.Kind is not { } legal || IsPossible(legal, call, maySleep, file))
            {
                Struck++;
                return Fail(planned.Error, planned.Kind == FaultKind.TryAgain ? file : null, out failed);
            }
        }

        foreach ((FaultKind kind, Errno error) in hasRates ? FaultRules.Of(call) : [])
        {
            if (rates[(int)kind] > 0 && IsPossible(kind, call, maySleep, file) && Happens(kind))
            {
                return Fail(error, kind == FaultKind.TryAgain ? file : null, out failed);
            }
        }

        failed = default;
        return false;
    }

    private bool Fail(Errno error, OpenFile? owed, out Result failed)
    {
        if (owed is not null)
        {
            Owe(owed);
        }

        failed = Result.Fail(error);
        return true;
    }

    private bool Happens(FaultKind kind)
    {
        bool happens = choices.Mishap(rates[(int)kind]);
        Struck += happens ? 1 : 0;
        return happens;
    }

    // An EAGAIN needs something to wait for; the disk's errors need a disk.
    private static bool IsPossible(FaultKind kind, SystemCall call, bool maySleep, OpenFile? file)
    {
        bool isOnFile = call is SystemCall.Read or SystemCall.Write or SystemCall.Sync;
        return kind switch
        {
            FaultKind.TryAgain => file is { IsTransport: true } && file.IsReadyFor(call is SystemCall.Write or SystemCall.Send),
            FaultKind.NoSpace or FaultKind.DiskError => !isOnFile || file is MemoryFile,
            FaultKind.Interrupted => maySleep,
            FaultKind.ShortCount or FaultKind.NoDescriptor or FaultKind.NoMemory
                or FaultKind.NoBuffer or FaultKind.NoProcess or FaultKind.Aborted => true,
        };
    }

    // Whoever was told less than the truth is told to look again, soon.
    private void Owe(OpenFile file)
    {
        VirtualClock clock = process.Machine.Monotonic;
        clock.Set(clock.Now + choices.Between(TimeSpan.FromMicroseconds(1), WakeDelayMax), () =>
        {
            if (file.IsOpen)
            {
                file.WakeAgain();
            }
        });
    }
}
