using System;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>Sending and receiving on unix sockets, by type.</summary>
internal static class UnixTransfer
{
    // A datagram must leave this much of the send buffer.
    private const int DatagramReserve = 32;

    /// <summary>Sends to the peer, or to a name.</summary>
    public static Result Send(UnixSocket socket, ReadOnlySpan<byte> source, string? name) => socket.Type switch
    {
        SocketType.Stream => SendStream(socket, source),
        SocketType.SequentialPacket => SendSequenced(socket, source),
        _ => SendMessage(socket, source, name),
    };

    /// <summary>Receives octets of a stream, or as much of a message as there is room for.</summary>
    /// <param name="socket">Who receives.</param>
    /// <param name="destination">Where the octets go.</param>
    /// <param name="isPeek">The message stays.</param>
    /// <param name="sender">Who has sent it, or the first of it; null if there is nothing.</param>
    /// <param name="length">How long the message is.</param>
    public static Result Receive(UnixSocket socket, Span<byte> destination, bool isPeek, out UnixSocket? sender, out int length)
    {
        if (socket.Type == SocketType.Stream)
        {
            sender = socket.Received.First?.Value.Sender;
            Result result = socket.State == UnixSocketState.Established ? ReceiveStream(socket, destination) : Result.Fail(Errno.EINVAL);
            length = result.IsOk ? result.Int : 0;
            sender = length > 0 ? sender : null;
            return result;
        }

        (sender, length) = (null, 0);
        bool isLost = socket.Type == SocketType.SequentialPacket && socket.State != UnixSocketState.Established;
        return isLost ? Result.Fail(Errno.ENOTCONN) : ReceiveMessage(socket, destination, isPeek, out sender, out length);
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
            : SendMessage(socket, source, name: null);
    }

    private static Result SendMessage(UnixSocket socket, ReadOnlySpan<byte> source, string? name)
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
        error = name is not null ? socket.Machine.UnixNames.Find(name, socket.Type, out other)
            : other is null ? Errno.ENOTCONN : Errno.None;
        error = error == Errno.None ? UnixDatagrams.ObstacleFor(socket, other!) : error;
        if (error != Errno.None)
        {
            socket.Release(memory);
            return Result.Fail(error);
        }

        Deliver(socket, other!, source, memory);
        return Result.Ok(source.Length);
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

    private static Result ReceiveMessage(UnixSocket socket, Span<byte> destination, bool isPeek, out UnixSocket? sender, out int length)
    {
        (sender, length) = (null, 0);
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

        (sender, length) = (node.Value.Sender, node.Value.Length);
        int count = node.Value.CopyTo(destination);
        if (!isPeek)
        {
            socket.Received.RemoveFirst();
        }

        // Those who wait for room here are told before the message's own sender is told of room in its buffer.
        socket.RoomQueue.Wake(PollMask.SocketSpace);
        if (!isPeek)
        {
            sender.Release(node.Value.Memory);
        }

        return Result.Ok(count);
    }
}
