using System;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Scripts;

/// <summary>The socket calls of <see cref="ModelSystem"/>.</summary>
internal sealed class ModelSockets(SimulatedProcess process)
{
    private const int SendBufferMin = 4608;

    public Result UnixPair(SocketType type, Span<int> descriptors)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.Pair(process.Machine, type);
        return process.OpenPair(first, second, descriptors);
    }

    public Result Socket(AddressFamily family, SocketType type) => family == AddressFamily.Unix
        ? process.Open(new UnixSocket(process.Machine, type))
        : Result.Fail(Errno.EAFNOSUPPORT);

    public Result Bind(int fd, string? name) => WithUnix(fd, socket => process.Machine.UnixNames.Bind(socket, name ?? ""));

    public Result Listen(int fd, int backlog) => WithUnix(fd, socket => UnixConnections.Listen(socket, backlog));

    public Result ConnectUnix(int fd, string name) => WithUnix(fd, socket => UnixConnections.Connect(socket, name));

    public Result ConnectTo(int fd, int other) => Result.Fail(Errno.EAFNOSUPPORT);

    public Result Accept(int fd) => WithUnix(fd, socket => UnixConnections.Accept(process, socket));

    public Result NetlinkPair(Span<int> descriptors) => Result.Fail(Errno.EAFNOSUPPORT);

    public Result SendUrgent(int fd) => WithUnix(fd, UnixUrgent.Send);

    public Result ReceiveUrgent(int fd) => WithUnix(fd, UnixUrgent.Receive);

    public Result SendTo(int fd, int other, ReadOnlySpan<byte> source) => Result.Fail(Errno.EAFNOSUPPORT);

    public Result SendToGroup(int fd, ReadOnlySpan<byte> source) => Result.Fail(Errno.EAFNOSUPPORT);

    public Result Shutdown(int fd, int how) => WithUnix(fd, socket => socket.Shutdown(how));

    public Result CloseWithReset(int fd) => Result.Fail(Errno.EAFNOSUPPORT);

    public Result SocketError(int fd) => WithUnix(fd, socket => Result.Ok((int)socket.TakeError()));

    public Result SetSendBuffer(int fd, int octets) => WithUnix(fd, socket =>
    {
        // The kernel doubles what is asked for: bookkeeping uses the buffer too.
        socket.SendBuffer = Math.Max(Math.Min(octets, UnixSocket.SendBufferDefault) * 2, SendBufferMin);
        return Result.Ok(socket.SendBuffer);
    });

    public Result SetReceiveLowWater(int fd, int octets) => WithUnix(fd, _ => Result.Ok());

    private Result WithUnix(int fd, Func<UnixSocket, Result> call)
    {
        return !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is UnixSocket socket ? call(socket) : Result.Fail(Errno.ENOTSOCK);
    }
}
