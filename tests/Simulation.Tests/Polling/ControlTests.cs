using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>epoll_ctl: which error is told when several things are wrong, and what adding and modifying do.</summary>
[Collection("running kernel")]
public sealed class ControlTests
{
    [Fact]
    public void A_closed_descriptor_beats_what_the_other_is() => ScriptRun.Expect("""
        eventfd v; add v #99 IN -> EBADF
        add #99 v IN -> EBADF
        """);

    [Fact]
    public void What_cannot_be_polled_is_not_permitted_even_where_all_is_wrong() => ScriptRun.Expect("""
        epoll e; open f regular rw; open n null rw; open d dir ro; eventfd v
        add e f IN -> EPERM
        add v n IN -> EPERM
        ctl 9 e d IN -> EPERM
        """);

    [Fact]
    public void An_epoll_does_not_watch_itself_and_only_an_epoll_watches() => ScriptRun.Expect("""
        epoll e; eventfd v; add e e IN -> EINVAL
        add v e IN -> EINVAL
        del v v -> EINVAL
        """);

    [Fact]
    public void Exclusive_is_checked_before_existence() => ScriptRun.Expect("""
        epoll e; epoll f; eventfd v
        mod e v IN|EXCLUSIVE -> EINVAL
        add e f IN|EXCLUSIVE -> EINVAL
        add e v IN|PRI|EXCLUSIVE -> EINVAL
        add e v IN|ONESHOT|EXCLUSIVE -> EINVAL
        add e v IN|OUT|ERR|HUP|WAKEUP|ET|EXCLUSIVE -> 0
        mod e v IN -> EINVAL
        """);

