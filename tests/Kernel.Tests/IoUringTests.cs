using System;
using Spindle.Basics;

namespace Spindle.Kernels.Tests;

public sealed class IoUringTests : KernelTest
{
    private const uint In = 1;

    private IoUring Ring(uint requests = 8, uint completions = 16)
    {
        Succeeds(Kernel.IoUringCreate(requests, completions, out IoUring? ring));
        Succeeds(ring!.Enable());
        return ring;
    }

    private static IoCompletion Take(IoUring ring)
    {
        Assert.True(ring.TryTake(out IoCompletion completion));
        return completion;
    }

    [Fact]
    public void A_multishot_poll_tells_each_change_and_says_that_it_goes_on()
    {
        using IoUring ring = Ring();
        int fd = Own(Kernel.EventFd(0));
        Assert.True(ring.TryQueuePoll(fd, In, isMultishot: true, 77));
        Assert.Equal(1, ring.QueuedCount);
        Assert.Equal(Result.Ok(1), ring.Enter(TimeSpan.Zero));
        Assert.Equal(0, ring.QueuedCount);
        Assert.False(ring.HasCompletions);

        for (int round = 0; round < 3; round++)
        {
            Succeeds(Kernel.Write(fd, BitConverter.GetBytes(1ul)));
            Assert.True(ring.NeedsEnter);
            Succeeds(ring.Enter(null));
            IoCompletion told = Take(ring);
            Assert.Equal(77ul, told.Data);
            Assert.Equal(1, told.Value & 1);
            Assert.True(told.HasMore);
            Assert.Equal(Errno.None, told.Error);
            Assert.False(ring.TryTake(out _));
        }
    }

    [Fact]
    public void A_single_poll_tells_once()
    {
        using IoUring ring = Ring();
        int fd = Own(Kernel.EventFd(1));
        Assert.True(ring.TryQueuePoll(fd, In, isMultishot: false, 5));
        Succeeds(ring.Enter(null));
        Assert.False(Take(ring).HasMore);
        Succeeds(Kernel.Write(fd, BitConverter.GetBytes(1ul)));
        Succeeds(ring.Enter(TimeSpan.Zero));
        Assert.False(ring.HasCompletions);
    }

    [Fact]
    public void A_removed_poll_says_so_and_lets_go_of_its_file()
    {
        using IoUring ring = Ring();
        (int reader, int writer) = Pipe();
        Assert.True(ring.TryQueuePoll(reader, In, isMultishot: true, 1));
        Succeeds(ring.Enter(TimeSpan.Zero));
        Close(reader);
        Succeeds(Kernel.Write(writer, [1])); // the poll keeps the reading end open

        Assert.True(ring.TryQueuePollRemoval(1, 2));
        Succeeds(ring.Enter(TimeSpan.Zero));
        bool isCancelled = false;
        while (ring.TryTake(out IoCompletion completion))
        {
            Assert.Equal(1ul, completion.Data); // the removal itself is silent
            isCancelled |= completion.Error == Errno.ECANCELED;
        }

        Assert.True(isCancelled);
        Fails(Errno.EPIPE, Kernel.Write(writer, [1]));

        Assert.True(ring.TryQueuePollRemoval(1, 2));
        Succeeds(ring.Enter(TimeSpan.Zero));
        IoCompletion missing = Take(ring);
        Assert.Equal((2ul, Errno.ENOENT), (missing.Data, missing.Error));
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_told_by_its_completion()
    {
        using IoUring ring = Ring();
        Assert.True(ring.TryQueuePoll(-1, In, isMultishot: true, 9));
        Succeeds(ring.Enter(TimeSpan.Zero));
        Assert.Equal(Errno.EBADF, Take(ring).Error);
    }

    [Fact]
    public void A_full_queue_is_said_and_emptied_by_handing_over()
    {
        using IoUring ring = Ring(requests: 4);
        int fd = Own(Kernel.EventFd(0));
        for (ulong index = 0; index < 4; index++)
        {
            Assert.True(ring.TryQueuePoll(fd, In, isMultishot: true, index));
        }

        Assert.False(ring.TryQueuePoll(fd, In, isMultishot: true, 4));
        Assert.False(ring.TryQueuePollRemoval(0, 4));
        Assert.Equal(Result.Ok(4), ring.Enter(TimeSpan.Zero));
        Assert.True(ring.TryQueuePoll(fd, In, isMultishot: true, 4));
    }

    [Fact]
    public void More_completions_than_there_is_room_for_are_kept()
    {
        using IoUring ring = Ring(requests: 4, completions: 8);
        const int Count = 40;
        for (ulong index = 0; index < Count; index++)
        {
            while (!ring.TryQueuePoll(Own(Kernel.EventFd(1)), In, isMultishot: false, index))
            {
                ring.Enter(TimeSpan.Zero);
            }
        }

        bool[] isTold = new bool[Count];
        int told = 0;
        while (told < Count)
        {
            ring.Enter(TimeSpan.Zero);
            while (ring.TryTake(out IoCompletion completion))
            {
                Assert.False(isTold[completion.Data]);
                isTold[completion.Data] = true;
                told++;
            }
        }
    }

    [Fact]
    public void A_wait_ends_after_its_timeout_and_not_before()
    {
        using IoUring ring = Ring();
        Instant due = Kernel.Now(ClockId.Monotonic) + TimeSpan.FromMilliseconds(2);
        Fails(Errno.ETIME, ring.Enter(TimeSpan.FromMilliseconds(2)));
        Assert.True(Kernel.Now(ClockId.Monotonic) >= due);
        Assert.Equal(Result.Ok(0), ring.Enter(TimeSpan.Zero));
    }

    [Fact]
    public void A_ring_works_only_when_enabled_and_only_for_that_thread()
    {
        Succeeds(Kernel.IoUringCreate(4, 8, out IoUring? ring));
        Assert.False(ring!.Enter(TimeSpan.Zero).IsOk);
        Succeeds(ring.Enable());
        Succeeds(ring.Enter(TimeSpan.Zero));
        Result other = default;
        System.Threading.Thread thread = new(() => other = ring.Enter(TimeSpan.Zero));
        thread.Start();
        thread.Join();
        Fails(Errno.EEXIST, other);
        int fd = ring.Fd;
        ring.Dispose();
        ring.Dispose();
        Assert.True(fd > 2);
    }

    [Fact]
    public void A_ring_of_no_size_is_refused()
    {
        Fails(Errno.EINVAL, Kernel.IoUringCreate(0, 8, out IoUring? ring));
        Assert.Null(ring);
    }
}
