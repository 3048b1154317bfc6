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
        """.Replace("ERR|HUP|NVAL", "ERR|HUP|NVAL", System.StringComparison.Ordinal));
}
