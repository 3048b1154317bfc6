using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop.Async;

namespace Spindle.Loop.Tests.Async;

public sealed class AwaitAllocationTests : LoopTest
{
    private const int WarmUp = 300;
    private const int Rounds = 2000;

    [Fact]
    public void An_awaited_readiness_allocates_nothing()
    {
        int[] pair = new int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        using AsyncFd server = new(Loop, pair[0], ownsDescriptor: true);
        using AsyncFd client = new(Loop, pair[1], ownsDescriptor: true);
        long allocated = Loop.Run(async () =>
        {
            Task echo = Echo();
            byte[] buffer = new byte[64];
            Slices slices = new(WarmUp, Rounds);
            long octets = 0;
            for (int round = 0; round < WarmUp + Rounds; round++)
            {
                slices.Next(round);
                octets += (await client.WriteAllAsync(buffer.AsMemory(0, 4))).Value;
                octets += (await client.ReadAsync(buffer)).Value;
            }

            slices.Next(WarmUp + Rounds);
            Assert.Equal(8 * (WarmUp + Rounds), octets);
            Kernel.Shutdown(client.Fd, 1);
            await echo;
            return slices.Least;
        });
        Assert.Equal(0, allocated);

        async Task Echo()
        {
            byte[] buffer = new byte[64];
            while (await server.ReadAsync(buffer) is { IsOk: true, Value: > 0 } read)
            {
                await server.WriteAllAsync(buffer.AsMemory(0, read.Int));
            }
        }
    }

    [Fact]
    public void Awaited_delays_yields_and_cancellable_reads_allocate_nothing()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        using CancellationTokenSource source = new();
        CancellationToken token = source.Token;
        byte[] buffer = new byte[8];
        long allocated = Loop.Run(async () =>
        {
            Slices slices = new(WarmUp, Rounds);
            for (int round = 0; round < WarmUp + Rounds; round++)
            {
                slices.Next(round);
                await Loop.Delay(TimeSpan.Zero);
                await Loop.Yield();
                ValueTask<Result> read = fd.ReadAsync(buffer, token);
                Kernel.Write(writer, "x"u8);
                await read;
            }

            slices.Next(WarmUp + Rounds);
            return slices.Least;
        });
        Assert.Equal(0, allocated);
    }

    /// <summary>As <see cref="Allocations.Least"/>, for code that cannot be called ten times over: its rounds in ten slices.</summary>
    private sealed class Slices(int warmUp, int rounds)
    {
        private readonly int length = rounds / 10;
        private long before = -1;

        public long Least { get; private set; } = long.MaxValue;

        public void Next(int round)
        {
            if (round < warmUp || (round - warmUp) % length != 0)
            {
                return;
            }

            long now = GC.GetAllocatedBytesForCurrentThread();
            Least = before < 0 ? Least : Math.Min(Least, now - before);
            before = now;
        }
    }
}
