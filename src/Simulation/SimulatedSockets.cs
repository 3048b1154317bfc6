using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation;

/// <summary>The socket calls of <see cref="SimulatedKernel"/>: which kind of socket answers.</summary>
internal sealed class SimulatedSockets(SimulatedProcess process)
{
    private const int SocketLevel = 1;
    private const int TypeOption = 3;
    private const int ErrorOption = 4;
    private const int SendBufferOption = 7;
    private const int PeerCredentialsOption = 17; // SO_PEERCRED
    private const int PeerCredentialsSize = 12;
    private const int ReceiveLowWaterOption = 18;
    private const int OutOfBand = 1;
    private const int IcmpV4Protocol = 1;

    public Result Socket(AddressFamily family, SocketType type, int protocol)
    {
        SimulatedMachine machine = process.Machine;
        switch (family, type)
        {
            case (AddressFamily.Inet or AddressFamily.Inet6, SocketType.Stream):
                return protocol is 0 or IpProtocol.Tcp ? process.Open(new TcpSocket(machine, family)) : Result.Fail(Errno.EPROTONOSUPPORT);
            case (AddressFamily.Inet or AddressFamily.Inet6, SocketType.Datagram):
                return protocol is 0 or IpProtocol.Udp ? process.Open(new UdpSocket(machine, family))
                    : protocol is IcmpV4Protocol or IpProtocol.IcmpV6 ? Result.Fail(Errno.EACCES) // net.ipv4.ping_group_range: nobody
                    : Result.Fail(Errno.EPROTONOSUPPORT);
            case (AddressFamily.Inet or AddressFamily.Inet6, SocketType.Raw):
                return protocol is <= 0 or > byte.MaxValue ? Result.Fail(protocol == 0 ? Errno.EPROTONOSUPPORT : Errno.EINVAL)
                    : !process.IsPrivileged ? Result.Fail(Errno.EPERM)
                    : process.Open(new RawSocket(machine, family, (byte)protocol));
            case (AddressFamily.Packet, SocketType.Raw or SocketType.Datagram):
                ushort etherType = BinaryPrimitives.ReverseEndianness((ushort)protocol);
                return process.IsPrivileged ? process.Open(new PacketSocket(machine, type, etherType)) : Result.Fail(Errno.EPERM);
            case (AddressFamily.Netlink, SocketType.Raw or SocketType.Datagram):
                return protocol == 0 ? process.Open(new RouteNetlinkSocket(machine)) : Result.Fail(Errno.EPROTONOSUPPORT);
            case (AddressFamily.Unix, SocketType.Stream or SocketType.Datagram or SocketType.SequentialPacket):
                return process.Open(new UnixSocket(machine, type));
            case (AddressFamily.Inet or AddressFamily.Inet6 or AddressFamily.Unix or AddressFamily.Packet or AddressFamily.Netlink, _):
                return Result.Fail(Errno.ESOCKTNOSUPPORT);
            default:
                return Result.Fail(Errno.EAFNOSUPPORT);
        }
    }

    public Result Bind(int fd, in SocketAddress address)
    {
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        return socket switch
        {
            AddressedSocket addressed => addressed.BindTo(process, address),
            RouteNetlinkSocket netlink => address.TryGetNetlink(out uint portId, out uint groups)
                ? netlink.BindTo(portId, groups) : Result.Fail(Errno.EINVAL),
            UnixSocket unix => UnixNames.Of(address) is { } name
                ? process.Machine.UnixNames.Bind(unix, name, process.FileModeMask) : Result.Fail(Errno.EINVAL),
            _ => Result.Fail(Errno.EOPNOTSUPP),
        };
    }

    public Result Connect(int fd, in SocketAddress address)
    {
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        return socket switch
        {
            AddressedSocket addressed => addressed.ConnectTo(process, address),
            UnixSocket unix when address is { Family: AddressFamily.Unspecified, Length: >= sizeof(ushort) } => unix.Disconnect(),
            UnixSocket unix => UnixNames.Of(address) is { } name ? ConnectAs(unix, name) : Result.Fail(Errno.EINVAL),
            _ => Result.Fail(Errno.EOPNOTSUPP),
        };
    }

