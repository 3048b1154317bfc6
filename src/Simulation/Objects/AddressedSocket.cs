using System;
using System.Runtime.InteropServices;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Objects;

/// <summary>A socket of the network's families: it has addresses, options, and a filter; messages have senders and control data.</summary>
internal abstract class AddressedSocket(SimulatedMachine machine, AddressFamily family, SocketType type) : SocketFile(machine)
{
    /// <summary>MSG_PEEK.</summary>
    public const int PeekFlag = 0x2;

    /// <summary>MSG_CTRUNC.</summary>
    public const int ControlTruncatedFlag = 0x8;

    /// <summary>MSG_TRUNC.</summary>
    public const int TruncatedFlag = 0x20;

    private readonly SocketOptions options = new();

    /// <summary>SO_DOMAIN.</summary>
    public AddressFamily Family { get; } = family;

    /// <summary>SO_TYPE.</summary>
    public SocketType Type { get; } = type;

    /// <summary>SO_PROTOCOL.</summary>
    public virtual int Protocol => 0;

    /// <summary>SO_RCVBUF.</summary>
    public int ReceiveBuffer { get; set; } = 212_992; // net.core.rmem_default

    /// <summary>SO_BINDTODEVICE: the link that the socket is confined to; 0 for none.</summary>
    public int DeviceIndex { get; set; }

    /// <summary>SO_ATTACH_FILTER: which packets come in.</summary>
    public BpfProgram? Filter { get; set; }

    /// <summary>Numbers set on SOL_SOCKET.</summary>
    public SocketOptions Options => options;

    /// <summary>bind(2).</summary>
    public abstract Result BindTo(SimulatedProcess process, in SocketAddress address);

    /// <summary>connect(2).</summary>
    public virtual Result ConnectTo(SimulatedProcess process, in SocketAddress address) => Result.Fail(Errno.EOPNOTSUPP);

    /// <summary>getsockname(2).</summary>
    public abstract SocketAddress LocalAddress();

    /// <summary>The other end's address, as accept(2) tells it.</summary>
    public virtual SocketAddress PeerAddress() => default;

    /// <summary>sendmsg(2).</summary>
    public abstract Result SendMessage(
        SimulatedProcess process, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, in SocketAddress address);

    /// <summary>recvmsg(2): the value is the message's length, with MSG_TRUNC its real one.</summary>
    public abstract Result ReceiveMessage(
        Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength);

    /// <summary>setsockopt(2).</summary>
    public virtual Result SetOption(SimulatedProcess process, int level, int option, ReadOnlySpan<byte> value) =>
        level == SocketOptions.Level ? options.Set(this, process, option, value) : Result.Fail(Errno.ENOPROTOOPT);

    /// <summary>getsockopt(2): the value is its length.</summary>
    public virtual Result GetOption(int level, int option, Span<byte> value) =>
        level == SocketOptions.Level ? options.Get(this, option, value) : Result.Fail(Errno.ENOPROTOOPT);

    public override Result Read(Span<byte> destination)
    {
        int flags = 0;
        return destination.IsEmpty && Type != SocketType.Raw
            ? Result.Ok(0)
            : ReceiveMessage(destination, default, ref flags, out _, out _);
    }

    /// <summary>The link that the socket is confined to; null for none. False if it is gone.</summary>
    public bool TryGetDevice(out SimulatedLink? link)
    {
        link = DeviceIndex == 0 ? null : Machine.Network.FindLink(DeviceIndex);
        return DeviceIndex == 0 || link is not null;
    }

    /// <summary>A number option's value; false if it is too short.</summary>
    protected static bool TryNumber(ReadOnlySpan<byte> value, out int number)
    {
        bool isThere = value.Length >= sizeof(int);
        number = isThere ? MemoryMarshal.Read<int>(value) : 0;
        return isThere;
    }

    /// <summary>Writes as much of a number as there is room for.</summary>
    protected static Result Number(Span<byte> value, int number)
    {
        int size = Math.Min(value.Length, sizeof(int));
        MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number))[..size].CopyTo(value);
        return Result.Ok(size);
    }
}
