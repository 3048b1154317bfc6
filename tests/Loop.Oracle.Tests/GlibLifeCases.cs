namespace Spindle.Loop.Oracle.Tests;

/// <summary>More cases of GLib's own tests/mainloop.c, on both sides: how sources come and go, and who is called how often.</summary>
public sealed class GlibLifeCases : OracleTest
{
    [Theory]
    [InlineData("a", "1 a, 1: yes, 2: no")]
    [InlineData("b", "1 b, 1: yes, 2: no")]
    [InlineData("a b", "1 a, 1: yes, 2: no")]
    public void Maincontext_source_finalization_from_dispatch_whoever_is_called_takes_both_away(string ready, string expected) => AssertBoth(
        expected,
        $"""
        source a custom 0
        source b custom 0
        ready {ready.Split(' ')[0]} past
        ready {ready.Split(' ')[^1]} past
        on a 0 remove b
        on a 0 remove a
        on b 0 remove a
        on b 0 remove b
        attach a
        attach b
        turn
        turn
        """);

    [Fact]
    public void Maincontext_basic_a_priority_may_change_while_it_is_attached() => AssertBoth(
        "1 a, 1: yes, 2 b, 2: yes, 3 b, 3 a, 3: yes",
        """
        source a idle 0
        source b idle 10
        attach a
        attach b
        turn
        priority a 20
        turn
        priority b 20
        priority a 20
        turn
        """);

    [Fact]
    public void Maincontext_nsources_of_many_priorities_only_the_best_there_is_is_called() => AssertBoth(
        "1 d, 1 g, 1: yes, 2 b, 2 e, 2: yes, 3 a, 3 c, 3: yes",
        """
        source a idle 50
        source b idle 20
        source c idle 50
        source d idle -5
        source e idle 20
        source g idle -5
        attach a
        attach b
        attach c
        attach d
        attach e
        attach g
        turn
        remove d
        remove g
        turn
        remove e
        remove b
        turn
        """);

    [Fact]
    public void Maincontext_timeout_once_each_is_called_once_and_the_earlier_one_first() => AssertBoth(
        "1 a, 1 b, 1: yes, 2: no",
        """
        source a timer 0
        source b timer 0
        due a 1
        due b 2
        on a 1 stop
        on b 1 stop
        attach a
        attach b
        turn
        turn
        """);

    [Fact]
    public void Mainloop_unref_while_pending_what_was_found_and_then_removed_is_not_called() => AssertBoth(
        "1: pending, 2: nothing, 3: no",
        """
        pair p
        source a idle 0
        source b fd 0 p in
        attach a
        attach b
        write p
        pending
        remove a
        remove b
        pending
        turn
        """);

    [Fact]
    public void Mainloop_invoke_from_the_loops_own_thread_is_at_once() => AssertBoth(
        "1: no, 2 a, 2 x, 2 y, 2: yes, 2 x, 3: no",
        """
        source a idle 0
        source x post 0
        source y post 0
        on a 1 invoke x
        on a 1 invoke y
        on a 1 stop
        turn
        attach a
        turn
        invoke x
        turn
        """);

    [Fact]
    public void Mainloop_child_sources_a_parent_is_called_once_a_turn_however_many_children_are_ready() => AssertBoth(
        "1 b, 1 a, 1 p, 1: yes, 2 a, 2 p, 2: yes, 3 b, 3 p, 3: yes, 4: no",
        """
        source p custom 0
        source a custom 0
        source b custom 0
        on a 1 ready a past
        on a 2 ready a never
        on b 1 ready b never
        on p 2 ready b past
        on b 2 ready b never
        child p a
        child p b
        ready a past
        ready b past
        attach p
        turn
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_recursive_child_sources_each_is_called_as_often_as_those_below_it() => AssertBoth(
        "1 c, 1 b, 1 a, 1: yes, 2 c, 2 b, 2 a, 2: yes, 3 b, 3 a, 3: yes, 4 a, 4: yes, 5: no",
        """
        source a custom 0
        source b custom 0
        source c custom 0
        on c 2 ready c never
        on b 2 ready b past
        on b 3 ready b never
        on a 3 ready a past
        on a 4 ready a never
        child b c
        child a b
        ready c past
        attach a
        turn
        turn
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_source_unix_fd_api_an_interest_that_changes_in_its_callback_counts_from_the_next_turn() => AssertBoth(
        "1 a in, 1: yes, 2 a out, 2: yes, 3 a in out, 3: yes",
        """
        pair p
        source a fd 0 p in
        on a 1 interest a out
        on a 2 interest a inout
        attach a
        write p
        turn
        turn
        turn
        """);

    [Fact]
    public void Mainloop_ready_time_of_another_source_set_in_a_callback_counts_in_the_next_turn() => AssertBoth(
        "1 a, 1: yes, 2 b, 2: yes, 3: no",
        """
        source a custom 0
        source b custom 0
        on a 1 ready a never
        on a 1 ready b past
        on b 1 ready b never
        ready a past
        attach a
        attach b
        turn
        turn
        turn
        """);
}
