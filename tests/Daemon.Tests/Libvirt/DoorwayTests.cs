using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Daemon.Libvirt;
using Spindle.Daemon.Logging;
using Spindle.Daemon.Storage;
using Spindle.Daemon.Tests.Logging;
using Spindle.Kernels;
using Spindle.LibvirtDoor;
using Spindle.Simulation;

namespace Spindle.Daemon.Tests.Libvirt;

/// <summary>The door as a part of the daemon: off, on, read again, ended.</summary>
public sealed class DoorwayTests
{
    [Theory]
    [InlineData("")]
    [InlineData("[General]\nOnlineCheckMode=none\n")]
    [InlineData("[Libvirt]\nmax_clients=7\n")]
    [InlineData("[Libvirt]\nenabled=false\n")]
    public void Unless_it_is_enabled_there_is_nothing_of_it(string configuration)
    {
        DoorWorld world = new DoorWorld().WithoutCable("eth0").Start(configuration).Settled();
        Assert.Null(world.Daemon.Libvirt);
        SimulatedCounts(world, out long sockets, out long threads);
        SortedSet<string> names = [];
        Assert.False(world.Machine.StartProcess().ListDirectory("/run/libvirt", names).IsOk);

        DoorWorld on = new DoorWorld().WithoutCable("eth0").Start().Settled();
        SimulatedCounts(on, out long socketsOn, out long threadsOn);
        Assert.Equal(sockets + 3, socketsOn);
        Assert.Equal(threads, threadsOn); // those come with the first call that needs one
    }

    [Fact]
    public void There_are_two_servers_and_three_sockets_with_the_numbers_of_main_conf()
    {
        DoorWorld world = new DoorWorld().Start("[Libvirt]\nenabled=true\nmin_workers=1\nmax_workers=3\nprio_workers=2\nmax_clients=9\n"
            + "max_anonymous_clients=4\nmax_client_requests=2\nkeepalive_interval=-1\nunix_sock_dir=/run/elsewhere\nadmin_max_clients=3\n");
        RpcServer server = world.Door.Door.Servers[0];
        RpcServer admin = world.Door.Door.Servers[1];
        Assert.Equal(["virtinterfaced", "admin"], [server.Name, admin.Name]);
        Assert.Equal(2, server.Services.Count);
        Assert.Single(admin.Services);
        Assert.Equal((1, 3, 2), (server.WorkerLimits.Minimum, server.WorkerLimits.Maximum, server.WorkerLimits.Priority));
        Assert.Equal((9, 4, 2), (server.Limits.Clients, server.Limits.AnonymousClients, server.Limits.Requests));
        Assert.Equal(TimeSpan.FromSeconds(-1), server.Limits.KeepAliveInterval);
        Assert.Equal(3, admin.Limits.Clients);
        Assert.False(world.Client("/run/elsewhere/virtinterfaced-sock-ro").Open().Call(126).IsError);
    }

    [Fact]
    public void Clients_leave_descriptors_to_the_rest_of_the_daemon_and_some_of_them_to_administrators()
    {
        DoorWorld world = new DoorWorld().Start();
        int all = world.Kernel.DescriptorMax;
        int kept = Math.Min(512, all / 2);
        int[] limits = [.. world.Door.Door.Servers.Select(static server => server.Limits.Descriptors)];
        Assert.Equal([all - kept, kept / 4], limits);
        world.Write("/etc/connman/main.conf", "[Libvirt]\nenabled=true\nmax_clients=6\nmax_anonymous_clients=2\n");
        world.Daemon.Reload();
        Assert.Equal(all - kept, world.Door.Door.Servers[0].Limits.Descriptors);
    }

