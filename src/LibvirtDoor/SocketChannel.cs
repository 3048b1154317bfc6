using System;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>A plain socket.</summary>
internal sealed class SocketChannel : RpcChannel
{
    private readonly Kernel kernel;
    private readonly RpcClient client;
    private readonly FdSource source;
    private readonly int fd;

    /// <exception cref="ArgumentException">The kernel does not watch it (no memory).</exception>
    public SocketChannel(EventLoop loop, int fd, RpcClient client)
    {
        kernel = loop.Kernel;
        this.client = client;
        this.fd = fd;
        source = loop.AddFd(fd, FdEvents.Readable, OnReady);
    }

    public override Result Receive(Span<byte> destination) => kernel.Receive(fd, destination);

    public override Result Send(ReadOnlySpan<byte> source) => kernel.Send(fd, source);

    public override void Watch(bool reads, bool writes)
    {
        source.Interest = (reads ? FdEvents.Readable : FdEvents.None) | (writes ? FdEvents.Writable : FdEvents.None);
    }

    public override void Close()
    {
        source.Remove();
        kernel.Close(fd);
    }

    private void OnReady(FdSource source, FdEvents ready)
    {
        bool isGone = (ready & (FdEvents.HangUp | FdEvents.Error)) != FdEvents.None;
        client.Ready((ready & FdEvents.Readable) != FdEvents.None, isGone);
    }
}
