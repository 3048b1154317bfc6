using System;
using Spindle.Basics;

namespace Spindle.Kernels.Tests;

/// <summary>Descriptors that are not open must stay so: nothing else may open any meanwhile.</summary>
[Collection("alone")]
public sealed class PollingTests : KernelTest
{
    private const ushort In = 1;
    private const ushort Out = 4;
    private const ushort HangUp = 16;

    [Fact]
    public void Poll_tells_each_descriptor_s_state_and_which_is_not_open()
    {
        (int reader, int writer) = Pipe();
        int closed = Own(Kernel.Duplicate(reader));
        Close(closed);
        PollEntry[] entries = [new(reader, In), new(writer, Out), new(closed, In), new(-1, In)];
        Assert.Equal(Result.Ok(2), Kernel.Poll(entries, TimeSpan.Zero));
        Assert.Equal([0, Out, PollEntry.NotOpen, 0], Array.ConvertAll(entries, entry => (int)entry.Found));

        Close(writer);
        Assert.Equal(Result.Ok(1), Kernel.Poll(entries.AsSpan(0, 1), null));
        Assert.Equal(HangUp, entries[0].Found);
    }

    [Fact]
    public void Poll_and_select_end_after_their_timeout_and_not_before()
    {
        int fd = Own(Kernel.EventFd(0));
        PollEntry[] entries = [new(fd, In)];
        ulong[] readable = new ulong[16];
        ulong[] none = new ulong[16];
        Instant due = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMicroseconds(1500);
        Assert.Equal(Result.Ok(0), Kernel.Poll(entries, TimeSpan.FromMicroseconds(1500)));
        Assert.True(Kernel.Now(ClockId.Monotonic) >= due);

        readable[fd / 64] = 1ul << (fd % 64);
        due = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMicroseconds(1500);
        Assert.Equal(Result.Ok(0), Kernel.Select(fd + 1, readable, none, none, TimeSpan.FromMicroseconds(1500)));
        Assert.True(Kernel.Now(ClockId.Monotonic) >= due);
        Assert.All(readable, word => Assert.Equal(0ul, word));
    }

    [Fact]
    public void Select_leaves_the_bits_of_what_is_ready()
    {
        int fd = Own(Kernel.EventFd(1));
        int idle = Own(Kernel.EventFd(0));
        ulong[] readable = new ulong[16];
        ulong[] writable = new ulong[16];
        ulong[] urgent = new ulong[16];
        Set(readable, fd);
        Set(readable, idle);
        Set(writable, idle);
        Set(urgent, fd);
        int count = Math.Max(fd, idle) + 1;
        Assert.Equal(Result.Ok(2), Kernel.Select(count, readable, writable, urgent, null));
        Assert.True(IsSet(readable, fd));
        Assert.False(IsSet(readable, idle));
        Assert.True(IsSet(writable, idle));
        Assert.False(IsSet(urgent, fd));
    }

    [Fact]
    public void Select_refuses_what_is_not_open_and_sets_that_are_too_short()
    {
        int fd = Own(Kernel.EventFd(1));
        int closed = Own(Kernel.EventFd(1));
        Close(closed);
        ulong[] readable = new ulong[16];
        ulong[] none = new ulong[16];
        Set(readable, fd);
        Set(readable, closed);
        Fails(Errno.EBADF, Kernel.Select(Math.Max(fd, closed) + 1, readable, none, none, TimeSpan.Zero));
        Assert.True(IsSet(readable, fd));
        Fails(Errno.EINVAL, Kernel.Select(1025, readable, none, none, TimeSpan.Zero));
        Fails(Errno.EINVAL, Kernel.Select(-1, readable, none, none, TimeSpan.Zero));
    }

    [Fact]
    public void Busy_polling_can_be_set_and_read_back()
    {
        int epoll = Own(Kernel.EpollCreate());
        BusyPolling set = new(TimeSpan.FromMicroseconds(50), 16, IsPreferred: true);
        Succeeds(Kernel.SetBusyPolling(epoll, set));
        Succeeds(Kernel.GetBusyPolling(epoll, out BusyPolling got));
        Assert.Equal(set, got);
        Fails(Errno.EINVAL, Kernel.SetBusyPolling(epoll, new BusyPolling(TimeSpan.FromHours(1))));
        Fails(Errno.EINVAL, Kernel.SetBusyPolling(epoll, new BusyPolling(TimeSpan.Zero, -1)));
        Fails(Errno.ENOTTY, Kernel.SetBusyPolling(Own(Kernel.EventFd(0)), set));
        Fails(Errno.ENOTTY, Kernel.GetBusyPolling(Own(Kernel.EventFd(0)), out _));
    }

    private static void Set(ulong[] set, int fd) => set[fd / 64] |= 1ul << (fd % 64);

    private static bool IsSet(ulong[] set, int fd) => (set[fd / 64] >> (fd % 64) & 1) != 0;
}
