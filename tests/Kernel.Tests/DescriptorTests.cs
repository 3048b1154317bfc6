using System;
using System.Globalization;
using System.IO;
using Spindle.Basics;

namespace Spindle.Kernels.Tests;

public sealed class DescriptorTests : KernelTest
{
    [Fact]
    public void A_pipe_carries_octets_and_never_waits()
    {
        (int reader, int writer) = Pipe();
        byte[] octets = new byte[8];
        Fails(Errno.EAGAIN, Kernel.Read(reader, octets));
        Assert.Equal(Result.Ok(3), Kernel.Write(writer, [1, 2, 3]));
        Assert.Equal(Result.Ok(3), Kernel.Read(reader, octets));
        Assert.Equal([1, 2, 3], octets[..3]);
        Close(writer);
        Assert.Equal(Result.Ok(0), Kernel.Read(reader, octets));
    }

    [Fact]
    public void Writing_where_nobody_reads_fails_and_kills_nobody()
    {
        (int reader, int writer) = Pipe();
        Close(reader);
        Fails(Errno.EPIPE, Kernel.Write(writer, [1]));
    }

    [Fact]
    public void A_closed_descriptor_is_a_value_not_an_exception()
    {
        Fails(Errno.EBADF, Kernel.Close(-1));
        Fails(Errno.EBADF, Kernel.Read(-1, new byte[1]));
        Fails(Errno.EBADF, Kernel.Duplicate(-1));
    }

    [Fact]
    public void The_process_may_have_as_many_descriptors_as_it_may_give_itself()
    {
        Result raised = Kernel.RaiseDescriptorLimit();
        string[] limits = Array.Find(File.ReadAllLines("/proc/self/limits"), static line => line.StartsWith("Max open files", StringComparison.Ordinal))!
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([limits[4], limits[4]], [limits[3], raised.Int.ToString(CultureInfo.InvariantCulture)]);
    }

    [Fact]
    public void A_duplicate_is_the_same_file()
    {
        int fd = Own(Kernel.EventFd(5));
        int other = Own(Kernel.Duplicate(fd));
        Assert.NotEqual(fd, other);
        byte[] count = new byte[8];
        Assert.Equal(Result.Ok(8), Kernel.Read(other, count));
        Assert.Equal([5, 0, 0, 0, 0, 0, 0, 0], count);
        Fails(Errno.EAGAIN, Kernel.Read(fd, count));
    }

