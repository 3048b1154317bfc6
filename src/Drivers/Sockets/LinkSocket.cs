using System;
using System.Buffers.Binary;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Drivers.Sockets;

/// <summary>Sockets towards one peer over one link.</summary>
internal static class LinkSocket
{
    // asm-generic/socket.h; the same on x86-64 and arm64.
    private const int SolSocket = 1;
    private const int SoError = 4;
    private const int SoBindToDevice = 25;

    /// <summary>How often another random port is tried before the kernel chooses one.</summary>
    private const int PortAttemptsMax = 8;

    /// <summary>Makes a socket and confines it to the link; the value is its descriptor.</summary>
    public static Result Open(Kernel kernel, in LinkScope link, IpFamily family, SocketType type)
    {
        AddressFamily addressFamily = family == IpFamily.V4 ? AddressFamily.Inet : AddressFamily.Inet6;
        Result socket = kernel.Socket(addressFamily, type, 0);
        if (!socket.IsOk || string.IsNullOrEmpty(link.InterfaceName))
        {
            return socket;
        }

        Result bound = kernel.SetSocketOption(
            socket.Int, SolSocket, SoBindToDevice, Encoding.UTF8.GetBytes(link.InterfaceName));
        if (!bound.IsOk)
        {
            kernel.Close(socket.Int);
            return bound;
        }

        return socket;
    }

    /// <summary>Gives the socket a random local port from the upper half (RFC 6056): 15 bits that a forger must guess.</summary>
    public static Result BindToRandomPort(Kernel kernel, int fd, IpFamily family)
    {
        IpAddress any = family == IpFamily.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;
        for (int i = 0; i < PortAttemptsMax; i++)
        {
            Result bound = kernel.Bind(fd, SocketAddress.Inet(any, (ushort)(0x8000 | RandomUInt16(kernel))));
            if (!bound.Is(Errno.EADDRINUSE))
            {
                return bound;
            }
        }

        return kernel.Bind(fd, SocketAddress.Inet(any, 0));
    }

    /// <summary>Connects; link-local peers are meant on the link.</summary>
    public static Result Connect(Kernel kernel, int fd, in LinkScope link, IpAddress address, ushort port)
    {
        uint scope = address.IsV6 && address.IsLinkLocal ? (uint)link.InterfaceIndex : 0;
        return kernel.Connect(fd, SocketAddress.Inet(address, port, scope));
    }

    /// <summary>What became of a connection that was begun.</summary>
    public static Errno TakeError(Kernel kernel, int fd)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        Result result = kernel.GetSocketOption(fd, SolSocket, SoError, value);
        return result.IsOk ? (Errno)BitConverter.ToInt32(value) : result.Error;
    }

    /// <summary>16 unpredictable bits.</summary>
    public static ushort RandomUInt16(Kernel kernel)
    {
        Span<byte> octets = stackalloc byte[sizeof(ushort)];
        kernel.Random(octets);
        return BinaryPrimitives.ReadUInt16BigEndian(octets);
    }
}
