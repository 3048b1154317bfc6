using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Simulation;

/// <summary>What happens to a machine and to the processes on it.</summary>
public sealed class SimulatedMachineTests
{
    private readonly SimulatedMachine machine = new();

    [Fact]
    public void A_process_that_is_killed_leaves_its_files_and_no_descriptor()
    {
        SimulatedKernel killed = machine.StartProcess();
        SimulatedKernel other = machine.StartProcess();
        int fd = killed.Open("/run/a", FileFlags.Write | FileFlags.Create).Int;
        killed.Write(fd, [1, 2, 3]);
        killed.Kill();
        Assert.Equal(0, killed.DescriptorCount);
        Assert.False(killed.IsAlive);
        Assert.True(killed.Write(fd, [4]).Is(Errno.EIO));
        Assert.True(other.Status("/run/a", out FileStatus status).IsOk);
        Assert.Equal(3, status.Size);
    }

    [Fact]
    public void Who_is_connected_to_a_process_sees_that_it_was_killed()
    {
        SimulatedKernel server = machine.StartProcess();
        SimulatedKernel client = machine.StartProcess();
        Assert.True(SocketAddress.TryUnix("@door", out SocketAddress door));
        int listener = server.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(server.Bind(listener, door).IsOk);
        Assert.True(server.Listen(listener, 5).IsOk);
        int socket = client.Socket(AddressFamily.Unix, SocketType.Stream, 0).Int;
        Assert.True(client.Connect(socket, door).IsOk);
        Assert.True(server.Accept(listener, out _).IsOk);
        PollEntry[] entries = [new PollEntry(socket, 1)];
        Assert.Equal(0, client.Poll(entries, TimeSpan.Zero).Int);
        server.Kill();
        Assert.Equal(1, client.Poll(entries, TimeSpan.Zero).Int);
        Assert.Equal(0, client.Receive(socket, new byte[1]).Value);
    }

    [Fact]
    public void A_datagram_finds_its_way_by_a_path_and_tells_who_sent_it()
    {
        SimulatedKernel log = machine.StartProcess();
        SimulatedKernel client = machine.StartProcess();
        Assert.True(SocketAddress.TryUnix("/run/log", out SocketAddress path));
        Assert.True(SocketAddress.TryUnix("@client", out SocketAddress name));
        int receiver = log.Socket(AddressFamily.Unix, SocketType.Datagram, 0).Int;
        int sender = client.Socket(AddressFamily.Unix, SocketType.Datagram, 0).Int;
        Assert.True(client.SendTo(sender, [1], 0, path).Is(Errno.ENOENT));
        Assert.True(log.Bind(receiver, path).IsOk);
        Assert.True(client.Bind(sender, name).IsOk);
        Assert.True(client.SendMessage(sender, [1], new byte[24], 0, path).Is(Errno.EOPNOTSUPP));
        Assert.Equal(3, client.SendTo(sender, [1, 2, 3], 0, path).Int);
        Assert.Equal(3, log.ReceiveFrom(receiver, new byte[9], 0, out SocketAddress from).Int);
        Assert.Equal(name.Octets, from.Octets);
        Assert.True(client.LocalAddress(sender, out SocketAddress own).IsOk);
        Assert.Equal(name.Octets, own.Octets);
        log.Kill();
        Assert.True(client.SendTo(sender, [1], 0, path).Is(Errno.ECONNREFUSED));
        Assert.True(client.Unlink("/run/log").IsOk);
    }

