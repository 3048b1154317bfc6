using System;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>A case of another loop's own tests, as ours behaves in it.</summary>
public abstract class CaseTest(WaitingBy waiting = WaitingBy.Epoll) : LoopTest(waiting)
{
    protected (int First, int Second) SocketPair()
    {
        Span<int> pair = stackalloc int[2];
        Assert.True(Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        return (Own(Result.Ok(pair[0])), Own(Result.Ok(pair[1])));
    }

    /// <summary>Two ends of a TCP connection on the loopback device.</summary>
    protected (int Client, int Server) Connection()
    {
        int listener = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Assert.True(Kernel.Bind(listener, SocketAddress.Inet(Basics.IpAddress.FromV4(127, 0, 0, 1), 0)).IsOk);
        Assert.True(Kernel.Listen(listener, 1).IsOk);
        Assert.True(Kernel.LocalAddress(listener, out SocketAddress address).IsOk);
        int client = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Kernel.Connect(client, address);
        int server = -1;
        FdSource waiter = Loop.AddFd(listener, FdEvents.Readable, (source, _) => server = Own(Kernel.Accept(source.Fd, out SocketAddress _)));
        TurnUntil(() => server >= 0);
        waiter.Remove();
        Close(listener);
        return (client, server);
    }

    protected int Shell(string command)
    {
        Result result = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", command]));
        Assert.True(result.IsOk, result.ToString());
        return result.Int;
    }
}
