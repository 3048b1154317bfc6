namespace Spindle.Loop.Oracle.Tests;

/// <summary>The cases of GLib's own tests/mainloop.c that concern an order of dispatch, on both sides.</summary>
public sealed class GlibCases : OracleTest
{
    [Fact]
    public void Maincontext_basic_an_empty_context_has_nothing_pending() =>
        AssertBoth("1: nothing, 2: no", "pending\nturn");

    [Fact]
    public void Maincontext_basic_a_removed_source_is_never_called() => AssertBoth(
        "1: nothing, 2: no, 3: no",
        """
        source a idle 0
        source b custom 0
        prepare b yes
        attach a
        attach b
        remove a
        remove b
        pending
        turn
        attach a
        turn
        """);

    [Fact]
    public void Maincontext_idle_once_is_called_once() => AssertBoth(
        "1 a, 1: yes, 2: no",
        """
        source a idle 200
        on a 1 stop
        attach a
        turn
        turn
        """);

    [Fact]
    public void Mainloop_priorities_of_two_idles_the_better_runs_until_it_is_destroyed() => AssertBoth(
        "1: pending, 2 a, 2: yes, 3 a, 3: yes, 4 b, 4: yes, 5 b, 5: yes, 6: nothing",
        """
        source a idle 0
        source b idle 1
        attach a
        attach b
        pending
        turn
        turn
        remove a
        turn
        turn
        remove b
        pending
        """);

    [Fact]
    public void Mainloop_prepare_timeout_an_elapsed_ready_time_counts_as_prepared() => AssertBoth(
        "1: pending, 2 t, 2: yes",
        """
        source t custom 666
        ready t zero
        attach t
        pending
        turn
        """);

    [Fact]
    public void Mainloop_prepare_and_check_are_asked_best_priority_first_and_no_further_than_what_is_ready() => AssertBoth(
        """
        1 prepare a
        1 prepare b
        1 check a
        1 b
        1: yes
        2 prepare a
        2 prepare b
        2 prepare c
        2 check a
        2 check b
        2 check c
        2 c
        2: yes
        """,
        """
        calls
        source a custom -10
        source c custom 10
        source b custom 0
        prepare b yes
        check c yes
        on b 1 prepare b no
        attach a
        attach b
        attach c
        turn
        turn
        """);

