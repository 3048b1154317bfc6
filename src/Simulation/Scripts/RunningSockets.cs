using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Kernels.Raw;

namespace Spindle.Simulation.Scripts;

/// <summary>The socket calls of <see cref="RunningSystem"/>: loopback addresses, unix names of this process alone.</summary>
internal sealed class RunningSockets(LinuxKernel kernel, RunningFiles files)
{
    private const int SocketLevel = 1;
    private const int SendBufferOption = 7;
    private const int ReceiveBufferOption = 8;
    private const int ErrorOption = 4;
    private const int LingerOption = 13;
    private const int ReceiveLowWaterOption = 18;
    private const int TcpLevel = 6;
    private const int NoDelayOption = 1;
    private const int OutOfBand = 1;
    private const int NetlinkUserSocket = 2;
    private const uint Group = 1 << 30;
    private const int TcpInformationOption = 11;
    private const int TcpSettleMilliseconds = 5;
    private const int TcpSettlesMax = 60;

    private readonly HashSet<int> streams = [];

    public Result Socket(AddressFamily family, SocketType type)
    {
        Result socket = kernel.Socket(family, type, 0);
        if (socket.IsOk && family == AddressFamily.Inet && type == SocketType.Stream)
        {
            streams.Add(socket.Int);
            kernel.SetSocketOption(socket.Int, TcpLevel, NoDelayOption, 1);
        }

        return socket;
    }

