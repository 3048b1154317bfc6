using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>Epolls that watch epolls, what closing does, and the limits.</summary>
[Collection("running kernel")]
public sealed class NestingTests
{
    [Fact]
    public void A_chain_has_at_most_five_epolls_from_whichever_end_it_is_built() => ScriptRun.Expect("""
        chain a 5 -> ok
        chain b 6 -> link 4->5 ELOOP
        chainup c 6 -> link 0->1 ELOOP
        """);

    [Fact]
    public void Older_kernels_measured_only_downward()
    {
        Assert.Equal("link 0->1 ELOOP", ScriptRun.Results("chainup c 6")[0]);
        Assert.Equal(["ok", "0", "EINVAL"], ScriptRun.Results("chain c 6; eventfd v; add c.5 v IN", KernelRules.OfVersion(6, 12)));
    }

    [Fact]
    public void A_circle_is_refused() => ScriptRun.Expect("""
        epoll a; epoll b; epoll c; add a b IN; add b c IN; add c a IN -> ELOOP
        """);

    [Fact]
    public void Paths_from_a_file_are_limited_by_how_many_epolls_are_between() => ScriptRun.Expect("""
        eventfd v; eventfd w; eventfd x; eventfd y; eventfd z
        fan 600 z -> ok after 600
        fan2 501 v -> EINVAL after 500
        fann 2 101 w -> EINVAL after 100
        fann 3 51 x -> EINVAL after 50
        fann 4 11 y -> EINVAL after 10
        """);

