using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Scripts;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>What a wait returns, in which order, and what it leaves behind.</summary>
[Collection("running kernel")]
public sealed class DeliveryTests
{
    [Fact]
    public void Level_triggered_ones_come_again_in_the_same_order() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; add e a IN; add e b IN; add e c IN
        wait e 8 -> [a:IN b:IN c:IN]
        wait e 8 -> [a:IN b:IN c:IN]
        """);

    [Fact]
    public void A_small_buffer_goes_round() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; add e a IN; add e b IN; add e c IN
        wait e 2 -> [a:IN b:IN]
        wait e 2 -> [c:IN a:IN]
        wait e 2 -> [b:IN c:IN]
        """);

    [Fact]
    public void An_edge_is_told_once_and_again_for_every_new_wake() => ScriptRun.Expect("""
        pipe p; epoll e; add e p.r IN|ET; write p.w 1; wait e 8 -> [p.r:IN]
        wait e 8 -> []
        write p.w 1; wait e 8 -> [p.r:IN]
        """);

    [Fact]
    public void One_shot_says_nothing_more_until_modified_not_even_hang_up() => ScriptRun.Expect("""
        pipe p; epoll e; add e p.r IN|ONESHOT; write p.w 1; wait e 8 -> [p.r:IN]
        write p.w 1; close p.w; wait e 8 -> []
        fdinfo e -> n=1 p.r:ONESHOT
        mod e p.r IN|ONESHOT; wait e 8 -> [p.r:IN|HUP]
        """);

    [Fact]
    public void The_mask_is_that_of_delivery_and_what_is_not_ready_then_is_dropped() => ScriptRun.Expect("""
        epoll e; eventfd v; eventfd w; add e v IN|OUT; add e w IN|ONESHOT
        evwrite v 1; evwrite w 1; evread v; evread w; wait e 8 -> [v:OUT]
        evwrite w 1; wait e 8 -> [v:OUT w:IN]
        """);

    [Fact]
    public void A_failed_copy_loses_nothing() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; add e a IN|ET; add e b IN|ONESHOT
        waitfault e 0 8 -> EFAULT
        waitfault e 1 8 -> [a:IN]
        wait e 8 -> [b:IN]
        wait e 8 -> []
        """);

    [Fact]
    public void What_comes_during_a_scan_stands_behind_what_was_not_scanned_and_before_what_is_queued_again()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        int epollFd = EpollCalls.Create(process).Int;
        EventCounter[] counters = new EventCounter[5];
        for (int index = 0; index < counters.Length; index++)
        {
            counters[index] = new EventCounter(process.Machine, index < 3 ? 1u : 0u, false);
            int fd = process.Open(counters[index]).Int;
            EpollCalls.Control(process, epollFd, 1, fd, PollMask.In, (ulong)index);
        }

        // Two of three are delivered; during the first copy numbers 4 and 3 become ready, in that order.
        EpollEvent[] events = new EpollEvent[8];
        bool isFirst = true;
        Result result = EpollCalls.Wait(process, epollFd, 2, events, (in EpollEvent _) =>
        {
            if (isFirst)
            {
                isFirst = false;
                counters[4].Write([1, 0, 0, 0, 0, 0, 0, 0]);
                counters[3].Write([1, 0, 0, 0, 0, 0, 0, 0]);
            }

            return true;
        });

        Assert.Equal(2, result.Int);
        result = EpollCalls.Wait(process, epollFd, 8, events);
        List<ulong> order = [];
        foreach (EpollEvent found in events[..result.Int])
        {
            order.Add(found.Data);
        }

        Assert.Equal([2ul, 4, 3, 0, 1], order);
    }

    [Fact]
    public void An_edge_during_the_scan_after_its_delivery_is_told_the_next_time()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        int epollFd = EpollCalls.Create(process).Int;
        EventCounter counter = new(process.Machine, 1, false);
        EpollCalls.Control(process, epollFd, 1, process.Open(counter).Int, PollMask.In | PollMask.EdgeTriggered, 7);
        EpollEvent[] events = new EpollEvent[4];
        EpollCalls.Wait(process, epollFd, 4, events, (in EpollEvent _) => counter.Write([1, 0, 0, 0, 0, 0, 0, 0]).IsOk);
        Assert.Equal(1, EpollCalls.Wait(process, epollFd, 4, events).Int);
        Assert.Equal(0, EpollCalls.Wait(process, epollFd, 4, events).Int);
    }

    [Fact]
    public void Arguments_of_a_wait_are_checked_in_order() => ScriptRun.Expect("""
        epoll e; eventfd v; wait #99 0 -> EBADF
        wait v 0 -> EINVAL
        wait v 1 -> EINVAL
        wait e 0 -> EINVAL
        wait e -1 -> EINVAL
        wait e 178956971 -> EINVAL
        wait e 178956970 -> []
        pwait2 e 1 -1 0 -> EINVAL
        pwait2 e 1 0 1000000000 -> EINVAL
        pwait2 e 1 0 999 -> []
        """);

    [Fact]
    public void Before_6_15_the_count_was_checked_first()
    {
        KernelRules old = KernelRules.OfVersion(6, 12);
        Assert.Equal(["0", "EINVAL"], ScriptRun.Results("epoll e; wait #99 0", old));
    }

    [Fact]
    public void Events_beat_signals_and_no_wait_is_interrupted_that_does_not_sleep() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; pwaitsig e 4 0 -> []
        pwaitsig e 4 50 -> EINTR
        evwrite v 1; pwaitsig e 4 50 -> [v:IN]
        """);

    [Fact]
    public void What_is_not_ready_any_more_takes_no_room() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; add e a IN; add e b IN; add e c IN
        evread a; wait e 1 -> [b:IN]
        """);

    [Fact]
    public void What_was_empty_between_two_waits_keeps_its_place_and_what_a_wait_saw_empty_comes_last() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; add e a IN; add e b IN; wait e 8 -> [a:IN b:IN]
        evread a; evwrite a 1; wait e 8 -> [a:IN b:IN]
        evread a; wait e 8 -> [b:IN]
        evwrite a 1; wait e 8 -> [b:IN a:IN]
        """);

    [Fact]
    public void What_is_new_comes_behind_what_has_gone_round() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; eventfd d; add e a IN; add e b IN; add e c IN; add e d IN
        wait e 2 -> [a:IN b:IN]
        evwrite d 1; wait e 8 -> [c:IN a:IN b:IN d:IN]
        """);

    [Fact]
    public void A_failed_copy_leaves_its_event_the_first_and_ends_the_scan() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; add e a IN; add e b IN; add e c IN
        waitfault e 0 8 -> EFAULT
        waitfault e 1 8 -> [a:IN]
        wait e 8 -> [b:IN c:IN a:IN]
        """);

    [Fact]
    public void What_a_wait_puts_back_does_not_wake_who_watches_the_epoll() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v; add o i IN|ET; add i v IN; evwrite v 1; wait o 4 -> [i:IN]
        wait i 4 -> [v:IN]
        wait o 4 -> []
        wait i 4 -> [v:IN]
        """);

    [Fact]
    public void A_buffer_outside_of_the_address_space_comes_behind_descriptor_and_count_and_before_what_the_descriptor_is() => ScriptRun.Expect("""
        epoll e; eventfd v; waitfar #99 1 -> EBADF
        waitfar e 0 -> EINVAL
        waitfar v 0 -> EINVAL
        waitfar v 1 -> EFAULT
        waitfar e 1 -> EFAULT
        """);

    [Fact]
    public void Before_6_15_count_and_buffer_were_checked_before_the_descriptor()
    {
        KernelRules old = KernelRules.OfVersion(6, 12);
        Assert.Equal(["0", "EINVAL", "EFAULT"], ScriptRun.Results("epoll e; waitfar #99 0; waitfar #99 1", old));
    }

    [Fact]
    public void A_buffer_that_cannot_be_written_fails_only_if_there_is_something_to_write() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; waitfault e 0 8 -> []
        evwrite v 1; waitfault e 0 8 -> EFAULT
        evread v; waitfault e 0 8 -> []
        """);

    [Fact]
    public void A_wrong_time_beats_a_wrong_descriptor() => ScriptRun.Expect("""
        epoll e; pwait2 #99 1 -1 0 -> EINVAL
        pwait2 #99 1 0 0 -> EBADF
        pwait2 e 0 0 0 -> EINVAL
        """);

    [Fact]
    public void A_time_below_zero_has_no_end() => ScriptRun.Expect("""
        epoll e; timerfd t; add e t IN; tset t 5; wait e 4 -1 -> [t:IN]
        del e t; wait e 4 -1 -> waits for ever
        """);
}