    // Whoever connects is the peer from then on, whatever becomes of its rights.
    private Result ConnectAs(UnixSocket socket, string name)
    {
        Result result = socket.Connect(name);
        if (result.IsOk && socket.HasConnection && socket.Peer is { } accepted)
        {
            accepted.PeerCredentials = (process.ProcessId, process.User);
        }

        return result;
    }

    public Result LocalAddress(int fd, out SocketAddress address)
    {
        address = default;
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        address = socket switch
        {
            AddressedSocket addressed => addressed.LocalAddress(),
            RouteNetlinkSocket netlink => SocketAddress.Netlink(netlink.PortId, 0),
            UnixSocket unix => UnixNames.AddressOf(unix.Name),
            _ => default,
        };
        return Result.Ok();
    }

    public Result Listen(int fd, int backlog) => TryFind(fd, out SocketFile socket, out Result missing) ? socket.Listen(backlog) : missing;

    public Result Accept(int fd, out SocketAddress peer)
    {
        peer = default;
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        Result accepted = socket.Accept(process);
        if (accepted.IsOk && process.Files.TryGet(accepted.Int, out OpenFile? file))
        {
            peer = file switch
            {
                AddressedSocket addressed => addressed.PeerAddress(),
                UnixSocket unix => UnixNames.AddressOf(unix.Peer?.Name),
                _ => default,
            };
        }

        return accepted;
    }

    public Result Shutdown(int fd, int how) => TryFind(fd, out SocketFile socket, out Result missing) ? socket.Shutdown(how) : missing;

    public Result Send(int fd, ReadOnlySpan<byte> data, int flags) => SendMessage(fd, data, default, flags, default);

