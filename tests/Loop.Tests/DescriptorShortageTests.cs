using System;
using System.IO;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>EMFILE in a loop that runs already: whoever asks for something is told, and the loop goes on as before.</summary>
public sealed class DescriptorShortageTests : IDisposable
{
    private readonly ShortKernel kernel = new();
    private readonly EventLoop loop;

    public DescriptorShortageTests() => loop = new EventLoop(kernel);

    [Fact]
    public void A_child_a_file_and_pressure_are_refused_with_the_reason_and_can_be_had_later()
    {
        int child = kernel.Spawn(new SpawnRequest("/bin/true", ["true"])).Int;
        kernel.IsShort = true;
        AssertSays("EMFILE", Assert.Throws<ArgumentException>(() => loop.AddChild(child, (_, _) => { })));
        AssertSays("EMFILE", Assert.Throws<ArgumentException>(() => loop.AddFileWatch("/", FileEvents.Created, (_, _) => { })));
        Assert.Equal(Errno.EMFILE, loop.TryAddFileWatch("/", FileEvents.Created, (_, _) => { }, out _).Error);
        Assert.Equal(Errno.EMFILE, loop.TryAddPressure(new PressureTrigger(), (_, _) => { }, out _).Error);
        Assert.False(loop.Iterate(mayBlock: false));

        kernel.IsShort = false;
        loop.AddFileWatch(Path.GetTempPath(), FileEvents.DeletedSelf, (_, _) => { }).Remove();
        loop.AddChild(child, (_, _) => loop.Quit());
        loop.Run();
    }

    [Theory]
    [InlineData(ClockId.Boottime)]
    [InlineData(ClockId.Realtime)]
    public void A_timer_that_needs_a_timerfd_is_refused_when_it_is_added_and_not_in_a_wait(ClockId clock)
    {
        kernel.IsShort = true;
        AssertSays("EMFILE", Assert.Throws<InvalidOperationException>(() => loop.AddTimer((_, _) => { }, clock: clock)));
        AssertSays("EMFILE", Assert.Throws<InvalidOperationException>(() => loop.AddClockStep((_, _) => { })));
        loop.AddTimer((_, _) => loop.Quit()).ArmAfter(TimeSpan.Zero);
        loop.Run();

        kernel.IsShort = false;
        TimerSource timer = loop.AddTimer((_, _) => loop.Quit(), clock: clock);
        kernel.IsShort = true; // its timerfd is there
        timer.ArmAfter(TimeSpan.FromMilliseconds(1));
        loop.Run();
    }

