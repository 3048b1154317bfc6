using System;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Bench.Rpc.Client;

/// <summary>Connections to libvirt's sockets on one loop; they share the buffer that is read into.</summary>
internal sealed class RpcHub(EventLoop loop)
{
    private const int ReceiveSize = 256 * 1024;

    /// <summary>The loop of all of them.</summary>
    public EventLoop Loop { get; } = loop;

    /// <summary>What was read last; handed out before the next read.</summary>
    internal byte[] Received { get; } = new byte[ReceiveSize];

    /// <summary>Connects to a unix socket.</summary>
    /// <returns>The connection's descriptor; EAGAIN while the server's backlog is full.</returns>
    public Result TryConnect(string path, out RpcConnection? connection)
    {
        connection = null;
        if (!SocketAddress.TryUnix(path, out SocketAddress address))
        {
            return Result.Fail(Errno.EINVAL);
        }

        Result socket = Loop.Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0);
        if (!socket.IsOk)
        {
            return socket;
        }

        Result connected = Loop.Kernel.Connect(socket.Int, address);
        if (!connected.IsOk)
        {
            Loop.Kernel.Close(socket.Int);
            return connected;
        }

        connection = new RpcConnection(this, socket.Int);
        return socket;
    }
}
