using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Scripts;

/// <summary>The socket calls of <see cref="ModelSystem"/>.</summary>
internal sealed class ModelSockets(SimulatedProcess process)
{
    private const string Folder = "/tmp";

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

    public Result Bind(int fd, string? name) => With(fd, socket => socket switch
    {
        AddressedSocket addressed => name is not null ? Result.Fail(Errno.EAFNOSUPPORT)
            : addressed.BindTo(process, SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), 0)),
        UnixSocket unix when name is not null => process.Machine.UnixNames.Bind(unix, AddressOf(name), process.FileModeMask),
        _ => Result.Fail(Errno.EINVAL),
    });

    public Result Listen(int fd, int backlog) => With(fd, socket => socket.Listen(backlog));

    public Result ConnectUnix(int fd, string name) => With(fd, socket => socket switch
    {
        UnixSocket unix => unix.Connect(AddressOf(name)),
        NetlinkSocket => Result.Fail(Errno.EINVAL),
        _ => Result.Fail(Errno.EAFNOSUPPORT),
    });

    public Result DisconnectUnix(int fd) => With(fd, socket => socket is UnixSocket unix ? unix.Disconnect() : Result.Fail(Errno.EOPNOTSUPP));

    public Result SendToName(int fd, string name, ReadOnlySpan<byte> source)
    {
        return !process.Files.TryGet(fd, out OpenFile? file) ? Result.Fail(Errno.EBADF)
            : file is not SocketFile ? Result.Fail(Errno.ENOTSOCK)
            : file is UnixSocket unix ? unix.SendTo(AddressOf(name), source) : Result.Fail(Errno.EAFNOSUPPORT);
    }

    public Result ReceiveFrom(int fd, Span<byte> destination, out string? sender)
    {
        sender = null;
        if (!process.Files.TryGet(fd, out OpenFile? file) || file is not UnixSocket unix)
        {
            return Result.Fail(file is null ? Errno.EBADF : file is SocketFile ? Errno.EOPNOTSUPP : Errno.ENOTSOCK);
        }

        Result result = UnixTransfer.Receive(unix, destination, isPeek: false, out UnixSocket? from, out _);
        sender = from?.Name is { } name ? name[0] == '\0' ? name[1..] : name[Folder.Length..] : null;
        return result;
    }

    public Result Unlink(string name) => process.Machine.Files.Remove(AddressOf(name), isDirectory: false);

    public Result ConnectTo(int fd, int other) => With(other, target => With(fd, socket => (socket, target) switch
    {
        (AddressedSocket from, AddressedSocket to) => from.ConnectTo(process, to.LocalAddress()),
        (AddressedSocket, _) => Result.Fail(ErrorOfForeign(target)),
        (NetlinkSocket from, NetlinkSocket to) => from.ConnectTo(to),
        (UnixSocket from, UnixSocket { Name: { } name }) => from.Connect(name),
        _ => Result.Fail(Errno.EINVAL),
    }));

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
        if (!process.Files.TryGet(other, out OpenFile? target) || (target is SocketFile && !process.Files.TryGet(fd, out _)))
        {
            return Result.Fail(Errno.EBADF);
        }

        process.Files.TryGet(fd, out OpenFile? file);
        return (file, target) switch
        {
            (not SocketFile, _) or (_, not SocketFile) => Result.Fail(Errno.ENOTSOCK),
            (AddressedSocket from, AddressedSocket to) => from.SendMessage(process, source, default, 0, to.LocalAddress()),
            (TcpSocket from, _) => from.Write(source), // who it is for was said when it was connected
            (NetlinkSocket from, NetlinkSocket to) => from.SendTo(to, source),
            (UnixSocket from, _) => from.SendTo((target as UnixSocket)?.Name, source),
            (AddressedSocket, SocketFile to) => Result.Fail(ErrorOfForeign(to)),
            _ => Result.Fail(Errno.EINVAL),
        };
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

    // An address of another family is too short, if it is not as long as a name of a unix socket.
    private Errno ErrorOfForeign(SocketFile socket) =>
        socket is UnixSocket { Name: not null } ? Errno.EAFNOSUPPORT : Errno.EINVAL;

    // A script's own names: abstract ones, and paths in a folder.
    private static string AddressOf(string name) => name.StartsWith('/') ? Folder + name : "\0" + name;

    private Result With(int fd, Func<SocketFile, Result> call) => process.WithFile(fd, Errno.ENOTSOCK, call);
}