    [Fact]
    public void Reading_main_conf_again_changes_the_numbers_that_changed_there_and_no_others()
    {
        DoorWorld world = new DoorWorld().Start();
        RpcServer server = world.Door.Door.Servers[0];
        RpcServer admin = world.Door.Door.Servers[1];
        RpcTestClient client = world.Client().Open();
        admin.Limits = admin.Limits with { Clients = 77 }; // as virt-admin does
        world.Write("/etc/connman/main.conf", "[Libvirt]\nenabled=true\nmax_workers=30\nmax_clients=6\nmax_anonymous_clients=2\nunix_sock_dir=/run/x\n");
        world.Daemon.Reload();
        Assert.Equal(30, server.WorkerLimits.Maximum);
        Assert.Equal(6, server.Limits.Clients);
        Assert.Equal(77, admin.Limits.Clients);
        Assert.False(client.Call(126).IsError);
        Assert.False(world.Client().Open().Call(126).IsError); // still at the old place
        Assert.Contains(world.Sink.Lines, line => line.Contains("unix_sock_dir: '/run/libvirt' -> '/run/x', takes effect at the next start", StringComparison.Ordinal));

        world.Write("/etc/connman/main.conf", "[General]\n");
        world.Daemon.Reload();
        Assert.False(client.Call(126).IsError);
    }

    [Fact]
    public void At_the_end_the_sockets_are_gone_and_clients_are_disconnected()
    {
        DoorWorld world = new DoorWorld().Start();
        RpcTestClient client = world.Client().Open();
        client.Call(284, Octets.None.Number(1).Number(3)); // workers are there
        bool isDone = false;
        world.Daemon.Stop(() => isDone = true);
        Assert.True(world.Until(() => isDone, TimeSpan.FromSeconds(5)));
        Assert.True(client.HasEnded());
        Assert.True(SocketAddress.TryUnix(DoorWorld.Socket, out SocketAddress address));
        SimulatedConnect(world, address);
    }

    [Fact]
    public void A_socket_that_somebody_else_has_is_said_and_the_rest_goes_on()
    {
        DoorWorld world = new();
        Kernel other = world.Machine.StartProcess();
        int fd = other.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(SocketAddress.TryUnix(DoorWorld.Socket, out SocketAddress address));
        other.MakeDirectory("/run/libvirt", 0x1ED);
        Assert.True(other.Bind(fd, address).IsOk && other.Listen(fd, 1).IsOk);
        world.Start();
        Assert.Contains(world.Sink.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("cannot listen at /run/libvirt/virtinterfaced-sock: EADDRINUSE", StringComparison.Ordinal));
        Assert.False(world.Client(DoorWorld.Socket + "-ro").Open().Call(126).IsError);
    }

    [Fact]
    public void A_group_that_is_not_there_is_said()
    {
        DoorWorld world = new DoorWorld().Start("[Libvirt]\nenabled=true\nunix_sock_group=nosuch\n");
        Assert.Contains(world.Sink.Lines, line => line.Contains("there is no group 'nosuch'", StringComparison.Ordinal));
        Assert.False(world.Client().Open().Call(126).IsError);
    }

