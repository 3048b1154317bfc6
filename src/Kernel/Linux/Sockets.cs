using System;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Linux;

/// <summary>Sockets.</summary>
internal static unsafe class Sockets
{
    private const int NoSignal = 0x4000;  // MSG_NOSIGNAL
    private const int SocketLevel = 1;    // SOL_SOCKET
    private const int AttachFilterOption = 26; // SO_ATTACH_FILTER

    /// <summary><c>struct iovec</c>.</summary>
    internal struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>, as the kernel has it.</summary>
    internal struct MessageHeader
    {
        public byte* Name;
        public int NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    internal struct FilterProgram
    {
        public ushort Length;
        public BpfInstruction* Instructions;
    }

    public static Result Socket(AddressFamily family, SocketType type, int protocol) =>
        Invoke(SystemCallNumber.Socket, (nint)family, (nint)type | Descriptors.Ours, protocol);

    public static Result SocketPair(SocketType type, Span<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(descriptors.Length, 2);
        fixed (int* pair = descriptors)
        {
            return Invoke(
                SystemCallNumber.Socketpair, (nint)AddressFamily.Unix, (nint)type | Descriptors.Ours, 0, (nint)pair);
        }
    }

    public static Result Bind(int fd, in SocketAddress address) => WithAddress(SystemCallNumber.Bind, fd, address);

    public static Result Connect(int fd, in SocketAddress address) =>
        WithAddress(SystemCallNumber.Connect, fd, address);

    public static Result Listen(int fd, int backlog) => Invoke(SystemCallNumber.Listen, fd, backlog);

    public static Result Accept(int fd, out SocketAddress peer) =>
        TakeAddress(SystemCallNumber.Accept4, fd, out peer, Descriptors.Ours);

    public static Result Shutdown(int fd, int how) => Invoke(SystemCallNumber.Shutdown, fd, how);

    public static Result LocalAddress(int fd, out SocketAddress address) =>
        TakeAddress(SystemCallNumber.Getsockname, fd, out address, 0);

    public static Result Send(int fd, ReadOnlySpan<byte> data, int flags)
    {
        fixed (byte* octets = data)
        {
            return InvokeShort(SystemCallNumber.Sendto, fd, (nint)octets, data.Length, flags | NoSignal, 0, 0);
        }
    }

    public static Result SendTo(int fd, ReadOnlySpan<byte> data, int flags, ReadOnlySpan<byte> address)
    {
        fixed (byte* octets = data, name = address)
        {
            return Invoke(
                SystemCallNumber.Sendto, fd, (nint)octets, data.Length, flags | NoSignal, (nint)name, address.Length);
        }
    }

    public static Result Receive(int fd, Span<byte> data, int flags)
    {
        fixed (byte* octets = data)
        {
            return InvokeShort(SystemCallNumber.Recvfrom, fd, (nint)octets, data.Length, flags, 0, 0);
        }
    }

    public static Result ReceiveFrom(int fd, Span<byte> data, int flags, out SocketAddress sender)
    {
        sender = default;
        int length = SocketAddress.SizeMax;
        Result result;
        fixed (byte* octets = data, name = sender.Buffer)
        {
            result = Invoke(
                SystemCallNumber.Recvfrom, fd, (nint)octets, data.Length, flags, (nint)name, (nint)(&length));
        }

        sender.Length = result.IsOk ? Math.Min(length, SocketAddress.SizeMax) : 0;
        return result;
    }

    public static Result SendMessage(
        int fd, ReadOnlySpan<byte> data, ReadOnlySpan<byte> control, int flags, ReadOnlySpan<byte> address)
    {
        fixed (byte* octets = data, controlOctets = control, name = address)
        {
            Vector vector = new() { Base = octets, Length = (nuint)data.Length };
            MessageHeader header = new()
            {
                Name = name,
                NameLength = address.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = controlOctets,
                ControlLength = (nuint)control.Length,
            };
            return Invoke(SystemCallNumber.Sendmsg, fd, (nint)(&header), flags | NoSignal);
        }
    }

    public static Result ReceiveMessage(
        int fd, Span<byte> data, Span<byte> control, ref int flags, out SocketAddress sender, out int controlLength)
    {
        sender = default;
        fixed (byte* octets = data, controlOctets = control, name = sender.Buffer)
        {
            Vector vector = new() { Base = octets, Length = (nuint)data.Length };
            MessageHeader header = new()
            {
                Name = name,
                NameLength = SocketAddress.SizeMax,
                Vectors = &vector,
                VectorCount = 1,
                Control = controlOctets,
                ControlLength = (nuint)control.Length,
            };
            Result result = Invoke(SystemCallNumber.Recvmsg, fd, (nint)(&header), flags);
            flags = result.IsOk ? header.Flags : 0;
            sender.Length = result.IsOk ? Math.Min(header.NameLength, SocketAddress.SizeMax) : 0;
            controlLength = result.IsOk ? (int)header.ControlLength : 0;
            return result;
        }
    }

    public static Result SetOption(int fd, int level, int option, ReadOnlySpan<byte> value)
    {
        fixed (byte* octets = value)
        {
            return Invoke(SystemCallNumber.Setsockopt, fd, level, option, (nint)octets, value.Length);
        }
    }

    public static Result GetOption(int fd, int level, int option, Span<byte> value)
    {
        int length = value.Length;
        fixed (byte* octets = value)
        {
            Result result = Invoke(SystemCallNumber.Getsockopt, fd, level, option, (nint)octets, (nint)(&length));
            return result.IsOk ? Result.Ok(length) : result;
        }
    }

    public static Result AttachFilter(int fd, ReadOnlySpan<BpfInstruction> program)
    {
        if (program.Length > ushort.MaxValue)
        {
            return Result.Fail(Errno.EINVAL);
        }

        fixed (BpfInstruction* instructions = program)
        {
            FilterProgram filter = new() { Length = (ushort)program.Length, Instructions = instructions };
            return Invoke(
                SystemCallNumber.Setsockopt, fd, SocketLevel, AttachFilterOption, (nint)(&filter), sizeof(FilterProgram));
        }
    }

    private static Result WithAddress(nint number, int fd, in SocketAddress address)
    {
        fixed (byte* octets = address.Octets)
        {
            return Invoke(number, fd, (nint)octets, address.Length);
        }
    }

    private static Result TakeAddress(nint number, int fd, out SocketAddress address, int flags)
    {
        address = default;
        int length = SocketAddress.SizeMax;
        Result result;
        fixed (byte* octets = address.Buffer)
        {
            result = Invoke(number, fd, (nint)octets, (nint)(&length), flags);
        }

        address.Length = result.IsOk ? Math.Min(length, SocketAddress.SizeMax) : 0;
        return result;
    }
}
