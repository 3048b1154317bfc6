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
        Assert.Equal("ok", ScriptRun.Results("chain c 6", KernelRules.OfVersion(6, 12))[0]);
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
    public void Busy_poll_parameters_are_checked_and_kept() => ScriptRun.Expect("""
        epoll e; eventfd v; bpget e -> usecs=0 budget=0 prefer=0 pad=0
        bpset e 10 20 2 -> EINVAL
        bpset e 10 20 1 1 -> EINVAL
        bpset e 2147483648 20 1 -> EINVAL
        bpset e 10 20 1 -> 0
        bpget e -> usecs=10 budget=20 prefer=1 pad=0
        bpset v 1 1 1 -> ENOTTY
        """);
}
