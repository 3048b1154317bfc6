using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Drivers.Tests.Sockets;

/// <summary>Sockets on loopback with a port that the kernel chooses.</summary>
internal static class LoopbackSocket
{
    public static int Open(Kernel kernel, SocketType type, IpAddress address, out ushort port, ushort wanted = 0)
    {
        AddressFamily family = address.IsV4 ? AddressFamily.Inet : AddressFamily.Inet6;
        Result opened = kernel.Socket(family, type, 0);
        Assert.True(opened.IsOk, opened.ToString());
        Result bound = kernel.Bind(opened.Int, SocketAddress.Inet(address, wanted));
        if (!bound.IsOk)
        {
            kernel.Close(opened.Int);
            port = 0;
            return -1;
        }

        Assert.True(kernel.LocalAddress(opened.Int, out SocketAddress local).IsOk);
        Assert.True(local.TryGetInet(out _, out port, out _));
        if (type == SocketType.Stream)
        {
            Assert.True(kernel.Listen(opened.Int, 16).IsOk);
        }

        return opened.Int;
    }

    /// <summary>A port of this address where nobody listens.</summary>
    public static ushort UnusedPort(Kernel kernel, SocketType type, IpAddress address)
    {
        int fd = Open(kernel, type, address, out ushort port);
        kernel.Close(fd);
        return port;
    }
}
