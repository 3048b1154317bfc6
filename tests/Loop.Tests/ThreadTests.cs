using System;
using System.Threading;

namespace Spindle.Loop.Tests;

public sealed class ThreadTests : LoopTest
{
    [Fact]
    public void The_current_loop_is_the_one_that_runs_or_was_made_current_last()
    {
        Assert.Null(EventLoop.Current);
        using EventLoop other = new(Kernel);
        using (Loop.MakeCurrent())
        {
            Assert.Same(Loop, EventLoop.Current);
            using (other.MakeCurrent())
            {
                Assert.Same(other, EventLoop.Current);
                Loop.AddIdle(_ =>
                {
                    Assert.Same(Loop, EventLoop.Current);
                    using (other.MakeCurrent())
                    {
                        Assert.Same(other, EventLoop.Current);
                    }

                    return false;
                });
                Loop.Iterate(mayBlock: true);
                Assert.Same(other, EventLoop.Current);
            }

            Assert.Same(Loop, EventLoop.Current);
            EventLoop? elsewhere = Loop;
            OnAnotherThread(() => elsewhere = EventLoop.Current);
            Assert.Null(elsewhere);
        }

        Assert.Null(EventLoop.Current);
    }

    [Fact]
    public void Current_loops_are_put_back_in_reverse_order()
    {
        using EventLoop other = new(Kernel);
        CurrentLoop first = Loop.MakeCurrent();
        CurrentLoop second = other.MakeCurrent();
        Assert.Throws<InvalidOperationException>(first.Dispose);
        second.Dispose();
        first.Dispose();
        Assert.Throws<InvalidOperationException>(first.Dispose);
    }

    [Fact]
    public void Each_of_many_threads_has_a_loop_of_its_own()
    {
        int right = 0;
        Thread[] threads = new Thread[8];
        for (int index = 0; index < threads.Length; index++)
        {
            threads[index] = new Thread(() =>
            {
                using EventLoop mine = new(Kernel);
                int turns = 0;
                mine.AddIdle(_ =>
                {
                    Interlocked.Add(ref right, EventLoop.Current == mine ? 1 : 0);
                    if (++turns == 1000)
                    {
                        mine.Quit();
                    }

                    return true;
                });
                mine.Run();
            });
            threads[index].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(8000, right);
    }

    [Fact]
    public void A_loop_belongs_to_the_thread_that_ran_it_until_it_is_handed_over()
    {
        Loop.Iterate(mayBlock: false);
        Assert.True(Loop.IsOwnThread);
        OnAnotherThread(() =>
        {
            Assert.False(Loop.IsOwnThread);
            Assert.Throws<InvalidOperationException>(() => Loop.Iterate(mayBlock: false));
            Assert.Throws<InvalidOperationException>(Loop.ReleaseThread);
        });
        Loop.AddIdle(_ =>
        {
            Assert.Throws<InvalidOperationException>(Loop.ReleaseThread);
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Loop.ReleaseThread();
        OnAnotherThread(() =>
        {
            Loop.AddIdle(_ => { Trace.Add(Loop.IsOwnThread ? "owner" : "stranger"); return false; });
            Loop.Iterate(mayBlock: true);
        });
        Assert.Equal("owner", TakeTrace());
        Assert.Throws<InvalidOperationException>(() => Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void A_loop_made_current_belongs_to_the_thread_meanwhile()
    {
        using (Loop.MakeCurrent())
        {
            Assert.True(Loop.IsOwnThread);
            OnAnotherThread(() => Assert.Throws<InvalidOperationException>(() => Loop.MakeCurrent()));
        }

        OnAnotherThread(() => Loop.Iterate(mayBlock: false));
    }

    [Fact]
    public void Invoke_is_inline_on_the_own_thread_and_where_the_loop_is_current_and_a_post_elsewhere()
    {
        using (Loop.MakeCurrent())
        {
            Loop.Invoke(() => Trace.Add("current"));
        }

        Assert.Equal("current", TakeTrace());
        Loop.Invoke(() => Trace.Add("nobody's"));
        Assert.Empty(Trace);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("nobody's", TakeTrace());

        Loop.Invoke(() => Trace.Add("own"));
        Assert.Equal("own", TakeTrace());
        Loop.AddIdle(_ =>
        {
            Loop.Invoke(() => Trace.Add("in idle"));
            Trace.Add("|");
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("in idle |", TakeTrace());

        int mine = Environment.CurrentManagedThreadId;
        int seen = 0;
        OnAnotherThread(() => Loop.Invoke(() => seen = Environment.CurrentManagedThreadId));
        Assert.Equal(0, seen);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(mine, seen);
    }

    [Fact]
    public void Wake_ends_the_next_wait_every_time()
    {
        for (int round = 0; round < 100; round++)
        {
            Loop.Wake();
            Assert.False(Loop.Iterate(mayBlock: true));
        }

        Thread thread = new(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                Loop.Wake();
            }

            Loop.Quit();
        });
        thread.Start();
        Loop.Run();
        thread.Join();
    }

    [Fact]
    public void Pending_work_is_seen_and_not_done()
    {
        Assert.False(Loop.HasPending());
        int calls = 0;
        FdSource fd = Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) => { calls++; Drain(source.Fd); });
        Assert.True(Loop.HasPending());
        Assert.True(Loop.HasPending());
        Assert.Equal(0, calls);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(1, calls);
        Assert.False(Loop.HasPending());
        fd.Remove();

        IdleSource first = Loop.AddIdle(_ => { Trace.Add("0"); return false; }, 0);
        Loop.AddIdle(_ => { Trace.Add("1"); return false; }, 1);
        Assert.True(Loop.HasPending());
        Loop.Iterate(mayBlock: true);
        Assert.True(Loop.HasPending());
        Loop.Iterate(mayBlock: true);
        Assert.False(Loop.HasPending());
        Assert.Equal("0 1", TakeTrace());
        Assert.False(first.IsActive);
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? seen = null;
        Thread thread = new(() => seen = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(seen);
    }
}
