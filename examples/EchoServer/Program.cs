using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Examples;

/// <summary>Answers every TCP connection with its own octets: <c>EchoServer [PORT]</c>. All on one thread; ends at SIGTERM or SIGINT.</summary>
internal static class Program
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static int Main(string[] arguments)
    {
        ushort port = 0;
        if (arguments.Length > 1 || (arguments.Length == 1 && !ushort.TryParse(arguments[0], out port)))
        {
            Console.Error.WriteLine("usage: EchoServer [PORT]");
            return 2;
        }

        using EventLoop loop = new(new LinuxKernel());
        Result listener = Listen(loop.Kernel, port, out ushort bound);
        if (!listener.IsOk)
        {
            Console.Error.WriteLine($"EchoServer: port {port}: {listener.Error}");
            return 1;
        }

        loop.AddSignal(Interrupt, (_, _) => loop.Quit());
        loop.AddSignal(Terminate, (_, _) => loop.Quit());
        loop.AddFd(listener.Int, FdEvents.Readable, (source, _) => Accept(loop, source.Fd), name: "listener");
        Console.WriteLine($"listening on 127.0.0.1:{bound}");
        loop.Run();
        return 0;
    }

    private static Result Listen(Kernel kernel, ushort port, out ushort bound)
    {
        bound = 0;
        Result socket = kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0);
        if (!socket.IsOk)
        {
            return socket;
        }

        Result result = kernel.Bind(socket.Int, SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), port));
        result = result.IsOk ? kernel.Listen(socket.Int, backlog: 128) : result;
        if (!result.IsOk)
        {
            return result;
        }

        kernel.LocalAddress(socket.Int, out SocketAddress address);
        address.TryGetInet(out _, out bound, out _);
        return socket;
    }

    private static void Accept(EventLoop loop, int listener)
    {
        // Until the kernel says EAGAIN, or that the peer has left meanwhile: one wake-up may stand for many connections.
        while (loop.Kernel.Accept(listener, out _) is { IsOk: true } accepted)
        {
            Connection connection = new(loop, accepted.Int);
            connection.Start();
        }
    }
}