    public Result Bind(int fd, string? name)
    {
        if (name is null)
        {
            return kernel.Bind(fd, SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), 0));
        }

        return TryAddress(name, out SocketAddress address) ? kernel.Bind(fd, address) : Result.Fail(Errno.EINVAL);
    }

    public Result ConnectUnix(int fd, string name) =>
        TryAddress(name, out SocketAddress address) ? kernel.Connect(fd, address) : Result.Fail(Errno.EINVAL);

    public Result DisconnectUnix(int fd) => kernel.Connect(fd, new SocketAddress { Length = sizeof(ushort) });

    public Result Unlink(string name) => kernel.Unlink(NameOf(name));

    public Result ConnectTo(int fd, int other)
    {
        Result found = kernel.LocalAddress(other, out SocketAddress address);
        return found.IsOk ? Settled(fd, kernel.Connect(fd, address)) : found;
    }

    public Result Accept(int fd)
    {
        Result accepted = kernel.Accept(fd, out SocketAddress peer);
        if (accepted.IsOk && peer.Family == AddressFamily.Inet)
        {
            streams.Add(accepted.Int);
            kernel.SetSocketOption(accepted.Int, TcpLevel, NoDelayOption, 1);
        }

        return accepted;
    }

    public Result NetlinkPair(Span<int> descriptors)
    {
        Result receiver = kernel.Socket(AddressFamily.Netlink, SocketType.Raw, NetlinkUserSocket);
        Result sender = receiver.IsOk ? kernel.Socket(AddressFamily.Netlink, SocketType.Raw, NetlinkUserSocket) : receiver;
        if (!sender.IsOk)
        {
            return sender;
        }

        kernel.SetSocketOption(receiver.Int, SocketLevel, ReceiveBufferOption, 1);
        descriptors[0] = receiver.Int;
        descriptors[1] = sender.Int;
        return kernel.Bind(receiver.Int, SocketAddress.Netlink(0, Group));
    }

    public Result SendUrgent(int fd) => Settled(fd, kernel.Send(fd, [1], OutOfBand));

    public Result ReceiveUrgent(int fd)
    {
        Span<byte> octet = stackalloc byte[1];
        return kernel.Receive(fd, octet, OutOfBand);
    }

    public Result SendTo(int fd, int other, ReadOnlySpan<byte> source)
    {
        Result found = kernel.LocalAddress(other, out SocketAddress address);
        return found.IsOk ? kernel.SendTo(fd, source, 0, address) : found;
    }

    public Result SendToName(int fd, string name, ReadOnlySpan<byte> source) =>
        TryAddress(name, out SocketAddress address) ? kernel.SendTo(fd, source, 0, address) : Result.Fail(Errno.EINVAL);

    public Result ReceiveFrom(int fd, Span<byte> destination, out string? sender)
    {
        Result result = kernel.ReceiveFrom(fd, destination, 0, out SocketAddress address);
        string? name = result.IsOk ? Objects.UnixNames.Of(address) : null;
        sender = name?[(name[0] == '\0' ? NameOf("") : NameOf("/")[..^1]).Length..];
        return result;
    }

    public Result SendToGroup(int fd, ReadOnlySpan<byte> source)
    {
        Span<byte> message = new byte[source.Length + 16];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt16LittleEndian(message[4..], 0x10);
        source.CopyTo(message[16..]);
        Result sent = kernel.SendTo(fd, message, 0, SocketAddress.Netlink(0, Group));

        // The kernel sends to port 0 as well, where nobody is: the group has its copy all the same.
        return sent.IsOk || sent.Is(Errno.ECONNREFUSED) ? Result.Ok(source.Length) : sent;
    }

    public Result CloseWithReset(int fd)
    {
        Span<byte> linger = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(linger, 1);
        BinaryPrimitives.WriteInt32LittleEndian(linger[4..], 0);
        Result set = kernel.SetSocketOption(fd, SocketLevel, LingerOption, linger);
        return set.IsOk ? Settled(fd, kernel.Close(fd)) : set;
    }

    public Result SocketError(int fd) => Option(fd, ErrorOption);

    public Result SetSendBuffer(int fd, int octets)
    {
        Result set = kernel.SetSocketOption(fd, SocketLevel, SendBufferOption, octets);
        return set.IsOk ? Option(fd, SendBufferOption) : set;
    }

    public Result SetReceiveLowWater(int fd, int octets) => kernel.SetSocketOption(fd, SocketLevel, ReceiveLowWaterOption, octets);

    /// <summary>Forgets a script's sockets.</summary>
    public void Reset() => streams.Clear();

    /// <summary>TCP's answers come over the loopback a moment later; and an acknowledgement that the other side holds back, of the
    /// end of a stream too, wakes whoever watches when it comes at last.</summary>
    public void Settle()
    {
        for (int round = 0; streams.Count > 0 && round < TcpSettlesMax && (round == 0 || IsUnderWay()); round++)
        {
            RawPolling.Poll([], TcpSettleMilliseconds);
        }
    }

    // struct tcp_info (man 7 tcp): the state first; segments sent and not acknowledged.
    private bool IsUnderWay()
    {
        const int UnacknowledgedAt = 24;
        const int SynSent = 2;
        const int Closed = 7;
        const int Listen = 10; // counts those who wait to be accepted
        Span<byte> information = stackalloc byte[UnacknowledgedAt + sizeof(uint)];
        foreach (int fd in streams)
        {
            Result got = kernel.GetSocketOption(fd, TcpLevel, TcpInformationOption, information);
            if (got.IsOk && information[0] is not (SynSent or Closed or Listen)
                && BinaryPrimitives.ReadUInt32LittleEndian(information[UnacknowledgedAt..]) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>After a call on a TCP socket, lets happen what comes of it.</summary>
    public Result Settled(int fd, Result result)
    {
        if (streams.Contains(fd))
        {
            Settle();
        }

        return result;
    }

    private Result Option(int fd, int option)
    {
        Span<byte> value = stackalloc byte[4];
        Result result = kernel.GetSocketOption(fd, SocketLevel, option, value);
        return result.IsOk ? Result.Ok(BinaryPrimitives.ReadInt32LittleEndian(value)) : result;
    }

    private bool TryAddress(string name, out SocketAddress address) => SocketAddress.TryUnix(NameOf(name), out address);

    private string NameOf(string name) =>
        name.StartsWith('/') ? files.PathOf(name) : $"@spindle-sim.{kernel.ProcessId}.{RawSignals.ThreadId}.{name}";
}
