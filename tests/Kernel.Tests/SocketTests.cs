using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Kernels.Tests;

public sealed class SocketTests : KernelTest
{
    private const int PeekFlag = 0x02;     // MSG_PEEK
    private const int TruncatedFlag = 0x20; // MSG_TRUNC
    private const int SocketLevel = 1;

    private static readonly IpAddress Loopback = IpAddress.FromV4(127, 0, 0, 1);

    private int Datagram(out SocketAddress address)
    {
        int socket = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0));
        Succeeds(Kernel.Bind(socket, SocketAddress.Inet(Loopback, 0)));
        Succeeds(Kernel.LocalAddress(socket, out address));
        return socket;
    }

    [Fact]
    public void A_pair_talks_both_ways_and_ends_by_direction()
    {
        Span<int> pair = stackalloc int[2];
        (int a, int b) = OwnPair(Kernel.SocketPair(SocketType.Stream, pair), pair);
        byte[] octets = new byte[10];
        Fails(Errno.EAGAIN, Kernel.Receive(a, octets));
        Assert.Equal(Result.Ok(2), Kernel.Send(b, "hi"u8));
        Assert.Equal(Result.Ok(2), Kernel.Receive(a, octets, PeekFlag));
        Assert.Equal(Result.Ok(2), Kernel.Receive(a, octets));
        Succeeds(Kernel.Shutdown(b, 1));
        Assert.Equal(Result.Ok(0), Kernel.Receive(a, octets));
        Close(a);
        Fails(Errno.EPIPE, Kernel.Send(b, "x"u8)); // and no SIGPIPE
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Datagrams_carry_their_sender(string host)
    {
        IpAddress loopback = IpAddress.Parse(host);
        AddressFamily family = loopback.IsV4 ? AddressFamily.Inet : AddressFamily.Inet6;
        int a = Own(Kernel.Socket(family, SocketType.Datagram, 0));
        int b = Own(Kernel.Socket(family, SocketType.Datagram, 0));
        Succeeds(Kernel.Bind(a, SocketAddress.Inet(loopback, 0)));
        Succeeds(Kernel.Bind(b, SocketAddress.Inet(loopback, 0)));
        Kernel.LocalAddress(a, out SocketAddress addressOfA);
        Kernel.LocalAddress(b, out SocketAddress addressOfB);
        Assert.True(addressOfA.TryGetInet(out _, out ushort portOfA, out _));
        Assert.NotEqual(0, portOfA);

        Assert.Equal(Result.Ok(5), Kernel.SendTo(a, "hello"u8, 0, addressOfB));
        byte[] octets = new byte[3];
        Assert.Equal(Result.Ok(5), Kernel.ReceiveFrom(b, octets, TruncatedFlag, out SocketAddress sender));
        Assert.Equal("hel"u8.ToArray(), octets);
        Assert.True(sender.TryGetInet(out IpAddress from, out ushort port, out _));
        Assert.Equal((loopback, portOfA), (from, port));
        Assert.Equal(Result.Ok(0), Kernel.SendTo(a, default, 0, addressOfB)); // an empty one is one
        Assert.Equal(Result.Ok(0), Kernel.Receive(b, octets));
        Fails(Errno.EAGAIN, Kernel.ReceiveFrom(b, octets, 0, out sender));
        Assert.Equal(0, sender.Length);
    }

    [Fact]
    public void A_stream_listens_connects_and_accepts()
    {
        int listener = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Succeeds(Kernel.Bind(listener, SocketAddress.Inet(Loopback, 0)));
        Succeeds(Kernel.Listen(listener, 4));
        Kernel.LocalAddress(listener, out SocketAddress address);
        Fails(Errno.EAGAIN, Kernel.Accept(listener, out _));

        int client = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Result connecting = Kernel.Connect(client, address);
        Assert.True(connecting.IsOk || connecting.Is(Errno.EINPROGRESS));
        Await(listener);
        int server = Own(Kernel.Accept(listener, out SocketAddress peer));
        Kernel.LocalAddress(client, out SocketAddress own);
        Assert.Equal(own.Octets.ToArray(), peer.Octets.ToArray());
        Kernel.Send(server, "ok"u8);
        Await(client);
        Assert.Equal(Result.Ok(2), Kernel.Receive(client, new byte[8]));

        // Accepted sockets do not wait either.
        Fails(Errno.EAGAIN, Kernel.Receive(server, new byte[8]));
    }

    [Fact]
    public void A_refused_connection_leaves_its_error_in_the_socket()
    {
        int closed = Datagram(out SocketAddress unused);
        unused.TryGetInet(out _, out ushort port, out _);
        int client = Own(Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0));
        Result connecting = Kernel.Connect(client, SocketAddress.Inet(Loopback, port));
        if (connecting.Is(Errno.EINPROGRESS))
        {
            Await(client, events: 4);
            byte[] error = new byte[4];
            Assert.Equal(Result.Ok(4), Kernel.GetSocketOption(client, SocketLevel, 4, error));
            Assert.Equal((int)Errno.ECONNREFUSED, BitConverter.ToInt32(error));
        }
        else
        {
            Fails(Errno.ECONNREFUSED, connecting);
        }

        Close(closed);
    }

    [Fact]
    public void A_unix_socket_has_a_path()
    {
        Assert.True(SocketAddress.TryUnix(At("socket"), out SocketAddress address));
        int listener = Own(Kernel.Socket(AddressFamily.Unix, SocketType.SequentialPacket, 0));
        Succeeds(Kernel.Bind(listener, address));
        Fails(Errno.EADDRINUSE, Kernel.Bind(listener, address));
        Succeeds(Kernel.Listen(listener, 1));
        int client = Own(Kernel.Socket(AddressFamily.Unix, SocketType.SequentialPacket, 0));
        Succeeds(Kernel.Connect(client, address));
        Own(Kernel.Accept(listener, out _));
        Assert.True(SocketAddress.TryUnix(At("none"), out SocketAddress none));
        Fails(Errno.ENOENT, Kernel.Connect(Own(Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0)), none));
    }

    [Fact]
    public void Messages_carry_control_data()
    {
        const int IpLevel = 0;
        const int PacketInfo = 8; // IP_PKTINFO
        int a = Datagram(out SocketAddress addressOfA);
        int b = Datagram(out SocketAddress addressOfB);
        Succeeds(Kernel.SetSocketOption(b, IpLevel, PacketInfo, 1));
        Assert.Equal(Result.Ok(4), Kernel.SendMessage(a, "ping"u8, default, 0, addressOfB));
        byte[] data = new byte[2];
        byte[] control = new byte[64];
        int flags = 0;
        Assert.Equal(Result.Ok(2), Kernel.ReceiveMessage(b, data, control, ref flags, out SocketAddress sender, out int length));
        Assert.Equal(TruncatedFlag, flags);
        Assert.Equal(addressOfA.Octets.ToArray(), sender.Octets.ToArray());
        Assert.Equal(32, length); // cmsghdr 16 + in_pktinfo 12, aligned
        Assert.Equal(PacketInfo, BitConverter.ToInt32(control, 12));
        Assert.Equal(1, BitConverter.ToInt32(control, 16)); // by way of lo

        // The same structure sends: out by lo again, as our own header says.
        Assert.Equal(Result.Ok(4), Kernel.SendMessage(b, "pong"u8, control.AsSpan(0, length), 0, addressOfA));
        flags = TruncatedFlag;
        Fails(Errno.EAGAIN, Kernel.ReceiveMessage(b, data, control, ref flags, out sender, out length));
        Assert.Equal((0, 0, 0), (flags, sender.Length, length));
    }

    [Fact]
    public void A_filter_drops_all_and_is_replaced()
    {
        int a = Datagram(out _);
        int b = Datagram(out SocketAddress addressOfB);
        const ushort Return = 0x06; // BPF_RET | BPF_K
        Succeeds(Kernel.AttachFilter(b, [new BpfInstruction(Return, 0, 0, 0)]));
        Kernel.SendTo(a, "dropped"u8, 0, addressOfB);
        Fails(Errno.EAGAIN, Kernel.Receive(b, new byte[16]));
        Succeeds(Kernel.AttachFilter(b, [new BpfInstruction(Return, 0, 0, 0xFFFF)]));
        Kernel.SendTo(a, "kept"u8, 0, addressOfB);
        Assert.Equal(Result.Ok(4), Kernel.Receive(b, new byte[16]));
        Fails(Errno.EINVAL, Kernel.AttachFilter(b, [new BpfInstruction(0xFFFF, 0, 0, 0)]));
        Fails(Errno.EINVAL, Kernel.AttachFilter(b, new BpfInstruction[70_000]));
    }

    [Fact]
    public void Options_are_set_and_read()
    {
        const int ReceiveBuffer = 8; // SO_RCVBUF, doubled by the kernel
        int socket = Datagram(out _);
        Succeeds(Kernel.SetSocketOption(socket, SocketLevel, ReceiveBuffer, 8192));
        byte[] value = new byte[4];
        Assert.Equal(Result.Ok(4), Kernel.GetSocketOption(socket, SocketLevel, ReceiveBuffer, value));
        Assert.Equal(16384, BitConverter.ToInt32(value));
        Fails(Errno.ENOPROTOOPT, Kernel.SetSocketOption(socket, SocketLevel, 9999, 1));
        Fails((Errno)93, Kernel.Socket(AddressFamily.Inet, SocketType.Stream, 250));
    }

    [Fact]
    public void Netlink_answers_with_the_kernel_as_sender()
    {
        int socket = Own(Kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
        Succeeds(Kernel.Bind(socket, SocketAddress.Netlink(0, 0)));
        Succeeds(Kernel.LocalAddress(socket, out SocketAddress own));
        Assert.True(own.TryGetNetlink(out uint portId, out _));
        Assert.NotEqual(0u, portId);

        // RTM_GETLINK (18) for link 1, as a request (flag 1): nlmsghdr 16 + ifinfomsg 16.
        int[] request = [32, 18 | 1 << 16, 7, 0, 0, 1, 0, 0];
        Assert.Equal(
            Result.Ok(32), Kernel.SendTo(socket, MemoryMarshal.AsBytes(request.AsSpan()), 0, SocketAddress.Netlink(0, 0)));
        byte[] answer = new byte[8192];
        Result received = Kernel.ReceiveFrom(socket, answer, 0, out SocketAddress sender);
        Succeeds(received);
        Assert.True(sender.TryGetNetlink(out uint from, out _));
        Assert.Equal(0u, from);
        Assert.Equal(16, BitConverter.ToUInt16(answer, 4)); // RTM_NEWLINK
        Assert.Equal(7, BitConverter.ToInt32(answer, 8));
    }
}