    [Fact]
    public void All_descriptors_are_close_on_exec()
    {
        (int reader, int writer) = Pipe();
        int[] descriptors =
        [
            reader, writer, Own(Kernel.EventFd(0)), Own(Kernel.EpollCreate()), Own(Kernel.InotifyCreate()),
            Own(Kernel.TimerFdCreate(ClockId.Boottime)), Own(Kernel.Open("/dev/null", FileFlags.Read)),
            Own(Kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0)), Own(Kernel.Duplicate(reader)),
            Own(Kernel.SignalFd([10])), Own(Kernel.PidFdOpen(Kernel.ProcessId)),
        ];
        foreach (int fd in descriptors)
        {
            string flags = System.IO.File.ReadAllText($"/proc/self/fdinfo/{fd}").Split("flags:\t")[1].Split('\n')[0];
            Assert.NotEqual(0, Convert.ToInt32(flags, 8) & 0x80000);
        }
    }

    [Theory]
    [InlineData(ClockId.Monotonic)]
    [InlineData(ClockId.Boottime)]
    [InlineData(ClockId.Realtime)]
    public void A_timerfd_expires_at_an_instant_and_not_before(ClockId clock)
    {
        int timer = Own(Kernel.TimerFdCreate(clock));
        Instant due = Kernel.Now(clock) + TimeSpan.FromMilliseconds(2);
        Succeeds(Kernel.TimerFdSet(timer, due));
        Await(timer);
        Assert.True(Kernel.Now(clock) >= due);
        byte[] count = new byte[8];
        Assert.Equal(Result.Ok(8), Kernel.Read(timer, count));

        Succeeds(Kernel.TimerFdSet(timer, Instant.Zero)); // long past, not "disarm"
        Await(timer);
        Succeeds(Kernel.TimerFdSet(timer, Instant.Never));
        Fails(Errno.EAGAIN, Kernel.Read(timer, count));
        Succeeds(Kernel.TimerFdSet(timer, Instant.Never, cancelOnSet: true));
    }

    [Fact]
    public void Clocks_go_forward_and_the_wall_clock_is_the_system_s()
    {
        foreach (ClockId clock in new[] { ClockId.Monotonic, ClockId.Boottime, ClockId.ProcessCpuTime })
        {
            Instant before = Kernel.Now(clock);
            Assert.True(Kernel.Now(clock) >= before);
        }

        DateTime low = DateTime.UtcNow;
        DateTime now = new WallClock(Kernel).UtcNow;
        Assert.InRange(now, low.AddSeconds(-60), DateTime.UtcNow.AddSeconds(60));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.Now((ClockId)77));
    }

    [Fact]
    public void Random_octets_fill_everything_and_differ()
    {
        byte[] first = new byte[1000];
        byte[] second = new byte[1000];
        Kernel.Random(first);
        Kernel.Random(second);
        Kernel.Random([]);
        Assert.NotEqual(first, second);
        Assert.NotEqual(new byte[100], first[900..]);
    }

    [Fact]
    public void Epoll_tells_data_and_events_of_each_registration()
    {
        int epoll = Own(Kernel.EpollCreate());
        int[] descriptors = new int[5];
        for (int index = 0; index < descriptors.Length; index++)
        {
            descriptors[index] = Own(Kernel.EventFd((uint)index));
            Succeeds(Kernel.EpollControl(
                epoll, EpollOperation.Add, descriptors[index], 1 | 4, 0xFEDC_BA98_0000_0000 + (ulong)index));
        }

        EpollEvent[] events = new EpollEvent[8];
        Assert.Equal(Result.Ok(5), Kernel.EpollWait(epoll, events, null));
        for (int index = 0; index < descriptors.Length; index++)
        {
            uint expected = index == 0 ? 4u : 5u;
            Assert.Equal(new EpollEvent(expected, 0xFEDC_BA98_0000_0000 + (ulong)index), events[index]);
        }

        Succeeds(Kernel.EpollControl(epoll, EpollOperation.Modify, descriptors[4], 1, 7));
        for (int index = 0; index < 4; index++)
        {
            Succeeds(Kernel.EpollControl(epoll, EpollOperation.Delete, descriptors[index], 0, 0));
        }

        Assert.Equal(Result.Ok(1), Kernel.EpollWait(epoll, events, TimeSpan.FromSeconds(1)));
        Assert.Equal(new EpollEvent(1, 7), events[0]);
    }

    [Fact]
    public void Epoll_refuses_what_cannot_be_watched_and_what_is_not_there()
    {
        int epoll = Own(Kernel.EpollCreate());
        int fd = Own(Kernel.EventFd(0));
        int devNull = Own(Kernel.Open("/dev/null", FileFlags.Read));
        Fails(Errno.EPERM, Kernel.EpollControl(epoll, EpollOperation.Add, devNull, 1, 0));
        Fails(Errno.ENOENT, Kernel.EpollControl(epoll, EpollOperation.Modify, fd, 1, 0));
        Fails(Errno.EBADF, Kernel.EpollControl(epoll, EpollOperation.Add, -1, 1, 0));
        Fails(Errno.EINVAL, Kernel.EpollControl(epoll, EpollOperation.Add, epoll, 1, 0));
        Succeeds(Kernel.EpollControl(epoll, EpollOperation.Add, fd, 1, 0));
        Fails(Errno.EEXIST, Kernel.EpollControl(epoll, EpollOperation.Add, fd, 1, 0));
        Fails(Errno.EINVAL, Kernel.EpollWait(epoll, [], TimeSpan.Zero));
    }

    [Fact]
    public void A_wait_ends_after_its_timeout_and_not_before()
    {
        int epoll = Own(Kernel.EpollCreate());
        EpollEvent[] events = new EpollEvent[1];
        Assert.Equal(Result.Ok(0), Kernel.EpollWait(epoll, events, TimeSpan.Zero));
        Instant due = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(3);
        Assert.Equal(Result.Ok(0), Kernel.EpollWait(epoll, events, TimeSpan.FromMilliseconds(3)));
        Assert.True(Kernel.Now(ClockId.Monotonic) >= due);
    }
}
