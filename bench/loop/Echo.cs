using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Bench.Loop;

/// <summary>An echo server with callbacks, as raw.c has it.</summary>
internal sealed class Echo
{
    private const int SolTcp = 6;
    private const int TcpNoDelay = 1;

    private readonly EventLoop loop = Bench.NewLoop();
    private readonly byte[] data = new byte[4096];
    private readonly EchoAccount account;
    private readonly FdHandler ready;
    private readonly int listener;

    public Echo(int connections)
    {
        account = new EchoAccount(connections);
        ready = Ready;
        listener = Listen(out int port);
        loop.AddFd(listener, FdEvents.Readable, (_, _) => Accept());
        EchoAccount.TellPort(port);
    }

    /// <summary>A listener on the loopback address, and its port.</summary>
    public static int Listen(out int port)
    {
        int listener = Bench.Checked(Bench.Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0), "socket");
        IpAddress loopback = IpAddress.Parse("127.0.0.1");
        Bench.Checked(Bench.Kernel.Bind(listener, SocketAddress.Inet(loopback, 0)), "bind");
        Bench.Checked(Bench.Kernel.Listen(listener, 1024), "listen");
        Bench.Checked(Bench.Kernel.LocalAddress(listener, out SocketAddress address), "getsockname");
        address.TryGetInet(out _, out ushort bound, out _);
        port = bound;
        return listener;
    }

    public static void SetNoDelay(int fd) => Bench.Kernel.SetSocketOption(fd, SolTcp, TcpNoDelay, 1);

    public void Run() => loop.Run();

    private void Accept()
    {
        Result result = Bench.Kernel.Accept(listener, out _);
        if (result.IsOk)
        {
            SetNoDelay(result.Int);
            loop.AddFd(result.Int, FdEvents.Readable, ready);
        }
    }

    private void Ready(FdSource source, FdEvents events)
    {
        Result result = Bench.Kernel.Receive(source.Fd, data);
        if (result.Int > 0)
        {
            account.Count(result.Int);
            Bench.Checked(Bench.Kernel.Send(source.Fd, data.AsSpan(0, result.Int)), "send");
        }
        else if (!result.Is(Errno.EAGAIN))
        {
            source.Remove();
            Bench.Kernel.Close(source.Fd);
            if (account.Close())
            {
                loop.Quit();
            }
        }
    }
}
