using System;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>A loop that goes from thread to thread, with what it watches.</summary>
public abstract class HandOverTests(WaitingBy waiting) : LoopTest(waiting)
{
    private static void OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        Thread thread = new(() => thrown = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }

    [Fact]
    public void A_loop_goes_on_on_another_thread_with_all_that_it_watches()
    {
        FdSource level = Loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "level");
        FdSource edge = Loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "edge", trigger: FdTrigger.Edge);
        FdSource once = Loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "once", trigger: FdTrigger.OneShot);
        TimerSource timer = Loop.AddTimer(Note, name: "timer");
        Loop.Iterate(mayBlock: false);
        for (int hop = 0; hop < 3; hop++)
        {
            Loop.ReleaseThread();
            OnAnotherThread(() =>
            {
                Signal(level.Fd);
                Signal(edge.Fd);
                Signal(once.Fd);
                Loop.Iterate(mayBlock: true);
                Assert.Equal("level edge once", TakeTrace());
                once.Rearm();
                timer.ArmAfter(TimeSpan.FromMilliseconds(1));
                TurnUntil(() => Trace.Count > 0);
                Assert.Equal("timer", TakeTrace());
                Loop.ReleaseThread();
            });
            Assert.False(Loop.Iterate(mayBlock: false));
        }
    }

    [Fact]
    public void What_became_ready_between_two_threads_is_told()
    {
        FdSource level = Loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "level");
        FdSource edge = Loop.AddFd(EventFd(0), FdEvents.Readable, Note, name: "edge", trigger: FdTrigger.Edge);
        Loop.Iterate(mayBlock: false);
        Signal(level.Fd);
        Loop.ReleaseThread();
        Signal(edge.Fd);
        OnAnotherThread(() => Loop.Iterate(mayBlock: true));
        Assert.Equal("level edge", TakeTrace());
    }

    [Fact]
    public void A_run_on_each_thread_ends_and_leaves_the_loop_to_the_next()
    {
        for (int hop = 0; hop < 3; hop++)
        {
            OnAnotherThread(() =>
            {
                Loop.Post(() => { Trace.Add("post"); Loop.Quit(); });
                Loop.Run();
                Loop.ReleaseThread();
            });
        }

        Assert.Equal("post post post", TakeTrace());
    }

    [Fact]
    public void A_thread_that_makes_the_loop_current_gives_it_back()
    {
        int fd = EventFd(0);
        Loop.AddFd(fd, FdEvents.Readable, Note, name: "fd");
        for (int hop = 0; hop < 3; hop++)
        {
            OnAnotherThread(() =>
            {
                using CurrentLoop current = Loop.MakeCurrent();
                Signal(fd);
                Loop.Iterate(mayBlock: true);
            });
        }

        Assert.Equal("fd fd fd", TakeTrace());
    }

    [Fact]
    public void A_loop_with_many_descriptors_can_be_disposed_on_another_thread()
    {
        for (int count = 0; count < 600; count++)
        {
            Loop.AddFd(EventFd(0), FdEvents.Readable, Note);
        }

        Loop.Iterate(mayBlock: false);
        OnAnotherThread(Loop.Dispose);
        Assert.True(Loop.IsDisposed);
    }

    [Fact]
    public void A_descriptor_closed_after_the_hand_over_is_really_closed()
    {
        (int reader, int writer) = Pipe();
        FdSource source = Loop.AddFd(reader, FdEvents.Readable, Note);
        Loop.Iterate(mayBlock: false);
        Loop.ReleaseThread();
        source.Remove();
        Close(reader);
        Assert.True(Kernel.Write(writer, "x"u8).Is(Errno.EPIPE));
    }
}
