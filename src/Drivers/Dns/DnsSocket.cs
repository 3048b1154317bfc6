using System;
using Spindle.Basics;
using Spindle.Drivers.Sockets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dns;

namespace Spindle.Drivers.Dns;

/// <summary>One attempt's socket and its source.</summary>
internal sealed class DnsSocket
{
    private readonly Kernel kernel;
    private readonly FdSource source;
    private byte[]? stream;
    private int streamLength;

    private DnsSocket(Kernel kernel, FdSource source, in DnsQueryOutput attempt)
    {
        this.kernel = kernel;
        this.source = source;
        Attempt = attempt.Attempt;
        Server = attempt.Server;
        Transport = attempt.Transport;
        IsConnected = Transport == DnsTransport.Udp;
    }

    public int Fd => source.Fd;

    public int Attempt { get; }

    public DnsServer Server { get; }

    public DnsTransport Transport { get; }

    /// <summary>False while a TCP connection is being made.</summary>
    public bool IsConnected { get; private set; }

    public bool IsOpen { get; private set; } = true;

    /// <summary>Opens the socket an attempt asks for; null if that failed.</summary>
    public static DnsSocket? Open(EventLoop loop, in LinkScope link, in DnsQueryOutput attempt, FdHandler handler)
    {
        Kernel kernel = loop.Kernel;
        bool isUdp = attempt.Transport == DnsTransport.Udp;
        DnsServer server = attempt.Server;
        Result opened = LinkSocket.Open(
            kernel, link, server.Address.Family, isUdp ? SocketType.Datagram : SocketType.Stream);
        if (!opened.IsOk)
        {
            return null;
        }

        Result result = isUdp
            ? LinkSocket.BindToRandomPort(kernel, opened.Int, server.Address.Family)
            : Result.Ok();
        result = result.IsOk ? LinkSocket.Connect(kernel, opened.Int, link, server.Address, server.Port) : result;
        bool isOpen = result.IsOk ? !isUdp || HasSource(kernel, opened.Int) : result.Is(Errno.EINPROGRESS);
        if (!isOpen)
        {
            kernel.Close(opened.Int);
            return null;
        }

        FdEvents interest = isUdp ? FdEvents.Readable : FdEvents.Writable;
        if (!loop.TryAddFd(opened.Int, interest, handler, out FdSource? source, name: "dns").IsOk)
        {
            kernel.Close(opened.Int);
            return null;
        }

        return new DnsSocket(kernel, source!, attempt);
    }

    // Over a link without an IPv4 address the kernel would send from 0.0.0.0: nobody can answer that, and its question for the server's
    // hardware address would be an ARP probe, which says that we are about to take the server's address (RFC 5227, section 1.1).
    private static bool HasSource(Kernel kernel, int fd) =>
        kernel.LocalAddress(fd, out SocketAddress local).IsOk && local.TryGetInet(out IpAddress source, out _, out _) && !source.IsUnspecified;

    /// <summary>A TCP connection became ready: true if it stands.</summary>
    public bool TryFinishConnecting()
    {
        IsConnected = LinkSocket.TakeError(kernel, Fd) == Errno.None;
        source.Interest = IsConnected ? FdEvents.Readable : FdEvents.None;
        return IsConnected;
    }

    /// <summary>Sends a question; false if it cannot go.</summary>
    public bool TrySend(in DnsQuestion question)
    {
        int front = Transport == DnsTransport.Tcp ? DnsStream.PrefixSize : 0;
        Span<byte> buffer = stackalloc byte[DnsStream.PrefixSize + DnsQuestion.SizeMax];
        Span<byte> octets = buffer[..(front + question.Size)];
        if (front > 0)
        {
            DnsStream.WritePrefix(octets, question.Size);
        }

        question.Write(octets[front..]);

        // A fresh connection takes so little at once, so a part of it counts as a failure.
        Result sent = kernel.Send(Fd, octets);
        return sent.IsOk && sent.Int == octets.Length;
    }

    /// <summary>Receives a datagram.</summary>
    public Result ReceiveDatagram(Span<byte> destination) => kernel.Receive(Fd, destination);

    /// <summary>Receives a piece of the stream; 0 at its end.</summary>
    public Result ReceivePiece()
    {
        int needed = DnsStream.SizeNeeded(stream.AsSpan(0, streamLength));
        if (stream is null || stream.Length < needed)
        {
            Array.Resize(ref stream, Math.Max(needed, 2048));
        }

        Result received = kernel.Receive(Fd, stream.AsSpan(streamLength));
        streamLength += received.Int;
        return received;
    }

    /// <summary>The first message of the stream, if all of it is here.</summary>
    public bool TryPeekMessage(out ReadOnlySpan<byte> message) =>
        DnsStream.TryTake(stream.AsSpan(0, streamLength), out message);

    /// <summary>Drops the first message of the stream.</summary>
    public void DropMessage()
    {
        int size = DnsStream.SizeNeeded(stream.AsSpan(0, streamLength));
        stream.AsSpan(size, streamLength - size).CopyTo(stream);
        streamLength -= size;
    }

    public void Close()
    {
        if (IsOpen)
        {
            IsOpen = false;
            source.Remove();
            kernel.Close(Fd);
        }
    }
}
