using Spindle.Simulation.Scripts;

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
    public void What_comes_during_a_scan_stands_behind_what_was_not_scanned_and_before_what_is_queued_again() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; eventfd d; eventfd f; add e a IN; add e b IN; add e c IN; add e d IN; add e f IN
        waitheld e 1 2 evwrite f 1 + evwrite d 1 + evwrite f 1 -> [a:IN b:IN] meanwhile 8 8 8
        wait e 8 -> [c:IN f:IN d:IN a:IN b:IN]
        """);

    [Fact]
    public void A_wake_during_a_scan_moves_nothing_that_is_a_candidate_by_its_end() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; eventfd c 1; eventfd d 1; add e a IN; add e b IN; add e c IN; add e d IN
        waitheld e 1 2 evwrite d 1 + evwrite b 1 + evwrite a 1 -> [a:IN b:IN] meanwhile 8 8 8
        wait e 8 -> [c:IN d:IN a:IN b:IN]
        """);

    [Fact]
    public void An_edge_during_the_scan_after_its_delivery_is_told_the_next_time() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; add e a IN|ET; add e b IN|ET
        waitheld e 1 4 evwrite a 1 -> [a:IN b:IN] meanwhile 8
        wait e 4 -> [a:IN]
        wait e 4 -> []
        """);

    [Fact]
    public void What_is_copied_out_is_what_was_found_before_and_what_comes_behind_it_is_asked_later() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; add e a IN; add e b IN
        waitheld e 0 4 evread a + evread b -> [a:IN] meanwhile 1 1
        wait e 4 -> []
        """);

    [Fact]
    public void A_one_shot_that_is_woken_before_its_delivery_is_done_is_a_candidate_that_says_nothing() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b; add e a IN|ONESHOT; add e b IN
        waitheld e 0 4 evwrite a 1 -> [a:IN] meanwhile 8
        evwrite b 1; mod e a IN|ONESHOT; wait e 4 -> [a:IN b:IN]
        waitheld e 0 4 evwrite b 1 -> [b:IN] meanwhile 8
        """);

    [Fact]
    public void A_wake_during_the_scan_of_an_epoll_reaches_who_watches_it() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v 1; eventfd w; add i v IN; add i w IN; add o i IN|ET; wait o 4 -> [i:IN]
        waitheld i 0 4 evwrite w 1 -> [v:IN] meanwhile 8
        wait o 4 -> [i:IN]
        wait i 4 -> [w:IN v:IN]
        evwrite w 1; waitheld o 0 4 evwrite v 1 -> [i:IN] meanwhile 8
        wait o 4 -> [i:IN]
        wait o 4 -> []
        """);

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
