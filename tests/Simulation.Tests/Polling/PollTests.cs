using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Objects;
using Spindle.Simulation.Scripts;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Polling;

/// <summary>poll(2) and select(2); what each object says to them is in the table of masks.</summary>
[Collection("running kernel")]
public sealed class PollTests
{
    [Fact]
    public void Each_entry_of_poll_is_looked_at_for_itself_and_those_that_have_something_are_counted() => ScriptRun.Expect("""
        eventfd v 1; poll #-1:IN v:IN v:OUT v:PRI v:IN|OUT -> 3 0 IN OUT 0 IN|OUT
        """);

    [Fact]
    public void A_closed_descriptor_is_invalid_to_poll_whatever_was_asked() => ScriptRun.Expect("""
        eventfd v 1; eventfd w; close w; poll w:IN v:IN w:0 -> 3 NVAL IN NVAL
        """);

    [Fact]
    public void A_descriptor_that_is_but_a_path_is_invalid_to_poll_and_in_all_sets_of_select() => ScriptRun.Expect("""
        open p path ro; poll p:IN -> 1 NVAL
        select p -> 3 rwx
        mask p -> epoll=EBADF poll=NVAL select=rwx
        """);

    [Fact]
    public void Poll_tells_errors_and_hang_ups_unasked_and_the_half_end_only_if_asked() => ScriptRun.Expect("""
        pipe p; close p.w; pipe q; close q.r; upair u; shutdown u.1 WR
        poll p.r:0 q.w:0 u.0:0 u.0:IN u.0:RDHUP -> 4 HUP ERR 0 IN RDHUP
        """);

    [Fact]
    public void Poll_says_of_a_file_that_cannot_be_polled_what_was_asked_of_it() => ScriptRun.Expect("""
        open r regular rw; poll r:0 r:IN|PRI|RDHUP r:OUT|WRNORM -> 2 0 IN OUT|WRNORM
        """);

    [Fact]
    public void Bits_beyond_the_sixteenth_do_not_exist_for_poll() => ScriptRun.Expect("""
        eventfd v 1; poll v:IN|ET|ONESHOT v:ET -> 1 IN 0
        """);

    [Fact]
    public void A_look_uses_nothing_up() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN|ET; evwrite v 1; poll v:IN -> 1 IN
        select v r -> 1 r
        poll v:IN -> 1 IN
        wait e 4 -> [v:IN]
        wait e 4 -> []
        """);

    [Fact]
    public void All_who_sleep_in_poll_are_woken_and_leave_the_wake_to_others() => ScriptRun.Expect("""
        pipe p; epoll e; add e p.r IN|EXCLUSIVE; spawn E wait e 4 -1; spawn A poll p.r IN -1; spawn B poll p.r IN -1
        write p.w 1; settle
        state E A B -> E=[p.r:IN] A=1 IN B=1 IN
        """);

    [Fact]
    public void Poll_goes_on_sleeping_when_a_wake_brought_nothing_and_ends_in_time() => ScriptRun.Expect("""
        eventfd v; spawn A poll v IN -1; evwrite v 0; settle
        state A -> A=blocked
        evwrite v 1; settle
        state A -> A=1 IN
        eventfd w; spawn B poll w IN 30; sleep 60
        state B -> B=0 0
        """);

    [Fact]
    public void Poll_takes_no_more_entries_than_there_can_be_descriptors()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        process.Files.Limit = 4;
        Assert.Equal(4, PollCalls.Poll(process, new PollEntry[4]).Int);
        Assert.Equal(Errno.EINVAL, PollCalls.Poll(process, new PollEntry[5]).Error);
    }

    [Fact]
    public void A_signal_ends_poll_only_where_nothing_is_ready()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        int fd = process.Open(new EventCounter(process.Machine, 1, false)).Int;
        process.Signals.Raise(10);
        PollWaitCall ready = new(process, [new PollEntry(fd, PollMask.In)]);
        ready.Start(Instant.Never);
        Assert.Equal(1, ready.Result.Int);
        PollWaitCall sleeping = new(process, [new PollEntry(fd, PollMask.Priority)]);
        sleeping.Start(Instant.Never);
        Assert.Equal(Errno.EINTR, sleeping.Result.Error);
        PollWaitCall looking = new(process, [new PollEntry(fd, PollMask.Priority)]);
        looking.Start(process.Machine.Monotonic.Now);
        Assert.Equal(0, looking.Result.Int);
    }

    [Fact]
    public void Select_counts_bits_and_tells_only_what_was_asked() => ScriptRun.Expect("""
        eventfd v 1; select v -> 2 rw
        select v r -> 1 r
        select v w -> 1 w
        select v x -> 0
        """);

    [Fact]
    public void To_select_hang_up_is_readable_an_error_both_and_only_urgent_data_an_exception() => ScriptRun.Expect("""
        pipe p; close p.w; select p.r -> 1 r
        pipe q; close q.r; select q.w -> 2 rw
        usock s; select s -> 2 rw
        tpair t; oob t.c; select t.s -> 2 wx
        """);

    [Fact]
    public void A_closed_descriptor_fails_select_and_one_beyond_the_table_is_not_even_cleared() => ScriptRun.Expect("""
        eventfd v; close v; select v -> EBADF
        select v x -> EBADF
        select #100000 -> 0 rwx
        select #100000 w -> 0 w
        """);

    [Fact]
    public void Select_of_less_than_no_descriptors_is_invalid() => ScriptRun.Expect("""
        select #-1 -> 0 rwx
        select #-2 -> EINVAL
        """);
}
