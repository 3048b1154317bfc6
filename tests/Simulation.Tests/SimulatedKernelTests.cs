using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Simulation;

/// <summary>The event loop on the simulated kernel: nothing of it knows.</summary>
public sealed class SimulatedKernelTests
{
    private readonly SimulatedKernel kernel = new();

    [Fact]
    public void A_day_of_timers_takes_no_time_and_each_goes_off_at_its_instant()
    {
        using EventLoop loop = new(kernel);
        Instant start = kernel.Now(ClockId.Monotonic);
        List<TimeSpan> fired = [];
        foreach (int hours in (int[])[24, 1, 12])
        {
            loop.AddTimer((_, _) =>
            {
                fired.Add(kernel.Now(ClockId.Monotonic) - start);
                if (hours == 24)
                {
                    loop.Quit();
                }
            }).ArmAfter(TimeSpan.FromHours(hours));
        }

        loop.Run();
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(12), TimeSpan.FromHours(24)], fired);
    }

    [Fact]
    public void Posts_of_other_threads_come_while_the_loop_waits()
    {
        using EventLoop loop = new(kernel);
        List<int> seen = [];
        kernel.StartThread("worker", () => loop.Post(() => seen.Add(1)));
        int steps = 0;
        kernel.StartThread("stepper", thread =>
        {
            loop.Post(() => seen.Add(2));
            return ++steps < 3 ? ThreadStep.Again : ThreadStep.End;
        });
        while (seen.Count < 4)
        {
            loop.Iterate(mayBlock: true);
        }

        seen.Sort();
        Assert.Equal([1, 2, 2, 2], seen);
    }

    [Fact]
    public void A_descriptor_that_gets_ready_ends_the_wait()
    {
        using EventLoop loop = new(kernel);
        int[] pipe = new int[2];
        kernel.Pipe(pipe);
        byte[] read = new byte[8];
        int count = 0;
        loop.AddFd(pipe[0], FdEvents.Readable, (source, _) => count = kernel.Read(source.Fd, read).Int);
        loop.AddTimer((_, _) => kernel.Write(pipe[1], [1, 2, 3])).ArmAfter(TimeSpan.FromSeconds(5));
        while (count == 0)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Equal(3, count);
        Assert.Equal([1, 2, 3], read[..3]);
    }

    [Fact]
    public void A_child_is_told_when_it_has_ended()
    {
        using EventLoop loop = new(kernel);
        int child = kernel.Spawn(new SpawnRequest("/bin/true", [])).Int;
        ExitStatus? status = null;
        loop.AddChild(child, (_, found) => status = found);
        loop.AddTimer((_, _) => kernel.EndChild(child, isSignalled: false, 3)).ArmAfter(TimeSpan.FromMinutes(1));
        while (status is null)
        {
            loop.Iterate(mayBlock: true);
        }

        Assert.Equal(new ExitStatus(child, false, 3), status);
    }

    [Fact]
    public void Who_sleeps_with_nothing_to_wake_him_is_told()
    {
        int epoll = kernel.EpollCreate().Int;
        EpollEvent[] events = new EpollEvent[1];
        Assert.Throws<InvalidOperationException>(() => kernel.EpollWait(epoll, events, null));
        Assert.Equal(0, kernel.EpollWait(epoll, events, TimeSpan.FromDays(3)).Int);
        Assert.Equal(Instant.FromSeconds(3600 + (3 * 86400)), kernel.Now(ClockId.Boottime));
    }

    [Fact]
    public void Poll_and_select_wait_too()
    {
        int timer = kernel.TimerFdCreate(ClockId.Monotonic).Int;
        kernel.TimerFdSet(timer, kernel.Now(ClockId.Monotonic) + TimeSpan.FromSeconds(2));
        PollEntry[] entries = [new PollEntry(timer, 1)];
        Assert.Equal(0, kernel.Poll(entries, TimeSpan.FromSeconds(1)).Int);
        Assert.Equal(1, kernel.Poll(entries, null).Int);
        Assert.Equal(1, entries[0].Found);
        ulong[] readable = [1ul << timer];
        Assert.Equal(1, kernel.Select(timer + 1, readable, new ulong[1], new ulong[1], null).Int);
        Assert.Equal(1ul << timer, readable[0]);
    }

    [Fact]
    public void Sockets_of_the_loopback_find_each_other_by_their_ports()
    {
        int listener = kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0).Int;
        SocketAddress any = SocketAddress.Inet(IpAddress.FromV4(127, 0, 0, 1), 0);
        Assert.True(kernel.Bind(listener, any).IsOk);
        Assert.True(kernel.Listen(listener, 5).IsOk);
        kernel.LocalAddress(listener, out SocketAddress address);
        int client = kernel.Socket(AddressFamily.Inet, SocketType.Stream, 0).Int;
        Assert.True(kernel.Connect(client, address).Is(Errno.EINPROGRESS));
        int server = kernel.Accept(listener, out _).Int;
        Assert.Equal(3, kernel.Send(client, [7, 8, 9]).Int);
        byte[] received = new byte[5];
        Assert.Equal(3, kernel.Receive(server, received).Int);
        Assert.Equal([7, 8, 9, 0, 0], received);
        kernel.Close(client);
        Assert.Equal(0, kernel.Receive(server, received).Value);
    }

    [Fact]
    public void Files_are_there_under_their_names()
    {
        Assert.True(kernel.MakeDirectory("/var").Is(Errno.EEXIST));
        Assert.True(kernel.MakeDirectory("/var/lib/spindle").IsOk);
        Assert.True(kernel.Open("/var/lib/spindle/a/b", FileFlags.Write | FileFlags.Create).Is(Errno.ENOENT));
        int fd = kernel.Open("/var/lib/spindle/new", FileFlags.Write | FileFlags.Create | FileFlags.Exclusive).Int;
        kernel.Write(fd, "settings"u8);
        Assert.True(kernel.Sync(fd).IsOk);
        kernel.Close(fd);
        Assert.True(kernel.Rename("/var/lib/spindle/new", "/var/lib/spindle/settings").IsOk);
        List<string> names = [];
        kernel.ListDirectory("/var/lib/spindle", names);
        Assert.Equal(["settings"], names);
        Assert.True(kernel.Status("/var/lib/spindle/settings", out FileStatus status).IsOk);
        Assert.Equal(8, status.Size);
        Assert.True(kernel.RemoveDirectory("/var/lib/spindle").Is(Errno.ENOTEMPTY));
        byte[] content = new byte[20];
        Assert.Equal(8, kernel.Read(kernel.Open("/var/lib/spindle/settings", FileFlags.Read).Int, content).Int);
    }

    [Fact]
    public void A_wait_with_one_ready_event_allocates_nothing()
    {
        int epoll = kernel.EpollCreate().Int;
        int counter = kernel.EventFd(0).Int;
        kernel.EpollControl(epoll, EpollOperation.Add, counter, 1 | (1u << 31), 7);
        EpollEvent[] events = new EpollEvent[8];
        byte[] one = [1, 0, 0, 0, 0, 0, 0, 0];
        long before = 0;
        int found = 0;
        for (int count = 0; count < 2000; count++)
        {
            before = count == 1000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            kernel.Write(counter, one);
            found += kernel.EpollWait(epoll, events, TimeSpan.Zero).Int;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(2000, found);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Equal_seeds_give_equal_random_octets()
    {
        byte[] first = new byte[16];
        byte[] second = new byte[16];
        new SimulatedKernel(5).Random(first);
        new SimulatedKernel(5).Random(second);
        Assert.Equal(first, second);
    }
}