    [Fact]
    public void Existence_is_by_file_and_number() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN -> 0
        add e v IN -> EEXIST
        dup w v; add e w IN -> 0
        mod e #77 IN -> EBADF
        del e w; del e w -> ENOENT
        mod e w IN -> ENOENT
        ctl 0 e v IN -> EINVAL
        ctl 4 e w IN -> EINVAL
        """);

    [Fact]
    public void An_event_that_cannot_be_read_beats_everything_but_for_a_deletion()
    {
        SimulatedProcess process = new(new SimulatedMachine());
        Assert.Equal(Kernels.Errno.EFAULT, EpollCalls.Control(process, 90, 1, 91, null, 0).Error);
        Assert.Equal(Kernels.Errno.EFAULT, EpollCalls.Control(process, 90, 77, 91, null, 0).Error);
        Assert.Equal(Kernels.Errno.EBADF, EpollCalls.Control(process, 90, 2, 91, null, 0).Error);
    }

    [Fact]
    public void Modifying_arms_again_keeps_the_place_and_reports_the_new_data() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1
        add e a IN|ET as a1; add e b IN as b1
        mod e a IN|ET as a2; wait e 8 -> [a2:IN b1:IN]
        wait e 8 -> [b1:IN]
        mod e a IN|ET as a3; wait e 8 -> [b1:IN a3:IN]
        """);

    [Fact]
    public void Deleting_loses_the_edge_and_adding_again_goes_to_the_tail() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1
        add e a IN; add e b IN; del e a; add e a IN; wait e 8 -> [b:IN a:IN]
        del e a; del e b; wait e 8 -> []
        """);

    [Fact]
    public void Bits_without_meaning_are_kept_and_never_reported() => ScriptRun.Expect("""
        epoll e; eventfd v 1; add e v IN|NVAL|MSG|0x4000000 -> 0
        fdinfo e -> n=1 v:IN|ERR|HUP|NVAL|MSG|0x4000000
        wait e 4 -> [v:IN]
        """);

    [Fact]
    public void An_event_that_cannot_be_read_beats_what_else_is_wrong() => ScriptRun.Expect("""
        epoll e; eventfd v; open r regular rw; add e v IN; ctlfault 1 #99 v -> EFAULT
        ctlfault 1 e #99 -> EFAULT
        ctlfault 1 e r -> EFAULT
        ctlfault 1 e e -> EFAULT
        ctlfault 1 v v -> EFAULT
        ctlfault 1 e v -> EFAULT
        ctlfault 3 e r -> EFAULT
        ctlfault 0 #99 #98 -> EFAULT
        ctlfault 7 e v -> EFAULT
        """);

    [Fact]
    public void A_deletion_does_not_look_at_its_event() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN; ctlfault 2 e v -> 0
        ctlfault 2 e v -> ENOENT
        ctlfault 2 #99 v -> EBADF
        add e v IN; ctl 2 e v IN|PRI|EXCLUSIVE -> 0
        ctl 2 e v IN|PRI|EXCLUSIVE -> ENOENT
        """);

    [Fact]
    public void No_descriptor_is_below_zero() => ScriptRun.Expect("""
        epoll e; eventfd v; add e #-1 IN -> EBADF
        mod #-1 v IN -> EBADF
        del e #-1 -> EBADF
        """);

    [Fact]
    public void A_descriptor_that_is_but_a_path_is_none() => ScriptRun.Expect("""
        epoll e; eventfd v; open p path ro; add e p IN -> EBADF
        add p v IN -> EBADF
        wait p 1 -> EBADF
        """);

    [Fact]
    public void What_cannot_be_polled_beats_what_is_wrong_with_exclusive_which_beats_existence_and_circles() => ScriptRun.Expect("""
        epoll e; epoll f; eventfd v; open r regular rw; add e r IN|PRI|EXCLUSIVE -> EPERM
        mod e r IN|EXCLUSIVE -> EPERM
        add e v IN; add e v IN|PRI|EXCLUSIVE -> EINVAL
        add f e IN; add e f IN -> ELOOP
        add e f IN|EXCLUSIVE -> EINVAL
        """);

    [Fact]
    public void Only_adding_counts_the_epolls_of_a_chain() => ScriptRun.Expect("""
        chain c 5; mod c.0 c.1 OUT -> 0
        add c.0 c.1 IN -> EEXIST
        mod c.4 c.0 IN -> ENOENT
        ctl 7 c.4 c.0 IN -> EINVAL
        del c.0 c.1 -> 0
        """);

    [Fact]
    public void Adding_and_arming_again_wake_one_sleeper() => ScriptRun.Expect("""
        epoll e; eventfd v 1; spawn A wait e 4 -1; spawn B wait e 4 -1; add e v IN|ET; settle
        state A B -> A=blocked B=[v:IN]
        mod e v IN|ET; settle
        state A B -> A=[v:IN] B=[v:IN]
        """);

    [Fact]
    public void Modifying_to_what_does_not_match_keeps_the_place_until_the_next_scan() => ScriptRun.Expect("""
        epoll e; eventfd a 1; eventfd b 1; add e a IN; add e b IN; mod e a PRI; mod e a IN; wait e 8 -> [a:IN b:IN]
        mod e a PRI; wait e 8 -> [b:IN]
        mod e a IN; wait e 8 -> [b:IN a:IN]
        """);

    [Fact]
    public void An_edge_dies_with_its_registration_and_adding_again_asks_anew() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v IN|ET; evwrite v 1; del e v; wait e 8 -> []
        add e v IN|ET; wait e 8 -> [v:IN]
        wait e 8 -> []
        """);

    [Fact]
    public void What_is_reported_with_an_event_is_nobodys_business()
    {
        const ulong Data = 0xFEDC_BA98_7654_3210;
        SimulatedProcess process = new(new SimulatedMachine());
        int epollFd = EpollCalls.Create(process).Int;
        int fd = process.Open(new Objects.EventCounter(process.Machine, 1, false)).Int;
        EpollCalls.Control(process, epollFd, 1, fd, Waiting.PollMask.In, Data);
        Kernels.EpollEvent[] events = new Kernels.EpollEvent[1];
        EpollCalls.Wait(process, epollFd, 1, events);
        Assert.Equal(Data, events[0].Data);
        EpollCalls.Control(process, epollFd, 3, fd, Waiting.PollMask.In, ulong.MaxValue);
        EpollCalls.Wait(process, epollFd, 1, events);
        Assert.Equal(ulong.MaxValue, events[0].Data);
    }
}