    public Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, in SocketAddress address) =>
        SendMessage(fd, data, default, flags, address);

    public Result SendMessage(int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address)
    {
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        switch (socket)
        {
            case AddressedSocket addressed:
                return addressed.SendMessage(process, data, control, flags, address);
            case RouteNetlinkSocket netlink:
                return address.Length == 0 ? netlink.Write(data)
                    : address.TryGetNetlink(out uint portId, out uint groups) ? netlink.SendTo(portId, groups, data)
                    : Result.Fail(Errno.EINVAL);
            case UnixSocket unix:
                // No descriptors are passed (SCM_RIGHTS).
                return !control.IsEmpty ? Result.Fail(Errno.EOPNOTSUPP)
                    : (flags & OutOfBand) != 0 && data.Length == 1 ? unix.SendUrgent()
                    : address.Length == 0 ? unix.Write(data)
                    : unix.SendTo(UnixNames.Of(address), data);
            default:
                return Result.Fail(Errno.EOPNOTSUPP);
        }
    }

    public Result Receive(int fd, Span<byte> data, int flags) => ReceiveMessage(fd, data, default, ref flags, out _, out _);

    public Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        controlLength = 0;
        int asked = flags;
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            flags = 0;
            return missing;
        }

        switch (socket)
        {
            case AddressedSocket addressed:
                return addressed.ReceiveMessage(data, control, ref flags, out sender, out controlLength);
            case RouteNetlinkSocket netlink:
                Result result = netlink.Receive(data, flags, out uint groups, out bool isTruncated);
                sender = result.IsOk ? SocketAddress.Netlink(0, groups) : default;
                flags = isTruncated ? AddressedSocket.TruncatedFlag : 0;
                return result;
            case UnixSocket unix:
                flags = 0;
                return (asked & OutOfBand) != 0 ? unix.ReceiveUrgent()
                    : unix.IsStream && data.IsEmpty ? Result.Ok(0) : ReceiveUnix(unix, data, asked, out flags, out sender);
            default:
                flags = 0;
                return Result.Fail(Errno.EOPNOTSUPP);
        }
    }

    private static Result ReceiveUnix(UnixSocket socket, Span<byte> data, int asked, out int flags, out SocketAddress address)
    {
        bool isPeek = (asked & AddressedSocket.PeekFlag) != 0;
        Result result = UnixTransfer.Receive(socket, data, isPeek, out UnixSocket? sender, out int length);
        bool isTruncated = result.IsOk && length > data.Length;
        flags = isTruncated ? AddressedSocket.TruncatedFlag : 0;
        address = sender?.Name is { } name ? UnixNames.AddressOf(name) : default;
        return isTruncated && (asked & AddressedSocket.TruncatedFlag) != 0 ? Result.Ok(length) : result;
    }

    public Result SetOption(int fd, int level, int option, ReadOnlySpan<byte> value)
    {
        return !TryFind(fd, out SocketFile socket, out Result missing) ? missing : socket switch
        {
            AddressedSocket addressed => addressed.SetOption(process, level, option, value),
            RouteNetlinkSocket netlink => netlink.SetOption(level, option, value),
            _ => SetPlainOption(socket, level, option, value),
        };
    }

    public Result GetOption(int fd, int level, int option, Span<byte> value)
    {
        return !TryFind(fd, out SocketFile socket, out Result missing) ? missing : socket switch
        {
            AddressedSocket addressed => addressed.GetOption(level, option, value),
            RouteNetlinkSocket netlink => netlink.GetOption(level, option, value),
            _ => GetPlainOption(socket, level, option, value),
        };
    }

    public Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program)
    {
        if (!TryFind(fd, out SocketFile socket, out Result missing))
        {
            return missing;
        }

        if (socket is RouteNetlinkSocket netlink)
        {
            return netlink.AttachFilter(program);
        }

        Result result = BpfProgram.Create(program, out BpfProgram? filter);
        if (result.IsOk && socket is AddressedSocket addressed)
        {
            addressed.Filter = filter;
        }

        return result.IsOk && socket is not AddressedSocket ? Result.Fail(Errno.EOPNOTSUPP) : result;
    }

    private static Result SetPlainOption(SocketFile socket, int level, int option, ReadOnlySpan<byte> value)
    {
        int number = value.Length >= sizeof(int) ? MemoryMarshal.Read<int>(value) : 0;
        if (level == SocketLevel && option == SendBufferOption)
        {
            socket.SetSendBuffer(number);
        }
        else if (level == SocketLevel && option == ReceiveLowWaterOption)
        {
            socket.ReceiveLowWater = Math.Max(number, 1);
        }

        return Result.Ok();
    }

    private static Result GetPlainOption(SocketFile socket, int level, int option, Span<byte> value)
    {
        if (level == SocketLevel && option == PeerCredentialsOption && value.Length >= PeerCredentialsSize)
        {
            return PeerCredentials(socket, value);
        }

        Result found = level != SocketLevel ? Result.Fail(Errno.ENOPROTOOPT) : option switch
        {
            ErrorOption => Result.Ok((int)socket.TakeError()),
            SendBufferOption => Result.Ok(socket.SendBuffer),
            ReceiveLowWaterOption => Result.Ok(socket.ReceiveLowWater),
            TypeOption => Result.Ok((int)(socket is UnixSocket unix ? unix.Type : SocketType.Raw)),
            _ => Result.Fail(Errno.ENOPROTOOPT),
        };
        if (found.IsOk)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value, found.Int);
        }

        return found.IsOk ? Result.Ok(sizeof(int)) : found;
    }

    // struct ucred: process, user, group. A group is here what the user is.
    private static Result PeerCredentials(SocketFile socket, Span<byte> value)
    {
        (int processId, uint user) = (socket as UnixSocket)?.PeerCredentials ?? (0, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(value, processId);
        BinaryPrimitives.WriteUInt32LittleEndian(value[4..], user);
        BinaryPrimitives.WriteUInt32LittleEndian(value[8..], user);
        return Result.Ok(PeerCredentialsSize);
    }

    private bool TryFind(int fd, out SocketFile socket, out Result missing)
    {
        bool isOpen = process.Files.TryGet(fd, out OpenFile? file);
        socket = (file as SocketFile)!;
        missing = Result.Fail(isOpen ? Errno.ENOTSOCK : Errno.EBADF);
        return file is SocketFile;
    }
}
