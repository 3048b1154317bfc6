using System;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>What sockets of all families have in common: one wait queue, an error that is told once, and calls that most of them refuse.</summary>
internal abstract class SocketFile(SimulatedMachine machine) : OpenFile(machine)
{
    public const int ShutRead = 1;
    public const int ShutWrite = 2;
    public const int ShutBoth = ShutRead | ShutWrite;

    private const int SendBufferMin = 4608;
    private const int SendBufferMax = 4_194_304; // net.core.wmem_max

    public WaitQueue Queue { get; } = new();

    /// <summary>A pending error, told once.</summary>
    public Errno Error { get; set; }

    /// <summary>Which directions are shut down.</summary>
    public int ShutDirections { get; set; }

    /// <summary>SO_SNDBUF.</summary>
    public int SendBuffer { get; set; } = 212_992; // net.core.wmem_default

    /// <summary>SO_RCVLOWAT.</summary>
    public virtual int ReceiveLowWater { get; set; } = 1;

    public override bool IsTransport => true;

    public override WaitQueue? ReadersQueue => Queue;

    public bool IsShut(int how) => (ShutDirections & how) == how;

    /// <summary>Takes the pending error.</summary>
    public Errno TakeError()
    {
        Errno error = Error;
        Error = Errno.None;
        return error;
    }

    /// <summary>Wakes the socket's queue, unless that mistake is made.</summary>
    protected void WakeUnless(Mutation mutation, PollMask key)
    {
        if (!Machine.Breaks(mutation))
        {
            Queue.Wake(key);
        }
    }

    /// <summary>Wakes everybody in the socket's queue, unless that mistake is made.</summary>
    protected void WakeAllUnless(Mutation mutation)
    {
        if (!Machine.Breaks(mutation))
        {
            Queue.WakeAll();
        }
    }

    /// <summary>Sets SO_SNDBUF. The kernel doubles what is asked for: its bookkeeping uses the buffer too.</summary>
    public Result SetSendBuffer(int octets)
    {
        SendBuffer = Math.Max((int)Math.Min((uint)octets, SendBufferMax) * 2, SendBufferMin); // below 0 is very much
        AnnounceSpace();
        return Result.Ok(SendBuffer);
    }

    public virtual Result Listen(int backlog) => Result.Fail(Errno.EOPNOTSUPP);

    public virtual Result Accept(SimulatedProcess process) => Result.Fail(Errno.EOPNOTSUPP);

    public virtual Result SendUrgent() => Result.Fail(Errno.EOPNOTSUPP);

    public virtual Result ReceiveUrgent() => Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>Ends one or both directions: 0 reading, 1 writing, 2 both.</summary>
    public abstract Result Shutdown(int how);

    /// <summary>There may be room for more: those who wait for it are told, if there is.</summary>
    protected virtual void AnnounceSpace() => Queue.Wake(PollMask.SocketSpace);

    /// <summary>The masks that every socket's state has: error, ends, and nothing of its data.</summary>
    protected PollMask CommonMask()
    {
        PollMask mask = Error != Errno.None ? PollMask.Error : PollMask.None;
        mask |= IsShut(ShutBoth) ? PollMask.HangUp : PollMask.None;
        return mask | (IsShut(ShutRead) ? PollMask.ReadHangUp | PollMask.In | PollMask.ReadNormal : PollMask.None);
    }
}
