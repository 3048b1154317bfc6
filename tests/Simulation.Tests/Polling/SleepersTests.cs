using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>Threads that sleep: who is woken, and by what.</summary>
[Collection("running kernel")]
public sealed class SleepersTests
{
    [Fact]
    public void Of_several_sleepers_the_last_is_woken_and_passes_on_what_is_level_triggered() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN|ET; spawn A wait e 4 -1; spawn B wait e 4 -1; evwrite v 1; settle
        state A B -> A=blocked B=[v:IN]
        epoll f; eventfd w; add f w IN; spawn C wait f 4 -1; spawn D wait f 4 -1; evwrite w 1; settle
        state C D -> C=[w:IN] D=[w:IN]
        """);

    [Fact]
    public void An_exclusive_wake_ends_at_the_first_epoll_in_which_somebody_sleeps() => ScriptRun.Expect("""
        pipe p; epoll a; epoll b; epoll c; add a p.r IN|EXCLUSIVE; add b p.r IN|EXCLUSIVE; add c p.r IN|EXCLUSIVE|ET
        spawn B wait b 4 -1; spawn C wait c 4 -1; write p.w 1; settle
        state B C -> B=[p.r:IN] C=blocked
        wait a 4 -> [p.r:IN]
        """);

    [Fact]
    public void Normal_registrations_are_all_woken() => ScriptRun.Expect("""
        pipe p; epoll a; epoll b; add a p.r IN|ET; add b p.r IN|ET; spawn A wait a 4 -1; spawn B wait b 4 -1; write p.w 1; settle
        state A B -> A=[p.r:IN] B=[p.r:IN]
        """);

    [Fact]
    public void Adding_what_is_ready_wakes_a_sleeper() => ScriptRun.Expect("""
        epoll e; eventfd v 1; spawn A wait e 4 -1 -> blocked
        add e v IN; settle
        state A -> A=[v:IN]
        """);

    [Fact]
    public void Closing_an_epoll_wakes_nobody_and_its_sleepers_still_get_events() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; spawn A wait e 4 -1; close e; settle
        state A -> A=blocked
        evwrite v 1; settle
        state A -> A=[v:IN]
        """);

    [Fact]
    public void A_sleeper_in_poll_is_woken_by_its_file() => ScriptRun.Expect("""
        pipe p; spawn A poll p.r IN -1 -> blocked
        write p.w 1; settle
        state A -> A=1 IN
        """);

    [Fact]
    public void A_blocked_reader_competes_with_exclusive_registrations_in_the_order_of_arrival() => ScriptRun.Expect("""
        bpipe p; epoll e; spawn R read p.r 10 -> blocked
        add e p.r IN|EXCLUSIVE|ET; spawn A wait e 4 -1; write p.w 3; settle
        state R A -> R=3 A=blocked
        """);

    [Fact]
    public void A_wait_ends_when_its_time_is_over() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; spawn A wait e 4 30 -> blocked
        sleep 60; state A -> A=[]
        timerfd t; add e t IN; tset t 20; wait e 4 1000 -> [t:IN]
        """);
}