    [Fact]
    public void Without_polkitd_root_alone_comes_in_unless_main_conf_says_otherwise()
    {
        DoorWorld world = new DoorWorld().Start("[Libvirt]\nenabled=true\nauth_unix_ro=none\n");
        RpcTestClient somebody = new(world, DoorWorld.Socket, user: 1000);
        RpcAnswer list = somebody.Call(66);
        Assert.Equal((1u, 2u), (list.Number(), list.Number()));
        Assert.Equal((39u, 7u, "authentication required"), somebody.Call(126).Error());
        Assert.Equal((39u, 7u, "authentication required"), somebody.Call(1, Octets.None.Some("interface:///system").Number(0)).Error());
        Assert.Equal((45u, 7u, "authentication failed: authentication failed"), somebody.Call(70).Error());
        Assert.Equal((39u, 7u, "authentication required"), somebody.Call(126).Error());
        Assert.Equal(1, world.Door.Door.Servers[0].AnonymousClients);

        Assert.False(new RpcTestClient(world, DoorWorld.Socket + "-ro", user: 1000).Open().Call(126).IsError);
        Assert.False(world.Client().Open().Call(126).IsError);

        // Who stays unknown is sent away, so that strangers do not keep others out.
        Assert.True(world.Until(somebody.HasEnded, TimeSpan.FromSeconds(31)));
        string line = $"Information libvirt: user 1000, process {somebody.ProcessId} is not let in: ";
        Assert.Equal(
            [line + "its process is gone", line + "it was not authenticated within 30 seconds"],
            world.Sink.Lines.Where(static one => one.Contains("not let in", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_flood_of_those_who_are_not_let_in_is_a_few_lines_and_a_number()
    {
        DoorWorld world = new DoorWorld().Start();
        for (int count = 0; count < 15; count++)
        {
            Assert.True(new RpcTestClient(world, DoorWorld.Socket, user: 1000).Call(70).IsError);
        }

        List<string> Told() => [.. world.Sink.Lines.Where(static one => one.Contains("not let in", StringComparison.Ordinal))];
        Assert.Equal(LogAllowance.LinesMax, Told().Count);
        world.Run(TimeSpan.FromSeconds(2));
        Assert.Equal("Information libvirt: 11 more were not let in", Told()[^1]);
        Assert.Equal(LogAllowance.LinesMax + 1, Told().Count);
    }

    [Fact]
    public void The_admin_socket_knows_both_servers_and_the_log()
    {
        DoorWorld world = new DoorWorld().Start();
        RpcTestClient client = new(world, "/run/libvirt/virtinterfaced-admin-sock") { Program = 0x06900690 };
        Assert.Equal(0, client.Call(1, Octets.None.Number(0)).Remaining);
        Assert.Equal(9_000_000ul, client.Call(3).Long());
        RpcAnswer servers = client.Call(4, Octets.None.Number(1).Number(0));
        Assert.Equal(["virtinterfaced", "admin"], servers.Texts());
        Assert.Equal("2:stderr", client.Call(14, Octets.None.Number(0)).Text());
        Assert.Equal((39u, 7u, "Cannot find program 536903814 version 1"), new RpcTestClient(world, "/run/libvirt/virtinterfaced-admin-sock").Call(66).Error());
        Assert.Equal((39u, 7u, "Cannot find program 110102160 version 1"), new RpcTestClient(world, DoorWorld.Socket) { Program = 0x06900690 }.Call(1, Octets.None.Number(0)).Error());
    }

    [Fact]
    public void The_logs_level_and_areas_can_be_changed_and_its_place_cannot()
    {
        RecordingSink sink = new();
        Log log = new(sink);
        AdminLogging admin = new(log);
        Assert.Equal(("2:stderr", ""), (admin.Outputs, admin.Filters));
        Assert.True(admin.TrySetOutputs("4:stderr", out _));
        log.Warning("kept back");
        log.Error("told");
        Assert.True(admin.TrySetFilters("1:dhcp  4:dhcp4", out _));
        Assert.Equal("1:dhcp 4:dhcp4", admin.Filters);
        log.Debug("dhcp6", "told too");
        log.Debug("netlink", "not asked for");
        Assert.Equal(["Error told", "Debug dhcp6: told too"], sink.Lines);
        Assert.True(admin.TrySetFilters("4:dhcp6 1:dhcp", out _));
        Assert.False(log.IsDebugging("dhcp6"));
        Assert.True(log.IsDebugging("dhcp4"));
        Assert.True(admin.TrySetFilters("", out _));
        Assert.False(log.IsDebugging("dhcp4"));
        Assert.True(admin.TrySetOutputs("", out _));
        Assert.Equal("2:stderr", admin.Outputs);
        Assert.True(admin.TrySetOutputs("1:stderr", out _));
        Assert.True(log.IsDebugging("anything"));
        foreach (string wrong in (string[])["1:file:/x", "5:stderr", "stderr", "1:stderr 1:journald"])
        {
            Assert.False(admin.TrySetOutputs(wrong, out string? complaint));
            Assert.NotEmpty(complaint);
        }

        Assert.False(admin.TrySetFilters("7:x", out _));
        Assert.Equal("1:stderr", admin.Outputs);
    }

    [Fact]
    public void Tls_without_certificates_is_said_and_tcp_is_there_and_insecure()
    {
        DoorWorld world = new DoorWorld().Start("[Libvirt]\nenabled=true\nlisten_tcp=1\nauth_tcp=none\nlisten_addr=127.0.0.1\nlisten_tls=1\n");
        Assert.Contains(world.Sink.Lines, line => line.Contains("there is no TLS: /etc/pki/libvirt/servercert.pem: No such file or directory", StringComparison.Ordinal));
        Assert.Contains(world.Sink.Lines, line => line.Contains("listens at 127.0.0.1 port 16509", StringComparison.Ordinal));
        RpcService tcp = world.Door.Door.Servers[0].Services[2];
        Assert.Equal((RpcTransport.Tcp, (ushort)16509), (tcp.Transport, tcp.Port));
    }

    [Fact]
    public void What_a_client_has_done_is_kept_from_before_its_first_call()
    {
        DoorWorld world = new DoorWorld().Start();
        RpcServer server = world.Door.Door.Servers[0];
        RpcTestClient client = world.Client();
        Assert.True(world.Until(() => server.ClientCount == 1, TimeSpan.FromSeconds(1)));
        RemoteConnection state = Assert.IsType<RemoteConnection>(server.Clients.Single().State);
        client.Open();
        Assert.Same(state, server.Clients.Single().State);
        Assert.Equal("interface:///system", state.Uri);
    }

    [Fact]
    public void Where_revocations_are_listed_there_is_no_tls()
    {
        DoorWorld world = new DoorWorld().Start("[Libvirt]\nenabled=true\nlisten_tls=1\ncrl_file=\"/etc/pki/CA/cacrl.pem\"\n");
        Assert.Contains(world.Sink.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("there is no TLS: 'crl_file' is set", StringComparison.Ordinal));
        Assert.Equal(2, world.Door.Door.Servers[0].Services.Count);
        Assert.False(world.Client().Open().Call(126).IsError);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[ \"none\" ]", true)]
    [InlineData("[ \"polkit\" ]", false)]
    public void Where_access_is_to_be_decided_call_by_call_the_door_stays_shut(string drivers, bool isOpen)
    {
        DoorWorld world = new DoorWorld().Start($"[Libvirt]\nenabled=true\naccess_drivers = {drivers}\n");
        Assert.Equal(!isOpen, world.Sink.Lines.Any(line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("the door stays shut: 'access_drivers' has 'polkit'", StringComparison.Ordinal)));
        Assert.Equal(isOpen ? 2 : 0, world.Door.Door.Servers[0].Services.Count);
        Assert.Equal(isOpen ? 1 : 0, world.Door.Door.Servers[1].Services.Count);
    }

    [Fact]
    public void Everybody_can_pass_through_a_folder_that_was_made_for_sockets_whatever_the_umask_is()
    {
        DoorWorld world = new DoorWorld().Start();
        SimulatedKernel kernel = world.Machine.StartProcess();
        kernel.FileModeMask = 0x3F; // 077
        kernel.MakeDirectory("/run/mine", 0x1FF);
        Assert.True(AtomicFile.MakeDirectory(kernel, "/run/new/sockets", 0x1ED, isExact: true).IsOk);
        Assert.True(AtomicFile.MakeDirectory(kernel, "/run/mine", 0x1ED, isExact: true).IsOk);
        Assert.True(AtomicFile.MakeDirectory(kernel, "/run/mine/sockets", 0x1ED, isExact: true).IsOk);
        Assert.Equal(
            [0x1EDu, 0x1EDu, 0x1C0u, 0x1EDu],
            ((string[])["/run/new", "/run/new/sockets", "/run/mine", "/run/mine/sockets"]).Select(path =>
            {
                Assert.True(kernel.Status(path, out FileStatus status).IsOk);
                return status.Mode & 0x1FF;
            }));
    }

    private static void SimulatedCounts(DoorWorld world, out long sockets, out long threads)
    {
        sockets = world.Kernel.Faults.CountOf(Simulation.Faults.SystemCall.Listen);
        threads = world.Kernel.Faults.CountOf(Simulation.Faults.SystemCall.StartThread);
    }

    private static void SimulatedConnect(DoorWorld world, in SocketAddress address)
    {
        Kernel kernel = world.Machine.StartProcess();
        int fd = kernel.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Result connected = kernel.Connect(fd, address);
        Assert.True(connected.Is(Errno.ENOENT) || connected.Is(Errno.ECONNREFUSED), connected.Error.ToString());
    }
}
