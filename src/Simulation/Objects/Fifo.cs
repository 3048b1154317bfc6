using Spindle.Kernels;

namespace Spindle.Simulation.Objects;

/// <summary>A FIFO in the file system: all who open it meet at one ring.</summary>
internal sealed class Fifo(SimulatedMachine machine)
{
    private readonly PipeRing ring = new(machine);

    /// <summary>Opens without sleeping; a writer alone is refused with ENXIO as long as nobody reads.</summary>
    public Result Open(SimulatedProcess process, bool reads, bool writes)
    {
        if (writes && !reads && ring.Readers == 0)
        {
            return Result.Fail(Errno.ENXIO);
        }

        PipeEnd end = new(machine, ring, reads, writes);
        bool isFirstReader = reads && ring.Readers == 1;
        bool isFirstWriter = writes && ring.Writers == 1;
        if (isFirstReader || isFirstWriter)
        {
            // Writers' queue is not woken: an edge-triggered writer does not learn that a reader is back.
            if (!machine.Breaks(Mutation.FifoOpenIsSilent))
            {
                ring.ReadQueue.WakeAll();
            }

            if (machine.Breaks(Mutation.FifoOpenWakesWriters))
            {
                ring.WriteQueue.WakeAll();
            }
        }

        return process.Open(end);
    }
}
