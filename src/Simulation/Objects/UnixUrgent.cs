using Spindle.Kernels;

namespace Spindle.Simulation.Objects;

/// <summary>The urgent octet of a unix stream: one at a time, in the stream's order, but told and read apart.</summary>
internal static class UnixUrgent
{
    public static Result Send(UnixSocket socket)
    {
        if (socket.Type != SocketType.Stream)
        {
            // What a seqpacket socket has pending is told first.
            Errno error = socket.Type == SocketType.SequentialPacket ? socket.TakeError() : Errno.None;
            return Result.Fail(error != Errno.None ? error : Errno.EOPNOTSUPP);
        }

        Result sent = UnixTransfer.Send(socket, [1], name: null);
        if (sent.IsOk && socket.Peer is { } peer)
        {
            peer.Urgent = peer.Received.Last!.Value;
        }

        return sent;
    }

    public static Result Receive(UnixSocket socket)
    {
        if (socket.Type != SocketType.Stream)
        {
            return Result.Fail(Errno.EOPNOTSUPP);
        }

        if (socket.Urgent is not { } message)
        {
            return Result.Fail(Errno.EINVAL);
        }

        // It stays in its place, empty, until a read comes by.
        socket.Urgent = null;
        message.TakeTo(stackalloc byte[1]);
        return Result.Ok(1);
    }
}
