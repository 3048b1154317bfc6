using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class AllocationTests : LoopTest
{
    [Fact]
    public void A_turn_allocates_nothing()
    {
        int fd = EventFd(0);
        int counter = 0;
        Loop.AddFd(fd, FdEvents.Readable, (source, _) =>
        {
            Drain(source.Fd);
            counter++;
        });
        FdSource second = Loop.AddFd(EventFd(1), FdEvents.Writable, (_, _) => counter++);
        Loop.AddIdle(_ => { counter++; return true; }, Priority.Default);
        TimerSource timer = Loop.AddTimer((self, now) => { counter++; self.ArmAt(now); });
        TimerSource boottime = Loop.AddTimer((self, _) => self.ArmAfter(TimeSpan.Zero), clock: ClockId.Boottime);
        timer.ArmAt(Instant.Zero);
        boottime.ArmAt(Instant.Zero);
        Action<object?> posted = _ => counter++;

        void Turn()
        {
            Signal(fd);
            Loop.Post(posted, null);
            second.Interest = FdEvents.None;
            second.Interest = FdEvents.Writable;
            Loop.Iterate(mayBlock: true);
        }

        for (int warmUp = 0; warmUp < 200; warmUp++)
        {
            Turn();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int turn = 0; turn < 1000; turn++)
            {
                Turn();
            }
        }));
        Assert.True(counter >= 5000);
    }

    [Fact]
    public void A_timer_that_sleeps_allocates_nothing()
    {
        int fired = 0;
        TimerSource timer = Loop.AddTimer((_, _) => fired++);
        for (int round = 0; round < 20; round++)
        {
            Round();
        }

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int round = 0; round < 50; round++)
            {
                Round();
            }
        }));

        void Round()
        {
            timer.ArmAfter(TimeSpan.FromMicroseconds(50));
            int target = fired + 1;
            while (fired < target)
            {
                Loop.Iterate(mayBlock: true);
            }
        }
    }
}
