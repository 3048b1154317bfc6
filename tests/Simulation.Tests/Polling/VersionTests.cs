using Spindle.Simulation.Scripts;
using static Spindle.Simulation.Scripts.ScriptRun;

namespace Spindle.Simulation.Polling;

/// <summary>What older versions of Linux do otherwise, which the running one cannot show; what it does is in the tests of the tables.</summary>
public sealed class VersionTests
{
    private static readonly KernelRules Latest = KernelRules.Latest;

    [Fact]
    public void A_read_from_a_full_pipe_woke_writers_though_no_slot_came_free()
    {
        // The wake shows in an outer epoll's order: the pipe is a candidate, and not ready.
        const string Script = "pipe p; pipesz p.w 4096; epoll e; eventfd v; write p.w 4096; add e p.w OUT; add e v IN; read p.r 100; evwrite v 1; read p.r 3996; wait e 4";
        Assert.Equal("[v:IN p.w:OUT]", Results(Script)[^1]);
        Assert.Equal("[p.w:OUT v:IN]", Results(Script, Latest with { PipeReadMustFreeSlot = false })[^1]);
    }

    [Fact]
    public void A_polled_pipe_did_not_wake_at_every_write()
    {
        const string Script = "pipe p; epoll e; add e p.r IN|ET; write p.w 1; wait e 4; write p.w 1; wait e 4";
        Assert.Equal("[p.r:IN]", Results(Script)[^1]);
        Assert.Equal("[]", Results(Script, Latest with { PolledPipeAlwaysWakes = false })[^1]);
        Assert.Equal("[]", Results(Script, KernelRules.OfVersion(5, 10))[^1]);
    }

    [Fact]
    public void There_was_no_epoll_pwait2()
    {
        const string Script = "epoll e; pwait2 e 4 0 0";
        Assert.Equal("[]", Results(Script)[^1]);
        Assert.Equal("ENOSYS", Results(Script, KernelRules.OfVersion(5, 10))[^1]);
    }

    [Fact]
    public void Epolls_had_no_busy_poll_parameters()
    {
        const string Script = "epoll e; bpget e; bpset e 1 1 0";
        Assert.Equal("0", Results(Script)[^1]);
        Assert.Equal("EINVAL", Results(Script, KernelRules.OfVersion(6, 8))[^1]);
    }

    [Fact]
    public void EXCLUSIVE_was_a_bit_like_those_without_a_meaning()
    {
        const string Script = "epoll e; eventfd v; add e v IN|PRI|EXCLUSIVE; mod e v IN";
        Assert.Equal(["EINVAL", "ENOENT"], Results(Script)[^2..]);
        Assert.Equal(["0", "0"], Results(Script, KernelRules.OfVersion(4, 4))[^2..]);
    }

    [Fact]
    public void WAKEUP_is_kept_where_there_are_wakeup_sources()
    {
        const string Script = "epoll e; eventfd v; add e v IN|WAKEUP; fdinfo e";
        Assert.DoesNotContain("WAKEUP", Results(Script)[^1], System.StringComparison.Ordinal);
        Assert.Contains("WAKEUP", Results(Script, Latest with { HasWakeupSources = true })[^1], System.StringComparison.Ordinal);
    }

    [Fact]
    public void epoll_wait_looked_at_its_count_before_the_descriptor()
    {
        const string Script = "epoll e; wait #77 0";
        Assert.Equal("EBADF", Results(Script)[^1]);
        Assert.Equal("EINVAL", Results(Script, KernelRules.OfVersion(6, 12))[^1]);
    }
}
