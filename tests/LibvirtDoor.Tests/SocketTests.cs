using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.LibvirtDoor.Tests;

/// <summary>Listeners: their names, their permissions, and their end.</summary>
public sealed class SocketTests : DoorTest
{
    [Fact]
    public void A_socket_has_the_permissions_that_were_asked_for_whatever_the_umask()
    {
        RpcServer server = Serve();
        foreach (uint mode in new uint[] { 0x1C0, 0x1FF, 0x1B0 })
        {
            string path = PathOf($"mode{mode}");
            Assert.True(server.Listen(new UnixListenerOptions(path) { Mode = mode }, out _).IsOk);
            Assert.True(Kernel.Status(path, out FileStatus status).IsOk);
            Assert.Equal(0xC000 | mode, status.Mode);
        }
    }

    [Fact]
    public void A_socket_has_the_group_that_was_asked_for()
    {
        RpcServer server = Serve();
        bool isRoot = File.ReadLines("/proc/self/status").Any(static line => line.StartsWith("Uid:\t0\t", StringComparison.Ordinal));
        Result result = server.Listen(new UnixListenerOptions(PathOf("group")) { UserId = 1, GroupId = 2 }, out _);
        Assert.Equal(isRoot ? Errno.None : Errno.EPERM, result.Error);
        Assert.Equal(isRoot, Kernel.Status(PathOf("group"), out _).IsOk);
    }

    [Fact]
    public void A_name_that_nobody_listens_at_any_more_is_taken_over()
    {
        string path = PathOf("stale");
        Assert.True(SocketAddress.TryUnix(path, out SocketAddress address));
        int fd = Kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(Kernel.Bind(fd, address).IsOk);
        Kernel.Close(fd);
        Assert.True(Kernel.Status(path, out _).IsOk);
        Listen(Serve(), "stale");
        Assert.True(Connect("stale").Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void A_name_that_somebody_listens_at_is_left_to_him()
    {
        RpcServer server = Serve();
        Listen(server);
        Result result = server.Listen(new UnixListenerOptions(PathOf("sock")), out RpcService? service);
        Assert.Equal(Errno.EADDRINUSE, result.Error);
        Assert.Null(service);
        Assert.True(Connect().Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void What_is_no_socket_is_left_alone()
    {
        string path = PathOf("file");
        File.WriteAllText(path, "mine");
        Assert.Equal(Errno.EEXIST, Serve().Listen(new UnixListenerOptions(path), out _).Error);
        Assert.Equal("mine", File.ReadAllText(path));
        File.Delete(path);
    }

    [Fact]
    public void A_name_that_is_too_long_is_refused()
    {
        Assert.Equal(Errno.ENAMETOOLONG, Serve().Listen(new UnixListenerOptions(new string('x', 108)), out _).Error);
    }

    [Fact]
    public void A_client_is_known_by_what_the_kernel_says_of_it()
    {
        RpcServer server = Serve();
        Listen(server);
        Join(server);
        RpcClient client = server.Clients.Single();
        Assert.Equal(Environment.ProcessId, client.Identity!.ProcessId);
        Assert.Null(client.Address);
        Assert.InRange(client.ConnectedAtSeconds, 1_700_000_000, 10_000_000_000);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1:")]
    [InlineData("::1", "::1", "[::1]:")]
    [InlineData("::", "127.0.0.1", "127.0.0.1:")]
    public void Tcp_is_listened_at_when_it_is_asked_for(string listened, string connected, string known)
    {
        RpcServer server = Serve();
        Assert.True(server.Listen(new TcpListenerOptions(IpAddress.Parse(listened), 0), out RpcService? service).IsOk);
        IpAddress destination = IpAddress.Parse(connected);
        int fd = Kernel.Socket(destination.IsV4 ? AddressFamily.Inet : AddressFamily.Inet6, SocketType.Stream, 0).Int;
        Kernel.Connect(fd, SocketAddress.Inet(destination, service!.Port));
        Assert.True(Kernel.LocalAddress(fd, out SocketAddress local).IsOk);
        Assert.True(local.TryGetInet(out _, out ushort port, out _));
        TestPeer peer = new(this, Kernel, fd);
        Until(() => server.ClientCount == 1);
        Assert.Equal("over tcp", peer.Call(TestProgram.Echo, static writer => writer.WriteString("over tcp")).Text);
        RpcClient client = server.Clients.Single();
        Assert.Equal($"{known}{port}", client.Address); // libvirt's form
        Assert.Null(client.Identity);
        Assert.Equal(RpcTransport.Tcp, client.Service.Transport);
        peer.Close();
    }

    [Fact]
    public void The_end_takes_names_clients_and_threads_along()
    {
        RpcServer server = Serve();
        Listen(server, "first");
        Listen(server, "second");
        TestPeer busy = Connect("first");
        TestPeer idle = Connect("second");
        busy.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1 && server.ClientCount == 2);
        bool? inTime = null;
        RpcDoor door = new(Loop);
        RpcServer own = new(door, "own", new RpcLimits());
        own.Add(Program);
        Assert.True(own.Listen(new UnixListenerOptions(PathOf("own")), out _).IsOk);
        TestPeer peer = Connect("own");
        Assert.True(peer.Call(TestProgram.Work, static writer => writer.WriteString("x")).IsOk);
        peer.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 2);
        door.Stop(TimeSpan.FromSeconds(60), clean => inTime = clean);
        peer.AssertEnds();
        Assert.False(Kernel.Status(PathOf("own"), out _).IsOk);
        Assert.Equal(0, own.ClientCount);
        Assert.Null(inTime);
        Program.Gate.Set();
        Until(() => inTime is not null);
        Assert.True(inTime);
        Assert.Equal((0, 0), (own.WorkerFigures.Workers, own.WorkerFigures.PriorityWorkers));
        Assert.True(busy.Receive().IsOk);
        Assert.True(idle.Call(TestProgram.Void).IsOk);
    }

    [Fact]
    public void The_end_comes_in_time_even_if_a_call_does_not_end()
    {
        RpcServer server = Serve();
        RpcDoor door = new(Loop);
        RpcServer own = new(door, "own", new RpcLimits());
        own.Add(Program);
        Assert.True(own.Listen(new UnixListenerOptions(PathOf("own")), out _).IsOk);
        TestPeer peer = Connect("own");
        peer.SendCall(TestProgram.Block);
        Until(() => Program.Blocked == 1);
        bool? inTime = null;
        door.Stop(TimeSpan.FromMilliseconds(20), clean => inTime = clean);
        Until(() => inTime is not null);
        Assert.False(inTime);
        Program.Gate.Set();
        Assert.Equal(0, server.ClientCount);
    }
}
