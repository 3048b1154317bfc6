using System;
using System.Collections.Generic;
using Spindle.Bench.Rpc.Client;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.Bench.Rpc.Tests;

/// <summary>A connection, and its far end in the test's hands.</summary>
internal sealed class FarEnd : IDisposable
{
    private readonly int fd;
    private readonly List<byte> received = [];
    private bool isClosed;

    public FarEnd()
    {
        Loop = new EventLoop(new LinuxKernel());
        Span<int> pair = stackalloc int[2];
        Assert.True(Loop.Kernel.SocketPair(SocketType.Stream, pair).IsOk);
        fd = pair[1];
        Near = new RpcConnection(new RpcHub(Loop), pair[0]);
    }

    public EventLoop Loop { get; }

    public RpcConnection Near { get; }

    /// <summary>Sends, and lets the connection take it.</summary>
    public void Send(params ReadOnlySpan<byte> octets)
    {
        Assert.Equal(octets.Length, Loop.Kernel.Send(fd, octets).Int);
        Loop.Iterate(mayBlock: true);
    }

    /// <summary>The next message that the connection has sent.</summary>
    public RpcHeader Take(out byte[] payload)
    {
        byte[] buffer = new byte[65536];
        int length;
        while (received.Count < RpcFrame.LengthSize || !RpcFrame.TryReadLength(received.ToArray(), out length) || received.Count < length)
        {
            Result result = Loop.Kernel.Receive(fd, buffer);
            if (result.Is(Errno.EAGAIN))
            {
                Loop.Iterate(mayBlock: true); // the rest is still on the near side
                continue;
            }

            Assert.True(result.Int > 0);
            received.AddRange(buffer.AsSpan(0, result.Int));
        }

        byte[] message = received.GetRange(0, length).ToArray();
        received.RemoveRange(0, length);
        Assert.True(RpcHeader.TryParse(message.AsSpan(4), out RpcHeader header));
        payload = message[28..];
        return header;
    }

    /// <summary>Octets that the connection has sent and nobody has taken.</summary>
    public int Untaken()
    {
        byte[] buffer = new byte[65536];
        Result result = Loop.Kernel.Receive(fd, buffer);
        return received.Count + (result.IsOk ? result.Int : 0);
    }

    public static byte[] Reply(RpcHeader call, string text)
    {
        XdrWriter writer = new();
        int start = RpcFrame.Begin(writer, call.Reply(RpcStatus.Ok));
        writer.WriteString(text);
        RpcFrame.End(writer, start);
        return writer.Written.ToArray();
    }

    public void Close()
    {
        if (!isClosed)
        {
            isClosed = true;
            Loop.Kernel.Close(fd);
        }
    }

    public void Dispose()
    {
        Near.Close();
        Close();
        Loop.Dispose();
    }
}
