using System;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>A signalfd: the pending signals of whoever reads, as far as it was made for them.</summary>
internal sealed class SignalFile(SimulatedProcess process, ulong signals) : OpenFile(process.Machine)
{
    private const int InfoSize = 128; // struct signalfd_siginfo

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        registrar?.Register(process.Signals.Queue);
        return (process.Signals.Pending & signals) != 0 ? PollMask.In : PollMask.None;
    }

    public override Result Read(Span<byte> destination)
    {
        int count = 0;
        if (destination.Length < InfoSize)
        {
            return Result.Fail(Errno.EINVAL);
        }

        while (destination.Length - count >= InfoSize && process.Signals.Take(signals, out SignalInfo found))
        {
            Span<byte> info = destination.Slice(count, InfoSize);
            info.Clear();
            MemoryMarshal.Write(info, found.Signal);
            MemoryMarshal.Write(info[8..], found.Code);
            MemoryMarshal.Write(info[12..], found.SenderProcessId);
            MemoryMarshal.Write(info[16..], found.SenderUserId);
            MemoryMarshal.Write(info[44..], found.Value);
            count += InfoSize;
        }

        return count > 0 ? Result.Ok(count) : Result.Fail(Errno.EAGAIN);
    }
}