    [Fact]
    public void The_loop_of_a_killed_process_ends_with_its_next_wait()
    {
        SimulatedKernel kernel = machine.StartProcess();
        EventLoop loop = new(kernel);
        int calls = 0;
        loop.AddTimer((timer, _) =>
        {
            calls++;
            kernel.Kill();
            Assert.True(kernel.EventFd(0).Is(Errno.EIO));
            timer.ArmAfter(TimeSpan.FromSeconds(1));
        }).ArmAfter(TimeSpan.FromSeconds(1));
        Assert.Throws<ProcessEndedException>(loop.Run);
        loop.Dispose();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Another_process_goes_on_where_a_killed_one_was()
    {
        machine.StartProcess().Kill();
        SimulatedKernel next = machine.StartProcess();
        Assert.Equal(101, next.ProcessId);
        using EventLoop loop = new(next);
        bool hasFired = false;
        loop.AddTimer((_, _) => hasFired = true).ArmAfter(TimeSpan.FromSeconds(1));
        while (!hasFired)
        {
            loop.Iterate(mayBlock: true);
        }
    }

    [Fact]
    public void In_suspend_the_monotonic_clock_stands_still_and_the_others_go_on()
    {
        SimulatedKernel kernel = machine.StartProcess();
        Instant monotonic = kernel.Now(ClockId.Monotonic);
        Instant boot = kernel.Now(ClockId.Boottime);
        Instant wall = kernel.Now(ClockId.Realtime);
        machine.Suspend(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, kernel.Now(ClockId.Monotonic) - monotonic);
        Assert.Equal(TimeSpan.FromHours(1), kernel.Now(ClockId.Boottime) - boot);
        Assert.Equal(TimeSpan.FromHours(1), kernel.Now(ClockId.Realtime) - wall);
    }

    [Theory]
    [InlineData(ClockId.Monotonic, 10)]
    [InlineData(ClockId.Boottime, 0)]
    [InlineData(ClockId.Realtime, 0)]
    public void A_timer_goes_by_its_own_clock_through_a_suspend(ClockId clock, int secondsAfterResume)
    {
        SimulatedKernel kernel = machine.StartProcess();
        int timer = kernel.TimerFdCreate(clock).Int;
        kernel.TimerFdSet(timer, kernel.Now(clock) + TimeSpan.FromSeconds(10));
        machine.Suspend(TimeSpan.FromMinutes(1));
        Instant resumed = kernel.Now(ClockId.Monotonic);
        PollEntry[] entries = [new PollEntry(timer, 1)];
        Assert.Equal(1, kernel.Poll(entries, null).Int);
        Assert.Equal(TimeSpan.FromSeconds(secondsAfterResume), kernel.Now(ClockId.Monotonic) - resumed);
    }

    [Fact]
    public void The_world_goes_on_while_the_machine_is_suspended()
    {
        List<Instant> seen = [];
        Instant start = machine.World.Now;
        machine.World.Set(start + TimeSpan.FromSeconds(30), () => seen.Add(machine.World.Now));
        machine.Monotonic.Set(start + TimeSpan.FromSeconds(40), () => seen.Add(machine.World.Now));
        machine.Suspend(TimeSpan.FromMinutes(1));
        Assert.Equal([start + TimeSpan.FromSeconds(30)], seen);
        machine.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([start + TimeSpan.FromSeconds(30), start + TimeSpan.FromSeconds(100)], seen);
    }

    [Fact]
    public void A_power_cut_ends_a_suspend_and_the_machine_boots_awake()
    {
        SimulatedKernel kernel = machine.StartProcess();
        Instant start = machine.World.Now;
        machine.World.Set(start + TimeSpan.FromHours(1), machine.PowerCut);
        machine.World.Set(start + TimeSpan.FromHours(2), () => machine.Boot());
        machine.Suspend(TimeSpan.FromHours(5));
        Assert.Equal((start + TimeSpan.FromHours(1), false, false), (machine.World.Now, machine.IsOn, machine.IsSuspended));
        Assert.False(kernel.IsAlive);

        machine.Advance(TimeSpan.FromHours(1));
        Instant booted = machine.Monotonic.Now;
        machine.Advance(TimeSpan.FromHours(1));
        Assert.Equal((true, TimeSpan.FromHours(1)), (machine.IsOn, machine.Monotonic.Now - booted));
        Assert.Equal(start + TimeSpan.FromHours(3), machine.World.Now);
        Assert.Equal(TimeSpan.Zero, machine.StartProcess().Now(ClockId.Boottime) - machine.Monotonic.Now);
    }

    [Fact]
    public void A_step_of_the_wall_clock_moves_its_timers()
    {
        SimulatedKernel kernel = machine.StartProcess();
        int timer = kernel.TimerFdCreate(ClockId.Realtime).Int;
        kernel.TimerFdSet(timer, kernel.Now(ClockId.Realtime) + TimeSpan.FromHours(1));
        PollEntry[] entries = [new PollEntry(timer, 1)];
        machine.StepWallClock(TimeSpan.FromMinutes(59));
        Assert.Equal(0, kernel.Poll(entries, TimeSpan.Zero).Int);
        Instant from = kernel.Now(ClockId.Monotonic);
        Assert.Equal(1, kernel.Poll(entries, null).Int);
        Assert.Equal(TimeSpan.FromMinutes(1), kernel.Now(ClockId.Monotonic) - from);
    }

    [Fact]
    public void A_timer_that_wants_to_know_of_steps_is_cancelled_by_one_and_still_goes_off()
    {
        SimulatedKernel kernel = machine.StartProcess();
        int timer = kernel.TimerFdCreate(ClockId.Realtime).Int;
        Instant at = kernel.Now(ClockId.Realtime) + TimeSpan.FromHours(1);
        Assert.True(kernel.TimerFdSet(timer, at, cancelOnSet: true).IsOk);
        machine.StepWallClock(TimeSpan.FromSeconds(-1));
        byte[] expiries = new byte[8];
        Assert.True(kernel.Read(timer, expiries).Is(Errno.ECANCELED));
        Assert.True(kernel.Read(timer, expiries).Is(Errno.EAGAIN));
        PollEntry[] entries = [new PollEntry(timer, 1)];
        Assert.Equal(1, kernel.Poll(entries, null).Int);
        Assert.Equal(at, kernel.Now(ClockId.Realtime));
        Assert.Equal(8, kernel.Read(timer, expiries).Int);
    }

    [Fact]
    public void The_loop_is_told_of_steps_and_of_a_suspend()
    {
        SimulatedKernel kernel = machine.StartProcess();
        using EventLoop loop = new(kernel);
        List<Instant> told = [];
        loop.AddClockStep((_, now) => told.Add(now));
        loop.Iterate(mayBlock: false);
        machine.StepWallClock(TimeSpan.FromHours(-3));
        loop.Iterate(mayBlock: true);
        machine.Suspend(TimeSpan.FromHours(5));
        loop.Iterate(mayBlock: true);
        Assert.Equal(2, told.Count);
        Assert.Equal(TimeSpan.FromHours(5), told[1] - told[0]);
    }

    [Fact]
    public void A_machine_without_a_battery_boots_in_1970()
    {
        machine.PowerCut();
        Assert.Throws<InvalidOperationException>(() => machine.StartProcess());
        machine.Advance(TimeSpan.FromDays(1));
        machine.Boot(keepsTime: false);
        Assert.True(machine.WallClock < Instant.FromSeconds(3600));
    }

    [Fact]
    public void A_machine_with_a_battery_keeps_the_time_while_it_is_off()
    {
        Instant before = machine.WallClock;
        machine.PowerCut();
        machine.Advance(TimeSpan.FromDays(1));
        machine.Boot();
        Assert.Equal(TimeSpan.FromDays(1), machine.WallClock - before);
    }

    [Fact]
    public void A_power_cut_in_the_middle_of_a_wait_ends_the_process()
    {
        SimulatedKernel kernel = machine.StartProcess();
        machine.World.Set(machine.World.Now + TimeSpan.FromSeconds(7), machine.PowerCut);
        int epoll = kernel.EpollCreate().Int;
        Assert.Throws<ProcessEndedException>(() => kernel.EpollWait(epoll, new EpollEvent[1], null));
        machine.Boot();
        Assert.True(machine.StartProcess().EpollCreate().IsOk);
    }
}
