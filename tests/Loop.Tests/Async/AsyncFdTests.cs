using System;
using System.Threading;
using System.Threading.Tasks;
using Spindle.Kernels;
using Spindle.Loop.Async;

namespace Spindle.Loop.Tests.Async;

public abstract class AsyncFdTests(WaitingBy waiting) : LoopTest(waiting)
{
    [Fact]
    public void A_read_waits_for_octets_and_then_for_the_end()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        byte[] buffer = new byte[16];
        Loop.Run(async () =>
        {
            ValueTask<Result> read = fd.ReadAsync(buffer);
            Assert.False(read.IsCompleted);
            Kernel.Write(writer, "hello"u8);
            Assert.Equal(Result.Ok(5), await read);
            read = fd.ReadAsync(buffer);
            await Loop.Yield();
            Assert.False(read.IsCompleted);
            Close(writer);
            Assert.Equal(Result.Ok(0), await read);
            Assert.Equal(Result.Ok(0), await fd.ReadAsync(buffer));
        });
    }

    [Fact]
    public void Octets_and_the_end_that_come_together_are_both_seen()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        Loop.Run(async () =>
        {
            byte[] buffer = new byte[16];
            ValueTask<Result> read = fd.ReadAsync(buffer);
            Kernel.Write(writer, "x"u8);
            Close(writer);
            Assert.Equal(Result.Ok(1), await read);
            Assert.Equal(Result.Ok(0), await fd.ReadAsync(buffer));
        });
    }

    [Fact]
    public void What_comes_while_nobody_waits_is_there_and_spins_nothing()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        Loop.Run(async () =>
        {
            byte[] buffer = new byte[16];
            for (int round = 0; round < 5; round++)
            {
                ValueTask<Result> read = fd.ReadAsync(buffer);
                Kernel.Write(writer, "ab"u8);
                await read;
                Kernel.Write(writer, "cde"u8);
                for (int turn = 0; turn < 3; turn++)
                {
                    await Loop.Yield();
                }

                Assert.Equal(Result.Ok(3), await fd.ReadAsync(buffer));
            }

            Kernel.Write(writer, "f"u8);
        });
        Loop.Iterate(mayBlock: false);
        Assert.False(Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_long_write_goes_out_whole_against_a_slow_reader()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd source = new(Loop, reader);
        using AsyncFd sink = new(Loop, writer);
        byte[] data = new byte[1 << 20];
        new Random(1).NextBytes(data);
        byte[] got = new byte[data.Length];
        Loop.Run(async () =>
        {
            ValueTask<Result> write = sink.WriteAllAsync(data);
            Assert.False(write.IsCompleted);
            int length = 0;
            while (length < got.Length)
            {
                Result read = await source.ReadAsync(got.AsMemory(length, Math.Min(3000, got.Length - length)));
                Assert.True(read is { IsOk: true, Value: > 0 });
                length += read.Int;
            }

            Assert.Equal(Result.Ok(data.Length), await write);
        });
        Assert.Equal(data, got);
    }

    [Fact]
    public void A_write_to_nobody_answers_with_the_kernels_error()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd sink = new(Loop, writer);
        Loop.Run(async () =>
        {
            ValueTask<Result> write = sink.WriteAllAsync(new byte[1 << 20]);
            Assert.False(write.IsCompleted);
            Close(reader);
            Assert.Equal(Errno.EPIPE, (await write).Error);
        });
    }

    [Fact]
    public void A_read_of_no_octets_neither_waits_nor_takes_a_datagram()
    {
        int[] pair = new int[2];
        Assert.True(Kernel.SocketPair(SocketType.Datagram, pair).IsOk);
        using AsyncFd one = new(Loop, pair[0], ownsDescriptor: true);
        using AsyncFd other = new(Loop, pair[1], ownsDescriptor: true);
        Loop.Run(async () =>
        {
            Assert.Equal(Result.Ok(0), await other.ReadAsync(Memory<byte>.Empty));
            await one.WriteAsync("whole"u8.ToArray());
            Assert.Equal(Result.Ok(0), await other.ReadAsync(Memory<byte>.Empty));
            Assert.Equal(Result.Ok(5), await other.ReadAsync(new byte[16]));
        });
    }

    [Fact]
    public void Both_directions_of_a_socket_wait_at_once()
    {
        int[] pair = new int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        using AsyncFd left = new(Loop, pair[0], ownsDescriptor: true);
        using AsyncFd right = new(Loop, pair[1], ownsDescriptor: true);
        Loop.Run(async () =>
        {
            byte[] big = new byte[4 << 20];
            byte[] buffer = new byte[1 << 16];
            ValueTask<Result> read = left.ReadAsync(buffer);
            Task<Result> write = left.WriteAllAsync(big).AsTask();
            Assert.False(read.IsCompleted || write.IsCompleted);
            await right.WriteAllAsync("answer"u8.ToArray());
            Assert.Equal(Result.Ok(6), await read);
            Assert.False(write.IsCompleted);
            while (!write.IsCompleted)
            {
                Assert.True((await right.ReadAsync(buffer)).Value > 0);
                await Loop.Yield();
            }

            Assert.Equal(Result.Ok(big.Length), await write);
        });
    }

    [Fact]
    public void Connections_are_made_taken_and_refused()
    {
        int listener = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Assert.True(Kernel.Bind(listener, SocketAddress.Inet(Basics.IpAddress.Parse("127.0.0.1"), 0)).IsOk);
        Assert.True(Kernel.Listen(listener, 16).IsOk);
        Assert.True(Kernel.LocalAddress(listener, out SocketAddress address).IsOk);
        Loop.Run(async () =>
        {
            using AsyncFd server = new(Loop, listener);
            for (int round = 0; round < 3; round++)
            {
                ValueTask<Result> accept = server.AcceptAsync();
                using AsyncFd client = new(
                    Loop, Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0).Int, ownsDescriptor: true);
                Assert.Equal(Result.Ok(), await client.ConnectAsync(address));
                Result taken = await accept;
                Assert.True(taken.IsOk);
                Kernel.LocalAddress(client.Fd, out SocketAddress mine);
                Assert.Equal(mine.Octets.ToArray(), server.Peer.Octets.ToArray());
                Kernel.Close(taken.Int);
            }
        });
        Close(listener);
        Loop.Run(async () =>
        {
            using AsyncFd client = new(
                Loop, Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0).Int, ownsDescriptor: true);
            Assert.Equal(Errno.ECONNREFUSED, (await client.ConnectAsync(address)).Error);
        });
    }

    [Fact]
    public void A_descriptor_that_always_succeeds_gives_way()
    {
        int zero = Own(Kernel.Open("/dev/zero", FileFlags.Read));
        using AsyncFd fd = new(Loop, zero);
        bool isOver = false;
        int reads = 0;
        int other = 0;
        Loop.Run(async () =>
        {
            Task reading = Read();
            for (; other < 50; other++)
            {
                await Loop.Yield();
            }

            isOver = true;
            await reading;
        });
        Assert.Equal(50, other);
        Assert.InRange(reads, 50, 33 * 55);

        async Task Read()
        {
            byte[] buffer = new byte[8];
            while (!isOver)
            {
                Assert.Equal(Result.Ok(8), await fd.ReadAsync(buffer));
                reads++;
            }
        }
    }

    [Fact]
    public void Readiness_itself_can_be_awaited()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd source = new(Loop, reader);
        using AsyncFd sink = new(Loop, writer);
        Loop.Run(async () =>
        {
            Assert.True((await sink.WritableAsync()).IsOk);
            ValueTask<Result> readable = source.ReadableAsync();
            await Loop.Yield();
            Assert.False(readable.IsCompleted);
            Kernel.Write(writer, "x"u8);
            Assert.True((await readable).IsOk);
            Assert.True((await source.ReadableAsync()).IsOk);
            Drain(reader);
        });
    }

    [Fact]
    public void One_await_a_direction_and_none_after_disposal()
    {
        (int reader, _) = Pipe();
        AsyncFd fd = new(Loop, reader);
        Loop.Run(async () =>
        {
            ValueTask<Result> read = fd.ReadAsync(new byte[1]);
            Assert.Throws<InvalidOperationException>(() => { _ = fd.ReadAsync(new byte[1]); });
            fd.Dispose();
            fd.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await read);
            Assert.Throws<ObjectDisposedException>(() => { _ = fd.ReadAsync(new byte[1]); });
        });
    }

    [Fact]
    public void A_cancelled_read_takes_no_octet_and_the_next_one_gets_it()
    {
        (int reader, int writer) = Pipe();
        using AsyncFd fd = new(Loop, reader);
        Loop.Run(async () =>
        {
            byte[] buffer = new byte[4];
            for (int round = 0; round < 10; round++)
            {
                using CancellationTokenSource source = new();
                ValueTask<Result> read = fd.ReadAsync(buffer, source.Token);
                Kernel.Write(writer, "x"u8);
                source.Cancel();
                await Assert.ThrowsAsync<OperationCanceledException>(async () => await read);
                Assert.Equal(Result.Ok(1), await fd.ReadAsync(buffer));
            }
        });
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_refused_at_the_first_wait()
    {
        Loop.Run(async () =>
        {
            int closed = EventFd(0);
            Close(closed);
            using AsyncFd fd = new(Loop, closed);
            Assert.Equal(Errno.EBADF, (await fd.ReadAsync(new byte[1])).Error);
            Assert.Throws<InvalidOperationException>(() => { _ = fd.ReadableAsync(); });
        });
    }
}
