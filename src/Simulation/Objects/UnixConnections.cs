using Spindle.Kernels;

namespace Spindle.Simulation.Objects;

/// <summary>How unix stream and seqpacket sockets get connected.</summary>
internal static class UnixConnections
{
    public static Result Listen(UnixSocket socket, int backlog)
    {
        if (!socket.HasConnection)
        {
            return Result.Fail(Errno.EOPNOTSUPP);
        }

        if (socket.Name is null || socket.State == UnixSocketState.Established)
        {
            return Result.Fail(Errno.EINVAL);
        }

        socket.State = UnixSocketState.Listening;
        socket.Backlog = backlog < 0 ? int.MaxValue : backlog;
        return Result.Ok();
    }

    /// <summary>Connects at once, or not at all: EAGAIN where the listener's queue is full.</summary>
    public static Result Connect(UnixSocket socket, string name)
    {
        Errno error = socket.Machine.UnixNames.Find(name, socket.Type, out UnixSocket? listener);
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        if (listener!.State != UnixSocketState.Listening || listener.IsShut(SocketFile.ShutRead))
        {
            return Result.Fail(Errno.ECONNREFUSED);
        }

        if (listener.Embryos.Count > listener.Backlog)
        {
            return Result.Fail(Errno.EAGAIN);
        }

        if (socket.State != UnixSocketState.Closed)
        {
            return Result.Fail(socket.State == UnixSocketState.Established ? Errno.EISCONN : Errno.EINVAL);
        }

        UnixSocket embryo = new(socket.Machine, socket.Type)
        {
            State = UnixSocketState.Established,
            Peer = socket,
            Name = listener.Name,
        };
        socket.State = UnixSocketState.Established;
        socket.Peer = embryo;
        listener.Embryos.Enqueue(embryo);
        if (!socket.Machine.Breaks(Mutation.ConnectionIsSilent))
        {
            listener.AnnounceData();
        }

        return Result.Ok();
    }

    public static Result Accept(SimulatedProcess process, UnixSocket listener)
    {
        if (!listener.HasConnection)
        {
            return Result.Fail(Errno.EOPNOTSUPP);
        }

        if (listener.State != UnixSocketState.Listening)
        {
            return Result.Fail(Errno.EINVAL);
        }

        return listener.Embryos.TryDequeue(out UnixSocket? embryo) ? process.Open(embryo) : Result.Fail(Errno.EAGAIN);
    }
}
