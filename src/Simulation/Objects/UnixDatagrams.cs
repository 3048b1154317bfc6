using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>Whom unix datagram sockets send to, who may, and who must wait.</summary>
internal static class UnixDatagrams
{
    /// <summary>Connects to a name, instead of whoever it was before.</summary>
    public static Result Connect(UnixSocket socket, string name)
    {
        Errno error = socket.Machine.UnixNames.Find(name, socket.Type, out UnixSocket? other);
        error = error == Errno.None && !MaySend(socket, other!) ? Errno.EPERM : error;
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        ChangePeer(socket, other);
        return Result.Ok();
    }

    /// <summary>connect(2) with an address of no family.</summary>
    public static Result Dissolve(UnixSocket socket)
    {
        ChangePeer(socket, null);
        return Result.Ok();
    }

    /// <summary>Why a message does not go: closed, shut, or full. The first send that finds the peer dead takes leave of it.</summary>
    public static Errno ObstacleFor(UnixSocket socket, UnixSocket other)
    {
        if (!MaySend(socket, other))
        {
            return Errno.EPERM;
        }

        if (other.IsDead)
        {
            ChangePeer(socket, null);
            return Errno.ECONNREFUSED;
        }

        if (other.IsShut(SocketFile.ShutRead))
        {
            return Errno.EPIPE;
        }

        // Those who are each other's peers have no limit but the sender's buffer, and neither has who sends to itself.
        bool isLimited = other != socket && other.Peer != socket && other.IsFull;
        return isLimited && (socket.Peer != other || MustWait(socket, other)) ? Errno.EAGAIN : Errno.None;
    }

    /// <summary>True while a connected sender's peer is full, unless they are each other's peers. The sender is told of the next
    /// message that is read there: asking is what does it.</summary>
    public static bool AwaitsPeer(UnixSocket socket) =>
        socket is { Type: SocketType.Datagram, Peer: { } other } && other.Peer != socket && other.IsFull && MustWait(socket, other);

    /// <summary>The socket that it sent to is another's affair now: it is not told of room there any more.</summary>
    public static void LeaveQueue(UnixSocket socket, UnixSocket peer)
    {
        if (socket.Relay.Queue == peer.RoomQueue)
        {
            peer.RoomQueue.Remove(socket.Relay);
        }
    }

    // Who is connected takes messages from its peer alone.
    private static bool MaySend(UnixSocket socket, UnixSocket other) =>
        other.Peer is null || other.Peer == socket || socket.Machine.Breaks(Mutation.ConnectedReceiverTakesAll);

    private static bool MustWait(UnixSocket socket, UnixSocket other)
    {
        if (other.IsDead)
        {
            return false;
        }

        if (socket.Relay.Queue is null)
        {
            other.RoomQueue.Add(socket.Relay);
        }

        return true;
    }

    private static void ChangePeer(UnixSocket socket, UnixSocket? other)
    {
        UnixSocket? old = socket.Peer;
        socket.Peer = other;
        socket.State = other is null ? UnixSocketState.Closed : UnixSocketState.Established;
        if (old is null)
        {
            return;
        }

        // It is told of space, whether it waited for any or not.
        LeaveQueue(socket, old);
        socket.Queue.Wake(PollMask.SocketSpace);
        if (old != other && socket.Received.Count > 0)
        {
            Lose(socket, old);
        }
    }

    // What had come from the old peer is lost, with all the rest; who still believes in the connection is told.
    private static void Lose(UnixSocket socket, UnixSocket old)
    {
        socket.Discard();
        socket.RoomQueue.WakeAll();
        if (!old.IsDead && old.Peer == socket)
        {
            old.Error = Errno.ECONNRESET;
            old.Queue.Wake(PollMask.Error);
        }
    }
}
