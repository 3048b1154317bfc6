using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation;

/// <summary>The socket calls of <see cref="SimulatedKernel"/>: addresses become sockets.</summary>
internal sealed class SimulatedSockets(SimulatedProcess process)
{
    private const int SocketLevel = 1;
    private const int TypeOption = 3;
    private const int ErrorOption = 4;
    private const int SendBufferOption = 7;
    private const int ReceiveLowWaterOption = 18;
    private const int OutOfBand = 1;
    private const ushort EphemeralFirst = 32768;

    private ushort nextPort = EphemeralFirst;

    public Result Socket(AddressFamily family, SocketType type) => (family, type) switch
    {
        (AddressFamily.Inet, SocketType.Stream) => process.Open(new TcpSocket(process.Machine)),
        (AddressFamily.Inet, SocketType.Datagram) => process.Open(new UdpSocket(process.Machine)),
        (AddressFamily.Unix, SocketType.Stream or SocketType.Datagram or SocketType.SequentialPacket) =>
            process.Open(new UnixSocket(process.Machine, type)),
        _ => Result.Fail(Errno.EAFNOSUPPORT),
    };

    public Result Bind(int fd, in SocketAddress address)
    {
        if (TryPath(address, out string path))
        {
            return With(fd, socket => socket.Bind(path));
        }

        return address.TryGetInet(out _, out ushort port, out _) ? With(fd, socket => BindPort(socket, port)) : Result.Fail(Errno.EINVAL);
    }

    public Result Connect(int fd, in SocketAddress address)
    {
        if (TryPath(address, out string path))
        {
            return With(fd, socket => socket is UnixSocket unix ? UnixConnections.Connect(unix, path) : Result.Fail(Errno.EAFNOSUPPORT));
        }

        return address.TryGetInet(out _, out ushort port, out _)
            ? With(fd, socket => socket.ConnectTo(AtPort(socket, port) ?? socket))
            : Result.Fail(Errno.EINVAL);
    }

    public Result LocalAddress(int fd, out SocketAddress address)
    {
        SocketAddress found = default;
        Result result = With(fd, socket =>
        {
            found = SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), socket.Port);
            return Result.Ok();
        });
        address = found;
        return result;
    }

    public Result Listen(int fd, int backlog) => With(fd, socket => socket.Listen(backlog));

    public Result Accept(int fd, out SocketAddress peer)
    {
        peer = SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), 0);
        return With(fd, socket => socket.Accept(process));
    }

    public Result Shutdown(int fd, int how) => With(fd, socket => socket.Shutdown(how));

    public Result Send(int fd, ReadOnlySpan<byte> data, int flags)
    {
        return (flags & OutOfBand) != 0 && data.Length == 1 ? With(fd, socket => socket.SendUrgent())
            : IsSocket(fd, out Errno error) ? process.Write(fd, data) : Result.Fail(error);
    }

    public Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address)
    {
        if (address.Length == 0)
        {
            return Send(fd, data, flags);
        }

        if (!process.Files.TryGet(fd, out OpenFile? file) || file is not SocketFile socket)
        {
            return Result.Fail(file is null ? Errno.EBADF : Errno.ENOTSOCK);
        }

        if (address.Family == AddressFamily.Unix)
        {
            return Result.Fail(Errno.EOPNOTSUPP); // unix sockets are reached by connecting, so far
        }

        return address.TryGetInet(out _, out ushort port, out _) && AtPort(socket, port) is { } other
            ? socket.SendTo(other, data)
            : Result.Ok(data.Length);
    }

    public Result Receive(int fd, Span<byte> data, int flags)
    {
        return (flags & OutOfBand) != 0 ? With(fd, socket => socket.ReceiveUrgent())
            : IsSocket(fd, out Errno error) ? process.Read(fd, data) : Result.Fail(error);
    }

    public Result SetOption(int fd, int level, int option, ReadOnlySpan<byte> value)
    {
        int number = value.Length >= sizeof(int) ? MemoryMarshal.Read<int>(value) : 0;
        return With(fd, socket =>
        {
            if (level == SocketLevel && option == SendBufferOption)
            {
                socket.SetSendBuffer(number);
            }
            else if (level == SocketLevel && option == ReceiveLowWaterOption)
            {
                socket.ReceiveLowWater = Math.Max(number, 1);
            }

            return Result.Ok();
        });
    }

    public Result GetOption(int fd, int level, int option, Span<byte> value)
    {
        Result found = With(fd, socket => level != SocketLevel ? Result.Fail(Errno.ENOPROTOOPT) : option switch
        {
            ErrorOption => Result.Ok((int)socket.TakeError()),
            SendBufferOption => Result.Ok(socket.SendBuffer),
            ReceiveLowWaterOption => Result.Ok(socket.ReceiveLowWater),
            TypeOption => Result.Ok((int)(socket is UnixSocket unix ? unix.Type : socket is TcpSocket ? SocketType.Stream : SocketType.Datagram)),
            _ => Result.Fail(Errno.ENOPROTOOPT),
        });
        if (found.IsOk)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value, found.Int);
        }

        return found.IsOk ? Result.Ok(sizeof(int)) : found;
    }

    private static bool TryPath(in SocketAddress address, out string path)
    {
        bool isUnix = address.Family == AddressFamily.Unix && address.Length > 2;
        path = isUnix ? Encoding.UTF8.GetString(address.Octets[2..]) : "";
        return isUnix;
    }

    private Result BindPort(SocketFile socket, ushort port)
    {
        ushort wanted = port == 0 ? nextPort++ : port;
        if (!process.Machine.Ports.TryAdd((socket.GetType(), wanted), socket))
        {
            return Result.Fail(Errno.EADDRINUSE);
        }

        socket.Port = wanted;
        return Result.Ok();
    }

    private SocketFile? AtPort(SocketFile like, ushort port) => process.Machine.Ports.GetValueOrDefault((like.GetType(), port));

    private bool IsSocket(int fd, out Errno error)
    {
        bool isOpen = process.Files.TryGet(fd, out OpenFile? file);
        error = isOpen ? Errno.ENOTSOCK : Errno.EBADF;
        return file is SocketFile;
    }

    private Result With(int fd, Func<SocketFile, Result> call) => process.WithFile(fd, Errno.ENOTSOCK, call);
}
