using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>How a registration stands in its file's wait queues, and which wakes make a candidate of it.</summary>
[Collection("running kernel")]
public sealed class CandidateTests
{
    [Fact]
    public void A_FIFO_opened_both_ways_is_watched_in_both_of_its_queues() => ScriptRun.Expect("""
        mkfifo f; open x f rw; pipesz x 4096; epoll e; add e x IN|OUT|ET; wait e 4 -> [x:OUT]
        write x 4096; wait e 4 -> [x:IN]
        read x 4096; wait e 4 -> [x:OUT]
        """);

    [Fact]
    public void Of_several_epolls_the_last_to_add_a_file_is_woken_first() => ScriptRun.Expect("""
        epoll o; epoll a; epoll b; eventfd v; add o a IN|ET; add o b IN|ET; add a v IN|ET; add b v IN|ET
        evwrite v 1; wait o 4 -> [b:IN a:IN]
        """);

    [Fact]
    public void Modifying_leaves_a_registration_where_it_is_in_the_queue_and_adding_again_puts_it_first() => ScriptRun.Expect("""
        epoll o; epoll a; epoll b; eventfd v; add o a IN|ET; add o b IN|ET; add a v IN|ET; add b v IN|ET
        mod a v IN|ET; evwrite v 1; wait o 4 -> [b:IN a:IN]
        del a v; add a v IN|ET; wait o 4 -> [a:IN]
        evwrite v 1; wait o 4 -> [a:IN b:IN]
        """);

    [Fact]
    public void Exclusive_registrations_stand_behind_all_others_in_the_order_of_their_adding() => ScriptRun.Expect("""
        epoll o; epoll a; epoll b; epoll c; eventfd v; add o a IN|ET; add o b IN|ET; add o c IN|ET
        add a v IN|ET|EXCLUSIVE; add b v IN|ET|EXCLUSIVE; add c v IN|ET
        evwrite v 1; wait o 4 -> [c:IN a:IN b:IN]
        del a v; add a v IN|ET|EXCLUSIVE; wait o 4 -> [a:IN]
        evwrite v 1; wait o 4 -> [c:IN b:IN a:IN]
        """);

    [Fact]
    public void A_wake_makes_no_candidate_of_what_does_not_want_its_key() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v OUT|ET; wait e 4 -> [v:OUT]
        evwrite v 1; wait e 4 -> []
        evread v; wait e 4 -> [v:OUT]
        """);

    [Fact]
    public void Interest_in_a_bit_that_no_wake_has_never_fires_and_a_pipe_has_more_of_them_than_a_counter() => ScriptRun.Expect("""
        epoll e; eventfd v; pipe p; add e v RDNORM|ET; add e p.r RDNORM|ET
        evwrite v 1; wait e 4 -> []
        write p.w 1; wait e 4 -> [p.r:RDNORM]
        """);

    [Fact]
    public void A_wake_without_key_passes_every_interest() => ScriptRun.Expect("""
        epoll e; pipe p; add e p.r PRI|ET; write p.w 1; wait e 4 -> []
        close p.w; wait e 4 -> [p.r:HUP]
        """);

    [Fact]
    public void A_candidate_is_told_once_and_keeps_its_place_however_often_it_is_woken() => ScriptRun.Expect("""
        epoll e; eventfd a; eventfd b; add e a IN|ET; add e b IN|ET
        evwrite a 1; evwrite b 1; evwrite a 1; wait e 4 -> [a:IN b:IN]
        wait e 4 -> []
        """);

    [Fact]
    public void A_disarmed_one_shot_is_no_candidate_when_it_is_woken() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b; add e a IN|ONESHOT; add e b IN|ET; wait e 4 -> [a:IN]
        evwrite a 1; evwrite b 1; mod e a IN|ONESHOT; wait e 4 -> [b:IN a:IN]
        """);

    [Fact]
    public void Adding_and_arming_again_what_is_ready_wakes_who_watches_the_epoll() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v 1; add o i IN|ET; add i v IN|ET; wait o 4 -> [i:IN]
        wait i 4 -> [v:IN]
        wait o 4 -> []
        mod i v IN|ET; wait o 4 -> [i:IN]
        wait i 4; mod i v PRI|ET; wait o 4 -> []
        """);

    [Fact]
    public void Who_watches_an_epoll_is_woken_with_IN_whatever_the_file_said() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v; evwrite v max; add i v OUT|ET; add o i IN|ET; wait o 4 -> []
        evread v; wait o 4 -> [i:IN]
        """);
}
