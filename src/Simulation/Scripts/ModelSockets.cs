using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Scripts;

/// <summary>The socket calls of <see cref="ModelSystem"/>.</summary>
internal sealed class ModelSockets(SimulatedProcess process)
{
    private delegate Result AddressCall(in SocketAddress address);

    public Result UnixPair(SocketType type, Span<int> descriptors)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.Pair(process.Machine, type);
        return process.OpenPair(first, second, descriptors);
    }

    public Result Socket(AddressFamily family, SocketType type)
    {
        process.Machine.BeginNetwork();
        return process.Open((family, type) switch
        {
            (AddressFamily.Inet, SocketType.Stream) => new TcpSocket(process.Machine),
            (AddressFamily.Inet, _) => new UdpSocket(process.Machine),
            _ => new UnixSocket(process.Machine, type),
        });
    }

    public Result Bind(int fd, string? name) => With(fd, socket => socket is AddressedSocket addressed
        ? addressed.BindTo(process, SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), 0))
        : socket.Bind(name));

    public Result Listen(int fd, int backlog) => With(fd, socket => socket.Listen(backlog));

    public Result ConnectUnix(int fd, string name) =>
        With(fd, socket => socket is UnixSocket unix ? UnixConnections.Connect(unix, name) : Result.Fail(Errno.EAFNOSUPPORT));

    public Result ConnectTo(int fd, int other)
    {
        return WithAddress(other, (in SocketAddress address) =>
        {
            SocketAddress target = address;
            return With(fd, socket => socket is AddressedSocket addressed ? addressed.ConnectTo(process, target) : Result.Fail(Errno.EOPNOTSUPP));
        });
    }

    public Result Accept(int fd) => With(fd, socket => socket.Accept(process));

    public Result NetlinkPair(Span<int> descriptors)
    {
        NetlinkSocket receiver = new(process.Machine);
        Result opened = process.OpenPair(receiver, new NetlinkSocket(process.Machine), descriptors);
        if (opened.IsOk)
        {
            receiver.JoinGroup();
        }

        return opened;
    }

    public Result SendUrgent(int fd) => With(fd, socket => socket.SendUrgent());

    public Result ReceiveUrgent(int fd) => With(fd, socket => socket.ReceiveUrgent());

    public Result SendTo(int fd, int other, ReadOnlySpan<byte> source)
    {
        if (!process.Files.TryGet(other, out OpenFile? target) || !process.Files.TryGet(fd, out OpenFile? file))
        {
            return Result.Fail(Errno.EBADF);
        }

        return target is not AddressedSocket to || file is not SocketFile ? Result.Fail(Errno.ENOTSOCK)
            : file is AddressedSocket from ? from.SendMessage(process, source, default, 0, to.LocalAddress())
            : Result.Fail(Errno.EOPNOTSUPP);
    }

    public Result SendToGroup(int fd, ReadOnlySpan<byte> source)
    {
        return !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is NetlinkSocket socket ? socket.SendToGroup(source) : Result.Fail(Errno.ENOTSOCK);
    }

    public Result Shutdown(int fd, int how) => With(fd, socket => socket.Shutdown(how));

    public Result CloseWithReset(int fd)
    {
        Result reset = With(fd, socket =>
        {
            (socket as TcpSocket)?.Reset();
            return Result.Ok();
        });
        return reset.IsOk ? process.Close(fd) : reset;
    }

    public Result SocketError(int fd) => With(fd, socket => Result.Ok((int)socket.TakeError()));

    public Result SetSendBuffer(int fd, int octets) => With(fd, socket => socket.SetSendBuffer(octets));

    public Result SetReceiveLowWater(int fd, int octets) => With(fd, socket =>
    {
        socket.ReceiveLowWater = Math.Max(octets, 1);
        return Result.Ok();
    });

    private Result WithAddress(int fd, AddressCall call) => With(fd, socket => socket is AddressedSocket addressed
        ? call(addressed.LocalAddress())
        : Result.Fail(Errno.EOPNOTSUPP));

    private Result With(int fd, Func<SocketFile, Result> call) => process.WithFile(fd, Errno.ENOTSOCK, call);
}