    [Fact]
    public void Looking_at_an_epoll_drops_what_is_stale_and_consumes_nothing() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd a; eventfd b; add o i IN; add i a IN|ET; add i b IN
        evwrite b 1; evread b; evwrite a 1; poll i:IN|RDNORM -> 1 IN|RDNORM
        wait o 4 -> [i:IN]
        wait i 4 -> [a:IN]
        wait o 4 -> []
        """);

    [Fact]
    public void Every_inner_edge_is_an_outer_edge() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v; add o i IN|ET; add i v IN; evwrite v 1; wait o 4 -> [i:IN]
        wait o 4 -> []
        evwrite v 1; wait o 4 -> [i:IN]
        """);

    [Fact]
    public void Interest_in_writing_to_an_epoll_never_fires() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v 1; add o i OUT; add i v IN; wait o 4 -> []
        """);

    [Fact]
    public void A_registration_lives_as_long_as_its_file_under_its_old_number() => ScriptRun.Expect("""
        epoll e; eventfd v; dup w v; add e v IN; close v; evwrite w 1; wait e 4 -> [v:IN]
        del e v -> EBADF
        dup2 w v -> 0
        del e v -> 0
        wait e 4 -> []
        """);

    [Fact]
    public void A_number_that_means_another_file_by_now_does_not_find_the_old_registration() => ScriptRun.Expect("""
        epoll e; eventfd v 1; dup w v; add e v IN; close v; eventfd x; del e x -> ENOENT
        add e x IN as new; evwrite x 1; wait e 4 -> [v:IN new:IN]
        close w; wait e 4 -> [new:IN]
        """);

    [Fact]
    public void A_user_may_watch_so_many_files_and_one_less_makes_room_for_one()
    {
        SimulatedMachine machine = new();
        machine.Watches.Max = 3;
        SimulatedProcess process = new(machine, user: 65533);
        int epollFd = EpollCalls.Create(process).Int;
        int[] fds = new int[4];
        for (int index = 0; index < 4; index++)
        {
            fds[index] = process.Open(new Objects.EventCounter(machine, 0, false)).Int;
        }

        for (int index = 0; index < 3; index++)
        {
            Assert.True(EpollCalls.Control(process, epollFd, 1, fds[index], Waiting.PollMask.In, 0).IsOk);
        }

        Assert.Equal(Kernels.Errno.ENOSPC, EpollCalls.Control(process, epollFd, 1, fds[3], Waiting.PollMask.In, 0).Error);
        Assert.Equal(Kernels.Errno.EEXIST, EpollCalls.Control(process, epollFd, 1, fds[2], Waiting.PollMask.In, 0).Error);
        Assert.True(EpollCalls.Control(process, epollFd, 3, fds[2], Waiting.PollMask.Out, 0).IsOk);
        process.Close(fds[0]);
        Assert.True(EpollCalls.Control(process, epollFd, 1, fds[3], Waiting.PollMask.In, 0).IsOk);
        process.Close(epollFd);
        Assert.Equal(0, machine.Watches.CountOf(65533));
    }

    [Fact]
    public void A_forked_child_shares_the_registrations()
    {
        SimulatedProcess parent = new(new SimulatedMachine());
        int epollFd = EpollCalls.Create(parent).Int;
        int fd = parent.Open(new Objects.EventCounter(parent.Machine, 1, false)).Int;
        EpollCalls.Control(parent, epollFd, 1, fd, Waiting.PollMask.In, 5);
        SimulatedProcess child = parent.Fork();
        parent.Close(fd);
        Kernels.EpollEvent[] events = new Kernels.EpollEvent[1];
        Assert.Equal(1, EpollCalls.Wait(parent, epollFd, 1, events).Int);
        child.Close(fd);
        Assert.Equal(0, EpollCalls.Wait(parent, epollFd, 1, events).Int);
    }

    [Fact]
    public void What_a_child_has_open_too_stays_registered_until_the_child_ends() => ScriptRun.Expect("""
        epoll e; eventfd v 1; pidfd c v; add e v IN; close v; wait e 4 -> [v:IN]
        fdinfo e -> n=1 v:IN|ERR|HUP
        kill c -> 0
        wait e 4 -> []
        fdinfo e -> n=0
        """);

    [Fact]
    public void Busy_poll_parameters_are_checked_and_kept() => ScriptRun.Expect("""
        epoll e; eventfd v; bpget e -> usecs=0 budget=0 prefer=0 pad=0
        bpset e 10 20 2 -> EINVAL
        bpset e 10 20 1 1 -> EINVAL
        bpset e 2147483648 20 1 -> EINVAL
        bpset e 10 20 1 -> 0
        bpget e -> usecs=10 budget=20 prefer=1 pad=0
        bpset v 1 1 1 -> ENOTTY
        """);

    [Fact]
    public void Chains_that_are_joined_count_together() => ScriptRun.Expect("""
        chain a 3; chain b 2; add a.2 b.0 IN -> 0
        chain c 3; chain d 3; add c.2 d.0 IN -> ELOOP
        add c.1 d.0 IN -> 0
        """);

    [Fact]
    public void Registrations_of_copies_of_a_descriptor_are_paths_of_their_own() => ScriptRun.Expect("""
        epoll i; eventfd v; dup w v; add i v IN; add i w IN; fan 251 i -> EINVAL after 250
        """);

    [Fact]
    public void Paths_are_counted_too_when_a_file_comes_under_an_epoll_that_is_watched() => ScriptRun.Expect("""
        epoll i; eventfd v; fan 501 i -> ok after 501
        add i v IN -> EINVAL
        fdinfo i -> n=0
        epoll e; add e v IN -> 0
        """);

    [Fact]
    public void A_look_at_an_epoll_takes_what_is_stale_out_of_the_order() => ScriptRun.Expect("""
        epoll i; eventfd a; eventfd b; add i a IN; add i b IN; evwrite b 1; evread b; evwrite a 1; evwrite b 1; wait i 4 -> [b:IN a:IN]
        evread a; evread b; evwrite b 1; evread b; evwrite a 1; poll i:IN -> 1 IN
        evwrite b 1; wait i 4 -> [a:IN b:IN]
        """);

    [Fact]
    public void An_outer_epoll_is_ready_until_the_inner_has_nothing_left() => ScriptRun.Expect("""
        epoll o; epoll i; eventfd v; eventfd w; add o i IN; add i v IN; evwrite v 1; wait o 4 -> [i:IN]
        wait i 4 -> [v:IN]
        wait o 4 -> [i:IN]
        evread v; wait o 4 -> []
        add i w IN|ONESHOT; evwrite w 1; wait o 4 -> [i:IN]
        wait o 4 -> [i:IN]
        wait i 4 -> [w:IN]
        wait o 4 -> []
        """);

    [Fact]
    public void A_copy_onto_a_watched_number_ends_its_registration() => ScriptRun.Expect("""
        epoll e; eventfd v 1; eventfd x 1; add e v IN; dup2 x v; wait e 4 -> []
        fdinfo e -> n=0
        """);

    [Fact]
    public void Copies_of_an_epolls_descriptor_share_the_registrations() => ScriptRun.Expect("""
        epoll e; eventfd v 1; dup f e; add f v IN; wait e 4 -> [v:IN]
        close e; mod f v IN as w; wait f 4 -> [w:IN]
        """);

    [Fact]
    public void Watches_are_counted_for_whoever_made_the_epoll_and_epolls_count_too()
    {
        SimulatedMachine machine = new();
        machine.Watches.Max = 2;
        SimulatedProcess maker = new(machine, user: 1000);
        int epollFd = EpollCalls.Create(maker).Int;
        SimulatedProcess other = maker.Fork();
        other.User = 1001;
        int inner = EpollCalls.Create(other).Int;
        int counter = other.Open(new Objects.EventCounter(machine, 0, false)).Int;
        Assert.True(EpollCalls.Control(other, epollFd, 1, inner, Waiting.PollMask.In, 0).IsOk);
        Assert.True(EpollCalls.Control(other, epollFd, 1, counter, Waiting.PollMask.In, 0).IsOk);
        Assert.Equal(2, machine.Watches.CountOf(1000));
        Assert.Equal(0, machine.Watches.CountOf(1001));
        int more = other.Duplicate(counter).Int;
        Assert.Equal(Kernels.Errno.ENOSPC, EpollCalls.Control(other, epollFd, 1, more, Waiting.PollMask.In, 0).Error);
        Assert.True(EpollCalls.Control(other, inner, 1, more, Waiting.PollMask.In, 0).IsOk);
        Assert.True(EpollCalls.Control(other, epollFd, 2, counter, Waiting.PollMask.None, 0).IsOk);
        Assert.True(EpollCalls.Control(other, epollFd, 1, more, Waiting.PollMask.In, 0).IsOk);
    }

    [Fact]
    public void A_full_quota_beats_too_many_paths_and_what_fails_takes_none_of_it()
    {
        SimulatedMachine machine = new();
        SimulatedProcess process = new(machine, user: 1000);
        int inner = EpollCalls.Create(process).Int;
        int counter = process.Open(new Objects.EventCounter(machine, 0, false)).Int;
        for (int index = 0; index < 501; index++)
        {
            Assert.True(EpollCalls.Control(process, EpollCalls.Create(process).Int, 1, inner, Waiting.PollMask.In, 0).IsOk);
        }

        Assert.Equal(Kernels.Errno.EINVAL, EpollCalls.Control(process, inner, 1, counter, Waiting.PollMask.In, 0).Error);
        Assert.Equal(501, machine.Watches.CountOf(1000));
        machine.Watches.Max = 501;
        Assert.Equal(Kernels.Errno.ENOSPC, EpollCalls.Control(process, inner, 1, counter, Waiting.PollMask.In, 0).Error);
    }

    [Fact]
    public void A_big_budget_of_busy_polls_needs_a_right_and_is_looked_at_last() => ScriptRun.Expect("""
        epoll e; bpsetuser e 1 64 0 -> 0
        bpsetuser e 1 65 0 -> EPERM
        bpget e -> usecs=1 budget=64 prefer=0 pad=0
        bpsetuser e 1 65 2 -> EINVAL
        bpset e 1 65 0 -> 0
        """);

    [Fact]
    public void Nobody_reads_from_an_epoll_or_writes_to_it() => ScriptRun.Expect("""
        epoll e; read e 10 -> EINVAL
        write e 1 -> EINVAL
        """);

    [Fact]
    public void An_epoll_is_made_with_no_flag_but_one_and_while_there_are_descriptors()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        process.Files.Limit = 2;
        foreach (int flags in (int[])[1, SimulatedProcess.CloseOnExec | 1, 0x800])
        {
            Assert.Equal(Kernels.Errno.EINVAL, Kernels.Raw.RawPolling.EpollCreate(flags).Error);
            Assert.Equal(Kernels.Errno.EINVAL, EpollCalls.Create(process, flags).Error);
        }

        Assert.True(EpollCalls.Create(process, 0).IsOk);
        Assert.True(EpollCalls.Create(process, SimulatedProcess.CloseOnExec).IsOk);
        Assert.Equal(Kernels.Errno.EMFILE, EpollCalls.Create(process).Error);
    }

    [Fact]
    public void Epolls_that_watch_a_file_themselves_are_not_limited_even_where_paths_are_counted() => ScriptRun.Expect("""
        eventfd v; fan 1001 v; epoll i; epoll o; add o i IN; add i v IN -> 0
        """);

    [Fact]
    public void A_file_has_left_all_epolls_before_its_closing_wakes_anybody() => ScriptRun.Expect("""
        epoll o; epoll e; pipe p; eventfd x; eventfd v; add o e IN|ET; add o x IN|ET; add e p.w PRI|ET; add e v IN
        close p.w; evwrite x 1; evwrite v 1; wait o 4 -> [x:IN e:IN]
        """);
}