    [Fact]
    public void A_loop_that_must_forget_a_closed_descriptor_and_has_none_for_a_new_epoll_goes_on_and_does_so_later()
    {
        int watched = kernel.EventFd(1).Int;
        int other = kernel.EventFd(0).Int;
        int calls = 0;
        loop.AddFd(other, FdEvents.Readable, (source, _) => { calls++; kernel.Read(source.Fd, stackalloc byte[8]); });
        FdSource closed = loop.AddFd(watched, FdEvents.Readable, (_, _) => { });
        int duplicate = kernel.Duplicate(watched).Int;
        kernel.Close(watched);
        closed.Remove();

        kernel.IsShort = true;
        Assert.False(loop.Iterate(mayBlock: true)); // the file that lives on is reported, and cannot be forgotten
        Assert.False(loop.Iterate(mayBlock: true));
        Assert.Equal(2, loop.StaleEvents);
        kernel.Write(other, [1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(loop.Iterate(mayBlock: true));
        Assert.Equal(1, calls);

        kernel.IsShort = false;
        loop.Iterate(mayBlock: true);
        long stale = loop.StaleEvents;
        kernel.Write(other, [1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(loop.Iterate(mayBlock: true));
        Assert.False(loop.Iterate(mayBlock: false));
        Assert.Equal((2, stale), (calls, loop.StaleEvents));
        kernel.Close(duplicate);
        kernel.Close(other);
    }

    [Fact]
    public void A_program_that_goes_on_without_a_watch_gets_the_error_as_a_value()
    {
        int fd = kernel.EventFd(0).Int;
        kernel.HasNoWatches = true;
        Assert.Equal(Errno.ENOSPC, loop.TryAddFd(fd, FdEvents.Readable, (_, _) => { }, out FdSource? source).Error);
        Assert.Null(source);
        AssertSays("ENOSPC", Assert.Throws<ArgumentException>(() => loop.AddFd(fd, FdEvents.Readable, (_, _) => { })));

        int calls = 0;
        kernel.HasNoWatches = false;
        Assert.True(loop.TryAddFd(fd, FdEvents.Readable, (_, _) => calls++, out source).IsOk);
        kernel.Write(fd, [1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(loop.Iterate(mayBlock: true));
        Assert.Equal(1, calls);
        source!.Remove();
        kernel.Close(fd);
        Assert.Equal(Errno.EBADF, loop.TryAddFd(fd, FdEvents.Readable, (_, _) => { }, out _).Error);
    }

    [Fact]
    public void A_watch_that_cannot_be_had_back_is_an_error_as_a_value_and_can_be_had_later()
    {
        int calls = 0;
        int fd = kernel.EventFd(1).Int;
        FdSource source = loop.AddFd(fd, FdEvents.Readable, (_, _) => calls++);
        Assert.True(source.TrySetInterest(FdEvents.None).IsOk);
        kernel.HasNoWatches = true;
        Assert.Equal(Errno.ENOSPC, source.TrySetInterest(FdEvents.Readable).Error);
        Assert.Equal(FdEvents.None, source.Interest);
        Assert.False(loop.Iterate(mayBlock: false));

        kernel.HasNoWatches = false;
        Assert.True(source.TrySetInterest(FdEvents.Readable).IsOk);
        Assert.True(loop.Iterate(mayBlock: true));
        Assert.Equal(1, calls);

        kernel.HasNoMemory = true;
        Assert.Equal(Errno.ENOMEM, source.TrySetInterest(FdEvents.Readable | FdEvents.Writable).Error);
        Assert.False(loop.Iterate(mayBlock: false)); // and what it was watched for before is told no more
        kernel.HasNoMemory = false;
        Assert.True(source.TrySetInterest(FdEvents.Writable).IsOk);
        Assert.True(loop.Iterate(mayBlock: true));
        Assert.Equal(2, calls);
        source.Remove();
        kernel.Close(fd);
    }

    public void Dispose() => loop.Dispose();

    private static void AssertSays(string word, Exception exception) =>
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);

    private sealed class ShortKernel : LinuxKernel
    {
        public bool IsShort { get; set; }

        public bool HasNoWatches { get; set; }

        public bool HasNoMemory { get; set; }

        public override Result EpollControl(int epollFd, EpollOperation operation, int fd, uint events, ulong data) =>
            HasNoWatches && operation == EpollOperation.Add ? Result.Fail(Errno.ENOSPC)
                : HasNoMemory && operation == EpollOperation.Modify ? Result.Fail(Errno.ENOMEM)
                : base.EpollControl(epollFd, operation, fd, events, data);

        public override Result EpollCreate() => IsShort ? Result.Fail(Errno.EMFILE) : base.EpollCreate();

        public override Result TimerFdCreate(ClockId clock) => IsShort ? Result.Fail(Errno.EMFILE) : base.TimerFdCreate(clock);

        public override Result PidFdOpen(int processId) => IsShort ? Result.Fail(Errno.EMFILE) : base.PidFdOpen(processId);

        public override Result InotifyCreate() => IsShort ? Result.Fail(Errno.EMFILE) : base.InotifyCreate();

        public override Result Open(string path, FileFlags flags, uint mode = 0x180) =>
            IsShort ? Result.Fail(Errno.EMFILE) : base.Open(path, flags, mode);
    }
}