    [Fact]
    public void Mainloop_invoke_from_another_thread_runs_in_the_loop() => AssertBoth(
        "1 x, 1 y, 1: yes, 2 x, 2: yes, 3: no",
        """
        source x post 0
        source y post 0
        on y 1 post x
        post x
        post y
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_invoke_wakes_a_loop_that_runs() => AssertBoth(
        "r1 x, r1: over",
        """
        source x post 0
        on x 1 quit
        post x
        run
        """);

    [Fact]
    public void Mainloop_child_sources_the_parent_is_called_when_a_child_is_ready() => AssertBoth(
        "1 c, 1 p, 1: yes, 2 p, 2: yes, 3: no",
        """
        source p custom 0
        source c custom 0
        on c 1 ready c never
        on p 1 ready p past
        on p 2 ready p never
        attach p
        child p c
        ready c past
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_child_sources_follow_their_parents_priority() => AssertBoth(
        "1 x, 1: yes, 2 c, 2 p, 2: yes",
        """
        source p custom -10
        source c custom -100
        source x idle 5
        on x 1 stop
        attach p
        attach x
        child p c
        ready c past
        priority p 10
        turn
        turn
        """);

    [Fact]
    public void Mainloop_child_sources_end_with_their_parent() => AssertBoth(
        "1 c, 1 p, 1: yes, 2: no",
        """
        source p custom 0
        source c custom 0
        on p 1 stop
        attach p
        child p c
        ready c past
        turn
        turn
        """);

    [Fact]
    public void Mainloop_child_sources_join_with_a_parent_that_is_attached_later() => AssertBoth(
        "1: no, 2 c, 2 p, 2: yes",
        """
        source p custom 0
        source c custom 0
        child p c
        ready c past
        turn
        attach p
        turn
        """);

    [Fact]
    public void Mainloop_recursive_child_sources_all_above_the_ready_one_are_called() => AssertBoth(
        "1 c, 1 b, 1 a, 1: yes, 2 b, 2 a, 2: yes, 3 a, 3: yes",
        """
        source a custom 0
        source b custom 0
        source c custom 0
        on c 1 ready c never
        on b 1 ready b past
        on b 2 ready b never
        on a 2 ready a past
        attach a
        child a b
        child b c
        ready c past
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_swapping_child_sources_from_the_parents_callback() => AssertBoth(
        "1 c, 1 p, 1: yes, 2 d, 2 p, 2: yes, 3 d, 3 p, 3: yes",
        """
        source p custom 0
        source c custom 0
        source d custom 0
        on p 1 orphan p c
        on p 1 child p d
        attach p
        child p c
        ready c past
        ready d past
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_blocked_child_sources_a_child_may_join_a_parent_that_is_being_called() => AssertBoth(
        "1 p, 1.1: no, 1: yes, 2 c, 2 p, 2: yes",
        """
        source p custom 0
        source c custom 0
        ready c past
        ready p past
        on p 1 child p c
        on p 1 ready p never
        on p 1 recurse
        attach p
        turn
        turn
        """);

    [Theory]
    [InlineData("never", "no")]
    [InlineData("future", "no")]
    [InlineData("past", "yes")]
    [InlineData("zero", "yes")]
    public void Mainloop_ready_time_fires_if_it_is_not_after_now(string time, string answer) => AssertBoth(
        answer == "yes" ? "1 a, 1: yes" : "1: no",
        $"""
        source a custom 0
        ready a {time}
        attach a
        turn
        """);

    [Fact]
    public void Mainloop_ready_time_is_not_reset_by_being_called() => AssertBoth(
        "1 a, 1: yes, 2 a, 2: yes, 3: no",
        """
        source a custom 0
        on a 2 ready a future
        ready a past
        attach a
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_ready_time_taken_back_after_it_was_seen_still_calls_once() => AssertBoth(
        "1 f in, 1: yes, 2 a, 2: yes, 3: no",
        """
        pair p
        source f fd -10 p in
        source a custom 0
        on f 1 drain p
        on f 1 ready a never
        ready a past
        attach f
        attach a
        write p
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unix_fd_a_high_writer_and_a_default_reader_never_share_a_turn() => AssertBoth(
        "1 w out, 1: yes, 2 r in, 2: yes, 3 r in, 3: yes, 4 w out, 4: yes",
        """
        pair p
        source r fd 0 p in
        source w fd -100 p out
        on w 1 stuff p
        on w 1 write p
        on r 2 relieve p
        attach r
        attach w
        turn
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unix_fd_a_source_ends_itself_by_returning_false() => AssertBoth(
        "1 r in, 1: yes, 2: no",
        """
        pair p
        source r fd 0 p in
        on r 1 stop
        attach r
        write p
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unix_fd_source_equal_priorities_share_a_turn_and_a_better_one_has_it_alone() => AssertBoth(
        "1 a in, 1 b out, 1: yes, 2 b out, 2: yes, 3 b out, 3: yes, 4 b out, 4 a in, 4: yes",
        """
        pair p
        source a fd 0 p in
        source b fd 0 p out
        attach a
        attach b
        write p
        turn
        priority b -10
        turn
        turn
        priority a -10
        turn
        """);

    [Fact]
    public void Mainloop_source_unix_fd_api_a_custom_source_is_ready_when_its_descriptor_is() => AssertBoth(
        "1: no, 2 high, 2: yes, 3 low, 3: yes",
        """
        pair p
        pair q
        source low custom 10 p in
        source high custom -10 q in
        on high 1 drain q
        attach low
        attach high
        turn
        write p
        write q
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unix_file_poll_what_epoll_refuses_is_ready_at_once() => AssertBoth(
        "1 n in, 1: yes, 2 n in, 2: yes",
        """
        file null
        source n fd 0 null in
        attach n
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unix_fd_priority_a_low_descriptor_does_not_hide_a_better_one() => AssertBoth(
        "1 b in, 1: yes, 2 b in, 2: yes",
        """
        pair p
        pair q
        source a fd 300 p in
        source b fd 0 q in
        attach a
        attach b
        write p
        write q
        turn
        turn
        """);

    [Fact]
    public void Mainloop_nfds_one_file_in_three_sources_of_two_priorities() => AssertBoth(
        "1 a in, 1 c out, 1: yes, 2 b in out, 2: yes",
        """
        file null
        source a fd 0 null in
        source b fd 1 null inout
        source c fd 0 null out
        attach a
        attach b
        attach c
        turn
        remove a
        remove c
        turn
        """);

    [Fact]
    public void A_source_added_in_a_callback_waits_for_the_next_turn() => AssertBoth(
        "1 a, 1: yes, 2 a, 2 b, 2: yes",
        """
        source a idle 0
        source b idle 0
        on a 1 attach b
        attach a
        turn
        turn
        """);

    [Fact]
    public void A_source_removed_by_one_before_it_in_the_turn_is_not_called() => AssertBoth(
        "1 a, 1: yes",
        """
        source a idle 0
        source b idle 0
        on a 1 remove b
        attach a
        attach b
        turn
        """);

    [Fact]
    public void A_source_may_remove_itself_and_go_on_in_its_callback() => AssertBoth(
        "1 a, 1.1 b, 1.1: yes, 1: yes, 2 b, 2: yes",
        """
        source a idle 0
        source b idle 0
        on a 1 remove a
        on a 1 recurse
        attach a
        attach b
        turn
        turn
        """);

    [Fact]
    public void A_worse_priority_given_in_the_turn_counts_from_the_next() => AssertBoth(
        "1 a, 1 b, 1: yes, 2 a, 2: yes",
        """
        source a idle 0
        source b idle 0
        on a 1 priority b 10
        attach a
        attach b
        turn
        turn
        """);

    [Fact]
    public void The_priority_a_source_has_already_puts_it_behind_its_equals() => AssertBoth(
        "1 b, 1 a, 1: yes",
        """
        source a idle 0
        source b idle 0
        attach a
        attach b
        priority a 0
        turn
        """);

    [Fact]
    public void A_turn_inside_does_not_call_the_one_that_makes_it_and_takes_the_rest_of_the_turn() => AssertBoth(
        "1 a, 1.1 b, 1.1 c, 1.1: yes, 1: yes",
        """
        source a idle 0
        source b idle 0
        source c idle 0
        on a 1 recurse
        attach a
        attach b
        attach c
        turn
        """);

    [Fact]
    public void A_recursive_source_is_called_inside_itself() => AssertBoth(
        "1 a, 1.1 a, 1.1: yes, 1: yes",
        """
        source a idle 0
        recursive a
        on a 1 recurse
        attach a
        turn
        """);

    [Fact]
    public void A_run_inside_ends_alone() => AssertBoth(
        "r1 a, r2 b, r2: over, r1 a, r1: over",
        """
        source a idle 0
        source b idle 0
        on a 1 run
        on a 2 quit
        on b 1 quit
        on b 1 stop
        attach a
        attach b
        run
        """);

    [Fact]
    public void A_hang_up_is_told_unasked() => AssertBoth(
        "1 a out hup, 1: yes, 2 b in hup, 2 a out hup, 2: yes",
        """
        pair p
        source a fd 0 p out
        source b fd 0 p in
        attach a
        hangup p
        turn
        attach b
        priority a 0
        turn
        """);
}
