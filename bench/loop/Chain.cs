using System;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Async;

namespace Spindle.Bench.Loop;

/// <summary>The chain of socket pairs, and the turn with idle descriptors; both as in the C peers' workloads.h.</summary>
internal sealed class Chain
{
    private readonly EventLoop loop = Bench.NewLoop();
    private readonly LinuxKernel kernel = Bench.Kernel;
    private readonly byte[] octets = new byte[8];
    private int[] readers = [];
    private int[] writers = [];
    private int passBack;
    private int spinningFd;
    private long passed;
    private long passesLeft;
    private long passesTarget;

    public void Run(int count, int active)
    {
        passBack = active < count ? 1 : 0;
        readers = new int[count];
        writers = new int[count];
        Span<int> pair = stackalloc int[2];
        for (int index = 0; index < count; index++)
        {
            Bench.Checked(Bench.Kernel.SocketPair(SocketType.Stream, pair), "socketpair");
            (readers[index], writers[index]) = (pair[0], pair[1]);
            int mine = index;
            Watch(pair[0], (_, _) => PassOn(mine));
        }

        long trial = active + 200;
        long passes = Math.Max(active, Bench.Fitting(Cost(active, trial), trial, 200, 1_000_000));
        Cost(active, passes / 4);
        Bench.Put($"chain_{count}_{active}", Cost(active, passes) / (double)passes);
    }

    public void RunTurns(int idle)
    {
        for (int index = 0; index < idle; index++)
        {
            Watch(Bench.Checked(Bench.Kernel.EventFd(0), "eventfd"), (_, _) => Spin());
        }

        spinningFd = Bench.Checked(Bench.Kernel.EventFd(1), "eventfd");
        Watch(spinningFd, (_, _) => Spin());
        long turns = Bench.Fitting(TurnCost(200), 200, 200, 1_000_000);
        TurnCost(turns / 4);
        Bench.Put($"turn_{idle}", TurnCost(turns) / (double)turns);
    }

    private void Watch(int fd, FdHandler ready)
    {
        if (Bench.IsAwaiting)
        {
            using LoopSynchronizationContext.Scope scope = LoopSynchronizationContext.Of(loop).Install();
            _ = AwaitAsync(fd, ready);
        }
        else
        {
            loop.AddFd(fd, FdEvents.Readable, ready, trigger: Bench.Trigger);
        }
    }

    private async Task AwaitAsync(int fd, FdHandler ready)
    {
        AsyncFd awaited = new(loop, fd);
        while (true)
        {
            await awaited.ReadableAsync();
            ready(null!, FdEvents.Readable);
        }
    }

    private void PassOn(int index)
    {
        Span<byte> octet = octets.AsSpan(0, 1);
        if (kernel.Read(readers[index], octet).Value != 1)
        {
            return;
        }

        passed++;
        if (passesLeft > 0)
        {
            passesLeft--;
            int next = index - passBack;
            Bench.Checked(kernel.Write(writers[next < 0 ? writers.Length - 1 : next], octet), "write");
        }

        if (passed == passesTarget)
        {
            loop.Quit();
        }
    }

    private long Cost(int active, long passes)
    {
        passed = 0;
        passesTarget = Math.Max(active, passes);
        passesLeft = passesTarget - active;
        long started = Bench.CpuNs();
        for (int index = 0; index < active; index++)
        {
            Bench.Checked(Bench.Kernel.Write(writers[index * (writers.Length / active)], octets.AsSpan(0, 1)), "write");
        }

        loop.Run();
        return Bench.CpuNs() - started;
    }

    private void Spin()
    {
        if (!kernel.Read(spinningFd, octets).IsOk)
        {
            return;
        }

        BitConverter.TryWriteBytes(octets, 1UL);
        Bench.Checked(kernel.Write(spinningFd, octets), "write");
        if (++passed == passesTarget)
        {
            loop.Quit();
        }
    }

    private long TurnCost(long turns)
    {
        passed = 0;
        passesTarget = turns;
        long started = Bench.CpuNs();
        loop.Run();
        return Bench.CpuNs() - started;
    }
}
