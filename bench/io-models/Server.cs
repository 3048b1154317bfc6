using System;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Loop.Workers;

namespace Spindle.Bench.IoModels;

/// <summary>The server of server.c on our loop, perhaps with workers for what is slow. Ends when stdin does.</summary>
internal sealed class Server
{
    private const int MessageSize = 64;
    private const int Room = 16 * MessageSize;
    private const int Workers = 16;
    private const int JobsMax = 65536;
    private const int SolTcp = 6;
    private const int TcpNoDelay = 1;

    private readonly LinuxKernel kernel = new();
    private readonly EventLoop loop;
    private readonly WorkerPool? pool;
    private readonly int listener;

    public Server(WaitingBy waiting, bool hasWorkers)
    {
        loop = new EventLoop(kernel, new EventLoopOptions { Waiting = waiting });
        pool = hasWorkers ? new WorkerPool(loop, new WorkerLimits { Minimum = Workers, Maximum = Workers, QueueMax = JobsMax }) : null;
        listener = Checked(kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Checked(kernel.Bind(listener, SocketAddress.Inet(IpAddress.Parse("127.0.0.1"), 0)));
        Checked(kernel.Listen(listener, 4096));
        Checked(kernel.LocalAddress(listener, out SocketAddress address));
        address.TryGetInet(out _, out ushort port, out _);
        loop.AddFd(listener, FdEvents.Readable, (_, _) => Accept());
        loop.AddFd(0, FdEvents.Readable, (_, _) => loop.Quit());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"port {port}"));
    }

    public void Run() => loop.Run();

    private static int Checked(Result result) =>
        result.IsOk ? result.Int : throw new InvalidOperationException(result.ToString());

    private void Accept()
    {
        for (Result result = kernel.Accept(listener, out _); result.IsOk; result = kernel.Accept(listener, out _))
        {
            kernel.SetSocketOption(result.Int, SolTcp, TcpNoDelay, 1);
            byte[] data = new byte[Room];
            int have = 0;
            loop.AddFd(result.Int, FdEvents.Readable, (source, _) => Serve(source, data, ref have));
        }
    }

    private void Serve(FdSource source, byte[] data, ref int have)
    {
        Result result = kernel.Receive(source.Fd, data.AsSpan(have));
        if (result.Is(Errno.EAGAIN))
        {
            return;
        }

        if (result.Int <= 0)
        {
            source.Remove();
            kernel.Close(source.Fd);
            return;
        }

        have += result.Int;
        int used = 0;
        for (; used + MessageSize <= have; used += MessageSize)
        {
            Handle(source.Fd, data.AsSpan(used, MessageSize));
        }

        have -= used;
        data.AsSpan(used, have).CopyTo(data);
    }

    private void Handle(int fd, ReadOnlySpan<byte> message)
    {
        byte kind = message[Slowness.KindOffset];
        if (pool is null || kind == Slowness.Nothing)
        {
            Slowness.Be(kind);
            Answer(fd, message);
            return;
        }

        byte[] kept = message.ToArray();
        Checked(pool.Start(() => Slowness.Be(kind), _ => Answer(fd, kept)));
    }

    private void Answer(int fd, ReadOnlySpan<byte> message) => Checked(kernel.Send(fd, message));
}
