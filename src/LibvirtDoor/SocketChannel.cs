using System;
using System.Text;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor;

/// <summary>A plain socket.</summary>
internal sealed class SocketChannel : RpcChannel
{
    private const int SocketLevel = 1;
    private const int PeerLabelOption = 31; // SO_PEERSEC
    private const int LabelSizeMax = 4096;

    private readonly Kernel kernel;
    private readonly FdSource source;

    private SocketChannel(Kernel kernel, FdSource source)
    {
        this.kernel = kernel;
        this.source = source;
    }

    /// <summary>The channel of a client by a socket that is connected.</summary>
    public static Result TryOpen(RpcClient client, int fd, out RpcChannel? channel)
    {
        EventLoop loop = client.Server.Door.Loop;
        Result added = loop.TryAddFd(fd, FdEvents.Readable, (_, ready) => Tell(client, ready), out FdSource? source, name: "rpc: client");
        channel = source is null ? null : new SocketChannel(loop.Kernel, source);
        return added;
    }

    public override Result Receive(Span<byte> destination) => kernel.Receive(source.Fd, destination);

    public override Result Send(ReadOnlySpan<byte> octets) => kernel.Send(source.Fd, octets);

    public override bool TryWatch(bool reads, bool writes)
    {
        FdEvents interest = (reads ? FdEvents.Readable : FdEvents.None) | (writes ? FdEvents.Writable : FdEvents.None);

        // With no interest at all nobody would say that the client is gone.
        return source.TrySetInterest(interest == FdEvents.None ? FdEvents.Priority : interest).IsOk;
    }

    public override string? ReadPeerLabel()
    {
        Span<byte> label = stackalloc byte[LabelSizeMax];
        Result read = kernel.GetSocketOption(source.Fd, SocketLevel, PeerLabelOption, label);
        string text = read.IsOk ? Encoding.UTF8.GetString(label[..read.Int].TrimEnd((byte)0)) : "";
        return text.Length > 0 ? text : null;
    }

    public override void Close()
    {
        source.Remove();
        kernel.Close(source.Fd);
    }

    private static void Tell(RpcClient client, FdEvents ready)
    {
        // Urgent octets are no part of the protocol, and would be told of in every turn.
        bool isGone = (ready & (FdEvents.HangUp | FdEvents.Error | FdEvents.Priority)) != FdEvents.None;
        client.Ready((ready & FdEvents.Readable) != FdEvents.None, isGone);
    }
}
