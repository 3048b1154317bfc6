using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Objects;

/// <summary>Sending and receiving on unix sockets, by type.</summary>
internal static class UnixTransfer
{
    // A datagram must leave this much of the send buffer.
    private const int DatagramReserve = 32;

    public static Result Send(UnixSocket socket, ReadOnlySpan<byte> source) => socket.Type switch
    {
        SocketType.Stream => SendStream(socket, source),
        SocketType.SequentialPacket => SendSequenced(socket, source),
        _ => SendDatagram(socket, source),
    };

    public static Result Receive(UnixSocket socket, Span<byte> destination)
    {
        // read(2) of nothing does not reach the socket.
        if (destination.IsEmpty)
        {
            return Result.Ok(0);
        }

        if (socket.Type == SocketType.Stream)
        {
            return socket.State == UnixSocketState.Established ? ReceiveStream(socket, destination) : Result.Fail(Errno.EINVAL);
        }

        bool isLost = socket.Type == SocketType.SequentialPacket && socket.State != UnixSocketState.Established;
        return isLost ? Result.Fail(Errno.ENOTCONN) : ReceiveMessage(socket, destination);
    }

    private static Result SendStream(UnixSocket socket, ReadOnlySpan<byte> source)
    {
        if (socket.Peer is not { } other)
        {
            return Result.Fail(Errno.ENOTCONN);
        }

        if (socket.IsShut(SocketFile.ShutWrite))
        {
            return Result.Fail(Errno.EPIPE);
        }

        int sent = 0;
        while (sent < source.Length)
        {
            // A message takes no more than half of the send buffer, so that two are always on their way.
            int size = Math.Min(Math.Min(source.Length - sent, (socket.SendBuffer >> 1) - 64), UnixMemory.StreamChunkMax);
            Errno error = Charge(socket, UnixMemory.OfStream(size));
            if (error == Errno.None && (other.IsDead || other.IsShut(SocketFile.ShutRead)))
            {
                socket.Release(UnixMemory.OfStream(size));
                error = Errno.EPIPE;
            }

            if (error != Errno.None)
            {
                return sent > 0 ? Result.Ok(sent) : Result.Fail(error);
            }

            Deliver(socket, other, source.Slice(sent, size), UnixMemory.OfStream(size));
            sent += size;
        }

        return Result.Ok(sent);
    }

    private static Result SendSequenced(UnixSocket socket, ReadOnlySpan<byte> source)
    {
        Errno error = socket.TakeError();
        return error != Errno.None ? Result.Fail(error)
            : socket.State != UnixSocketState.Established ? Result.Fail(Errno.ENOTCONN)
            : SendDatagram(socket, source);
    }

    private static Result SendDatagram(UnixSocket socket, ReadOnlySpan<byte> source)
    {
        if (source.Length > socket.SendBuffer - DatagramReserve)
        {
            return Result.Fail(Errno.EMSGSIZE);
        }

        // The message is made before anybody looks where it goes: thrown away again, it announces space.
        int memory = UnixMemory.OfDatagram(source.Length);
        Errno error = Charge(socket, memory);
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        UnixSocket? other = socket.Peer;
        error = ObstacleFor(socket, other);
        if (error != Errno.None)
        {
            socket.Release(memory);
            return Result.Fail(error);
        }

        Deliver(socket, other!, source, memory);
        return Result.Ok(source.Length);
    }

    private static Errno ObstacleFor(UnixSocket socket, UnixSocket? other)
    {
        if (other is null)
        {
            return Errno.ENOTCONN;
        }

        if (other.IsDead)
        {
            Disconnect(socket);
            return Errno.ECONNREFUSED;
        }

        return other.IsShut(SocketFile.ShutRead) ? Errno.EPIPE : Errno.None;
    }

    // The first send that finds the peer dead takes leave of it, and of what it had sent.
    private static void Disconnect(UnixSocket socket)
    {
        socket.Peer = null;
        socket.State = UnixSocketState.Closed;
        socket.Discard();
    }

    private static Errno Charge(UnixSocket socket, int memory)
    {
        Errno error = socket.TakeError();
        if (error == Errno.None)
        {
            error = socket.IsShut(SocketFile.ShutWrite) ? Errno.EPIPE : socket.MaySend ? Errno.None : Errno.EAGAIN;
        }

        if (error == Errno.None)
        {
            socket.Charge(memory);
        }

        return error;
    }

    private static void Deliver(UnixSocket sender, UnixSocket receiver, ReadOnlySpan<byte> octets, int memory)
    {
        receiver.Received.AddLast(new UnixMessage(sender, octets.ToArray(), memory));
        receiver.AnnounceData();
    }

    private static Result ReceiveStream(UnixSocket socket, Span<byte> destination)
    {
        int count = 0;
        while (count < destination.Length && socket.Received.First is { } node)
        {
            // A read ends before an urgent octet, read or not; one that begins there passes over it.
            bool isMark = node.Value == socket.Urgent;
            if ((isMark || node.Value.Length == 0) && count > 0)
            {
                break;
            }

            count += isMark ? 0 : node.Value.TakeTo(destination[count..]);
            socket.Urgent = isMark ? null : socket.Urgent;
            if (isMark || node.Value.Length == 0)
            {
                socket.Received.RemoveFirst();
                node.Value.Sender.Release(node.Value.Memory);
            }
        }

        if (count > 0)
        {
            return Result.Ok(count);
        }

        Errno error = socket.TakeError();
        return error != Errno.None ? Result.Fail(error)
            : socket.IsShut(SocketFile.ShutRead) ? Result.Ok(0) : Result.Fail(Errno.EAGAIN);
    }

    private static Result ReceiveMessage(UnixSocket socket, Span<byte> destination)
    {
        Errno error = socket.TakeError();
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        if (socket.Received.First is not { } node)
        {
            bool isEnd = socket.Type == SocketType.SequentialPacket && socket.IsShut(SocketFile.ShutRead);
            return isEnd ? Result.Ok(0) : Result.Fail(Errno.EAGAIN);
        }

        socket.Received.RemoveFirst();
        int count = node.Value.TakeTo(destination);
        node.Value.Sender.Release(node.Value.Memory);
        return Result.Ok(count);
    }
}
