using System;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>An end of a pipe or FIFO as somebody has opened it: for reading, for writing, or (FIFOs) for both.</summary>
internal sealed class PipeEnd : OpenFile
{
    private readonly bool reads;
    private readonly bool writes;

    // Who came before the first writer is not told that there is none: only that one has left since.
    private readonly int writersSeen;

    public PipeEnd(SimulatedMachine machine, PipeRing ring, bool reads, bool writes)
        : base(machine)
    {
        Ring = ring;
        this.reads = reads;
        this.writes = writes;
        writersSeen = reads && !writes && ring.Writers == 0 ? ring.WritersEver : -1;
        ring.Readers += reads ? 1 : 0;
        ring.Writers += writes ? 1 : 0;
        ring.WritersEver += writes ? 1 : 0;
    }

    public PipeRing Ring { get; }

    public override bool IsReadable => reads;

    public override bool IsWritable => writes;

    public override bool IsStream => true;

    public override bool IsTransport => true;

    public override WaitQueue? ReadersQueue => Ring.ReadQueue;

    /// <summary>A pipe's two ends.</summary>
    public static (PipeEnd Reader, PipeEnd Writer) Pair(SimulatedMachine machine)
    {
        PipeRing ring = new(machine);

        // The writer first: a pipe's reader has always had one.
        PipeEnd writer = new(machine, ring, reads: false, writes: true);
        return (new PipeEnd(machine, ring, reads: true, writes: false), writer);
    }

    public override PollMask Poll(WaitRegistrar? registrar)
    {
        Ring.NotePolled();
        if (reads)
        {
            registrar?.Register(Ring.ReadQueue);
        }

        if (writes)
        {
            registrar?.Register(Ring.WriteQueue);
        }

        PollMask mask = PollMask.None;
        if (reads)
        {
            mask |= Ring.IsEmpty ? PollMask.None : PollMask.PipeData;
            mask |= Ring.Writers == 0 && Ring.WritersEver != writersSeen ? PollMask.HangUp : PollMask.None;
        }

        if (writes)
        {
            mask |= Ring.IsFull ? PollMask.None : PollMask.PipeSpace;
            mask |= Ring.Readers == 0 ? PollMask.Error : PollMask.None;
        }

        return mask;
    }

    public override Result Read(Span<byte> destination) => Ring.Read(destination);

    public override Result Write(ReadOnlySpan<byte> source) => Ring.Write(source);

    public override void PassOnToReaders()
    {
        if (!Ring.IsEmpty)
        {
            Ring.ReadQueue.Wake(PollMask.PipeData);
        }
    }

    protected override void Release()
    {
        Ring.Readers -= reads ? 1 : 0;
        Ring.Writers -= writes ? 1 : 0;
        Ring.EndClosed();
    }
}
