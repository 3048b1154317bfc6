using System;
using System.Threading;

namespace Spindle.Loop.Tests;

public sealed class BadUseTests : LoopTest
{
    [Fact]
    public void A_throwing_callback_goes_to_the_handler_and_the_others_still_run()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) =>
        {
            Drain(source.Fd);
            throw new FormatException("bad");
        }, name: "thrower");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "other");
        Loop.UnhandledException = (source, exception) => Trace.Add($"{source.Name}:{exception.Message}");
        Loop.Iterate(mayBlock: true);
        Assert.Equal("thrower:bad other", TakeTrace());
    }

    [Fact]
    public void Without_a_handler_the_exception_leaves_the_run_and_the_loop_stays_usable()
    {
        Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) =>
        {
            source.Remove();
            throw new FormatException("bad");
        }, name: "thrower");
        Loop.AddFd(EventFd(1), FdEvents.Readable, Note, name: "other");
        TimerSource due = Loop.AddTimer(Note, Priority.Low, "timer");
        due.ArmAt(Loop.Now);
        CallbackException thrown = Assert.Throws<CallbackException>(Loop.Run);
        Assert.IsType<FormatException>(thrown.InnerException);
        Assert.Equal("thrower", thrown.Source!.Name);
        Assert.Contains("'thrower' threw FormatException: bad", thrown.Message, StringComparison.Ordinal);
        Exhaust();
        Assert.Equal("other timer", TakeTrace());
    }

    [Fact]
    public void Due_timers_and_ready_descriptors_behind_a_throwing_callback_are_not_lost()
    {
        for (int index = 0; index < 4; index++)
        {
            int number = index;
            TimerSource timer = Loop.AddTimer((_, _) => ThrowOrNote(number, "timer"));
            timer.ArmAt(Loop.Now);
            Loop.AddFd(EventFd(1), FdEvents.Readable, (source, _) =>
            {
                Drain(source.Fd);
                ThrowOrNote(number, "fd");
            });
        }

        int thrown = 0;
        while (Trace.Count < 4)
        {
            thrown += Record.Exception(() => Loop.Iterate(mayBlock: true)) is null ? 0 : 1;
        }

        Assert.Equal(4, thrown);
        Assert.Equal("timer1 timer3 fd1 fd3", TakeTrace());

        void ThrowOrNote(int number, string kind)
        {
            if (number % 2 == 0)
            {
                throw new FormatException();
            }

            Trace.Add($"{kind}{number}");
        }
    }

    [Fact]
    public void What_the_handler_throws_leaves_the_loop_as_it_is()
    {
        Loop.UnhandledException = (_, exception) => throw new InvalidOperationException("handler", exception);
        Loop.AddIdle(_ => throw new FormatException());
        Assert.Equal("handler", Assert.Throws<InvalidOperationException>(Loop.Run).Message);
    }

    [Fact]
    public void An_exception_of_a_nested_run_names_the_inner_source()
    {
        Loop.AddIdle(source =>
        {
            source.Loop.Run();
            return false;
        }, Priority.Default, "outer");
        Loop.AddIdle(_ => throw new FormatException(), name: "inner");
        Assert.Equal("inner", Assert.Throws<CallbackException>(Loop.Run).Source!.Name);
        Assert.Equal(0, Loop.Depth);
    }

    [Fact]
    public void Disposal_from_a_callback_is_refused()
    {
        Loop.AddIdle(_ =>
        {
            Assert.Throws<InvalidOperationException>(Loop.Dispose);
            Trace.Add("refused");
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("refused", TakeTrace());
    }

    [Fact]
    public void Disposal_from_another_thread_is_refused_in_a_turn_and_legal_outside()
    {
        Loop.AddIdle(_ =>
        {
            OnAnotherThread(() => Assert.Throws<InvalidOperationException>(Loop.Dispose));
            Trace.Add("refused");
            return false;
        });
        Loop.Iterate(mayBlock: true);
        Assert.Equal("refused", TakeTrace());
        OnAnotherThread(Loop.Dispose);
        Assert.True(Loop.IsDisposed);
    }

    [Fact]
    public void A_post_to_a_loop_that_does_not_run_waits_for_it()
    {
        OnAnotherThread(() => Loop.Post(() => Trace.Add("post")));
        Loop.Quit();
        Loop.Run();
        Assert.Empty(Trace);
        Loop.Iterate(mayBlock: true);
        Assert.Equal("post", TakeTrace());
    }

    [Fact]
    public void A_post_to_a_disposed_loop_is_dropped()
    {
        Loop.Dispose();
        Loop.Post(() => Trace.Add("post"));
        Loop.Wake();
        Loop.Quit();
        Assert.Empty(Trace);
        Assert.Throws<ObjectDisposedException>(Loop.Run);
        Assert.Throws<ObjectDisposedException>(() => Loop.Embedding.Prepare());
        Assert.Throws<ObjectDisposedException>(() => Loop.MakeCurrent());
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
