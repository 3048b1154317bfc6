using System;
using System.Collections.Generic;
using System.IO;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests.Cases;

/// <summary>sd-event's cases (systemd's test-event.c).</summary>
public sealed class SdEventTests : CaseTest
{
    // Harmless to whoever else is in this process: its default is to be ignored.
    private const int SignalUrgent = 23;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void One_thing_leads_to_another_idle_work_a_signal_a_child_and_the_end() // basic
    {
        Loop.AddPhase(LoopPhase.Exit, _ => Trace.Add("exit"));
        int posts = 0;
        Loop.AddPhase(LoopPhase.AfterDispatch, _ => posts++);
        Loop.AddSignal(SignalUrgent, (source, _) =>
        {
            source.Remove();
            Trace.Add("signal");
            Loop.AddChild(Shell("exit 3"), (child, status) =>
            {
                Trace.Add($"child {status.Code}");
                Loop.Quit();
            });
        });
        Loop.AddIdle(_ =>
        {
            Trace.Add("idle");
            Assert.True(Kernel.SendSignal(Kernel.ProcessId, SignalUrgent).IsOk);
            return false;
        });
        Loop.Run();
        Assert.Equal("idle signal child 3 exit", TakeTrace());
        Assert.True(posts >= 3); // one more where the signal's handler has posted it
    }

    [Fact]
    public void One_shot_sources_of_three_priorities_go_in_their_order_and_again_when_they_are_armed() // basic
    {
        Dictionary<string, FdSource> sources = [];
        foreach ((string name, int priority) in new[] { ("a", 99), ("b", 0), ("c", 50) })
        {
            int fd = EventFd(1);
            sources[name] = Loop.AddFd(fd, FdEvents.Readable, (self, _) => Trace.Add(self.Name), priority, name, FdTrigger.OneShot);
        }

        Exhaust();
        Assert.Equal("b c a", TakeTrace());
        sources["a"].Rearm();
        sources["c"].Rearm();
        Exhaust();
        Assert.Equal("c a", TakeTrace());
    }

    [Fact]
    public void Each_clock_stands_still_in_a_turn_and_is_not_before_its_deadline() // sd_event_now
    {
        foreach (ClockId clock in new[] { ClockId.Monotonic, ClockId.Boottime, ClockId.Realtime })
        {
            Instant due = Kernel.Now(clock) + TimeSpan.FromMilliseconds(1);
            bool isCalled = false;
            Loop.AddTimer((self, now) =>
            {
                Assert.True(now >= due);
                Assert.Equal(now, NowOf(clock));
                Assert.True(Kernel.Now(clock) > now);
                Assert.Equal(now, NowOf(clock));
                isCalled = true;
            }, clock: clock).ArmAt(due);
            TurnUntil(() => isCalled);
        }

        Instant NowOf(ClockId clock) => clock switch
        {
            ClockId.Boottime => Loop.BoottimeNow,
            ClockId.Realtime => Loop.RealtimeNow,
            _ => Loop.Now,
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_that_is_only_looked_at_leaves_its_status_to_whoever_waits(bool isKilled) // child_wnowait, child_pidfd_wnowait
    {
        int child = Shell(isKilled ? "kill -9 $$" : "exit 42");
        int pidFd = Own(Kernel.PidFdOpen(child));
        ExitStatus expected = new(child, isKilled, isKilled ? 9 : 42);
        for (int round = 0; round < 2; round++)
        {
            ExitStatus? seen = null;
            ChildSource source = Loop.AddChild(child, (self, status) =>
            {
                Assert.False(self.IsActive);
                seen = status;
            });
            source.LeavesStatus = true;
            TurnUntil(() => seen is not null);
            Assert.Equal(expected, seen);
            Assert.False(Loop.Iterate(mayBlock: false));
        }

        Assert.Equal(Result.Ok(child), Kernel.WaitForChild(pidFd, out ExitStatus last));
        Assert.Equal(expected, last);
        Assert.Equal(Errno.ECHILD, Kernel.WaitForChild(pidFd, out _).Error);
    }

    [Fact]
    public void Events_that_wait_for_a_later_turn_need_no_new_ones_to_be_told() // inotify_process_buffered_data
    {
        string directory = Directory.CreateTempSubdirectory("spindle-cases-").FullName;
        try
        {
            Loop.AddFileWatch(directory, FileEvents.Created, Tell, Priority.High, "first");
            Loop.AddFileWatch(directory, FileEvents.Created, Tell, Priority.Low, "second");
            File.WriteAllText(Path.Combine(directory, "a"), "");
            File.WriteAllText(Path.Combine(directory, "b"), "");
            Loop.Iterate(mayBlock: true);
            Assert.Equal("first:a first:b", TakeTrace());
            Loop.Iterate(mayBlock: true);
            Assert.Equal("second:a second:b", TakeTrace());
            Assert.False(Loop.Iterate(mayBlock: false));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_watch_that_ends_itself_and_its_twin_in_its_callback_is_told_no_more() // inotify_self_destroy
    {
        string file = Path.GetTempFileName();
        FileWatchSource? twin = null;
        Loop.AddFileWatch(file, FileEvents.DeletedSelf | FileEvents.AttributesChanged, (self, happened) =>
        {
            Tell(self, happened);
            self.Remove();
            twin!.Remove();
        }, Priority.High, "first");
        twin = Loop.AddFileWatch(file, FileEvents.DeletedSelf | FileEvents.AttributesChanged, Tell, Priority.Low, "second");
        File.Delete(file);
        TurnUntil(() => Trace.Count > 0);
        Exhaust();
        Assert.Equal("first:", TakeTrace());
    }

    [Fact]
    public void A_row_of_deadlines_that_is_limited_says_when_it_goes_off_line_and_when_it_is_back() // ratelimit, expire callback
    {
        const int Burst = 10;
        List<Instant> calls = [];
        int callsBefore = 0;
        TimerSource timer = Loop.AddTimer((_, _) => calls.Add(Loop.Now));
        timer.SetRateLimit(Interval, Burst, (_, isLimited) =>
        {
            callsBefore = isLimited ? calls.Count : callsBefore;
            Trace.Add(isLimited ? "off" : "on");
        });
        timer.ArmEvery(TimeSpan.FromMicroseconds(10));
        TurnUntil(() => Trace.Count == 2);
        Assert.Equal("off on", TakeTrace());
        Assert.True(callsBefore >= Burst);
        Assert.True(calls[callsBefore - 1] - calls[callsBefore - Burst] <= Interval);
        TurnUntil(() => calls.Count > callsBefore);
        Assert.True(calls[callsBefore] >= calls[callsBefore - Burst] + Interval);
    }

    [Fact]
    public void Two_that_go_off_line_together_are_back_each_when_its_own_interval_is_over() // leave_ratelimit
    {
        int quick = 0;
        int slow = 0;
        IdleSource first = Loop.AddIdle(_ => { quick++; return true; });
        IdleSource second = Loop.AddIdle(_ => { slow++; return true; });
        first.SetRateLimit(Interval, 1);
        second.SetRateLimit(TimeSpan.FromDays(1), 1);
        TurnUntil(() => quick == 3);
        Assert.Equal(1, slow);
        second.ClearRateLimit();
        Assert.False(second.IsRateLimited);
        Loop.Iterate(mayBlock: true);
        Assert.Equal(2, slow);
    }

    private void Tell(FileWatchSource source, FileEvent happened) => Trace.Add($"{source.Name}:{happened.Name}");
}
