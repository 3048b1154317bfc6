using System;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Scripts;
using Spindle.Simulation.Waiting;

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
        spawn S read p.r 10; write p.w 3; settle
        state S A -> S=blocked A=[p.r:IN]
        """);

    [Fact]
    public void A_wait_ends_when_its_time_is_over() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; spawn A wait e 4 30 -> blocked
        sleep 60; state A -> A=[]
        timerfd t; add e t IN; tset t 20; wait e 4 1000 -> [t:IN]
        """);

    [Fact]
    public void A_wake_for_nothing_puts_the_sleeper_back_at_the_head() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN|ET; spawn A wait e 4 -1; spawn B wait e 4 -1; evwrite v 0; settle
        state A B -> A=blocked B=blocked
        evwrite v 1; settle
        state A B -> A=blocked B=[v:IN]
        """);

    [Fact]
    public void A_wake_for_nothing_leaves_the_rest_of_the_time() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; spawn A wait e 4 100; sleep 40; evwrite v 0; settle; sleep 90
        state A -> A=[]
        """);

    [Fact]
    public void A_wait_does_not_end_before_its_time()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        EventPoll epoll = new(process.Machine, user: 0);
        EventCounter counter = new(process.Machine, 0, false);
        EpollCalls.Control(process, process.Open(epoll).Int, 1, process.Open(counter).Int, PollMask.In, 7);
        Instant startedAt = process.Machine.Monotonic.Now;
        EpollWaitCall early = new(process, epoll, new EpollEvent[1]);
        early.Start(startedAt + TimeSpan.FromMilliseconds(10));
        process.Machine.AdvanceTo(startedAt + TimeSpan.FromMilliseconds(10) - TimeSpan.FromTicks(1));
        Assert.False(early.IsDone);
        process.Machine.AdvanceTo(startedAt + TimeSpan.FromMilliseconds(10));
        Assert.Equal(0, early.Result.Int);
        Assert.True(early.IsDone);
    }

    [Fact]
    public void Who_was_woken_and_is_out_of_time_before_it_runs_finds_what_there_is() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN|ET; spawn A wait e 4 150 -> blocked
        late 200 evwrite v 1 -> 8
        state A -> A=[v:IN]
        spawn A wait e 4 150; late 200 evwrite v 1 + evread v -> 8 2
        state A -> A=[]
        wait e 4 -> []
        """);

    [Fact]
    public void A_signal_ends_a_sleep_and_stays_where_events_ended_it()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        EventPoll epoll = new(process.Machine, user: 0);
        int epollFd = process.Open(epoll).Int;
        process.Signals.Raise(10);
        EpollWaitCall interrupted = new(process, epoll, new EpollEvent[1]);
        interrupted.Start(Instant.Never);
        Assert.Equal(Errno.EINTR, interrupted.Result.Error);

        EpollCalls.Control(process, epollFd, 1, process.Open(new EventCounter(process.Machine, 1, false)).Int, PollMask.In, 7);
        EpollWaitCall served = new(process, epoll, new EpollEvent[1]);
        served.Start(Instant.Never);
        Assert.Equal(1, served.Result.Int);
        Assert.True(process.Signals.HasDeliverable);
    }

    [Fact]
    public void Those_who_watch_an_epoll_do_not_absorb_an_exclusive_wake() => ScriptRun.Expect("""
        pipe p; epoll o; epoll a; epoll b; add a p.r IN|EXCLUSIVE; add b p.r IN|EXCLUSIVE; add o a IN
        spawn O wait o 4 -1; spawn B wait b 4 -1; write p.w 1; settle
        state O B -> O=[a:IN] B=[p.r:IN]
        """);

    [Fact]
    public void What_an_exclusive_registration_does_not_want_goes_on_to_the_next() => ScriptRun.Expect("""
        eventfd v; epoll a; epoll b; add a v OUT|EXCLUSIVE|ET; add b v IN|EXCLUSIVE|ET; wait a 4 -> [v:OUT]
        spawn A wait a 4 -1; spawn B wait b 4 -1; evwrite v 1; settle
        state A B -> A=blocked B=[v:IN]
        """);

    [Fact]
    public void A_wake_of_one_without_key_is_absorbed_too() => ScriptRun.Expect("""
        inotify i; epoll a; epoll b; add a i IN|EXCLUSIVE; add b i IN|EXCLUSIVE
        spawn A wait a 4 -1; spawn B wait b 4 -1; touch i; settle
        state A B -> A=[i:IN] B=blocked
        """);

    [Fact]
    public void A_wake_of_all_reaches_every_exclusive_registration() => ScriptRun.Expect("""
        pipe p; epoll a; epoll b; add a p.r IN|EXCLUSIVE; add b p.r IN|EXCLUSIVE
        spawn A wait a 4 -1; spawn B wait b 4 -1; close p.w; settle
        state A B -> A=[p.r:HUP] B=[p.r:HUP]
        """);

    [Fact]
    public void All_normal_registrations_and_one_exclusive_are_woken_and_what_is_left_goes_to_nobody_else() => ScriptRun.Expect("""
        pipe p; epoll a; epoll b; epoll m; epoll n; add a p.r IN|EXCLUSIVE; add b p.r IN|EXCLUSIVE; add m p.r IN; add n p.r IN
        spawn A wait a 4 -1; spawn B wait b 4 -1; spawn M wait m 4 -1; spawn N wait n 4 -1; write p.w 1; settle
        state A B M N -> A=[p.r:IN] B=blocked M=[p.r:IN] N=[p.r:IN]
        """);

    [Fact]
    public void Closing_what_is_watched_wakes_nobody() => ScriptRun.Expect("""
        epoll e; eventfd v; pipe p; add e v IN; add e p.r IN; spawn A wait e 4 -1; close v; close p.r; settle
        state A -> A=blocked
        fdinfo e -> n=0
        """);
}
