using System;
using System.IO;
using System.Text;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

/// <summary>What ends a process or needs one of its own: <c>tests/Programs/BadUseProgram</c>.</summary>
public sealed class BadUseProgramTests : LoopTest
{
    private const int SignalAbort = 6;

    private readonly StringBuilder output = new();
    private ExitStatus? ended;

    [Fact]
    public void A_callback_that_throws_ends_the_process_with_a_message_that_names_the_source()
    {
        Start("exec \"$0\" throw");
        Assert.Equal((true, SignalAbort), (ended!.Value.IsSignalled, ended.Value.Code));
        Assert.Contains("The callback of IdleSource 'culprit' threw FormatException: bad", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forked_child_is_refused_everything_and_touches_nothing_of_the_loop()
    {
        // Where its code is mapped twice (the default), the runtime takes it away from forked children.
        Start("export DOTNET_EnableWriteXorExecute=0; exec \"$0\" fork");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
    }

    [Theory]
    [InlineData(WaitingBy.Epoll)]
    [InlineData(WaitingBy.Poll)]
    [InlineData(WaitingBy.Select)]
    [InlineData(WaitingBy.IoUring)]
    public void A_storm_of_interrupting_signals_loses_nothing_and_makes_no_timer_early(WaitingBy waiting)
    {
        Start($"exec \"$0\" storm {waiting}");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
    }

    [Theory]
    [InlineData(WaitingBy.Epoll)]
    [InlineData(WaitingBy.Poll)]
    [InlineData(WaitingBy.Select)]
    public void Without_descriptors_a_loop_is_not_made_and_leaves_none_behind(WaitingBy waiting)
    {
        Start($"ulimit -n 256; exec \"$0\" descriptors {waiting}");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
    }

    [Fact]
    public void Where_SIGCHLD_is_ignored_a_watch_of_a_child_is_refused()
    {
        Start("exec \"$0\" ignored");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
    }

    [Fact]
    public void Metrics_need_no_EventSource()
    {
        Start("exec \"$0\" metrics");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
    }

    [Theory]
    [InlineData("EPERM", "kernel.io_uring_disabled, or a filter of system calls")]
    [InlineData("ENOSYS", "it has none")]
    [InlineData("ENOMEM", "no room")]
    public void Where_a_filter_refuses_io_uring_the_loop_works_by_epoll_and_says_why_in_one_line(string error, string why)
    {
        Start($"exec \"$0\" refused {error}");
        Assert.Equal((false, 0), (ended!.Value.IsSignalled, ended.Value.Code));
        Assert.Equal($"The kernel refuses io_uring ({error}: {why}); the loop waits by epoll.\n", output.ToString());
    }

    private void Start(string script)
    {
        (int reader, int writer) = Pipe();
        string path = Path.Combine(AppContext.BaseDirectory, "BadUseProgram");
        Result result = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", $"ulimit -c 0; {script}", path])
        {
            Descriptors = [(writer, 1), (writer, 2)],
        });
        Assert.True(result.IsOk, result.ToString());
        Loop.AddChild(result.Int, (_, status) => ended = status, Priority.Low);
        bool isOver = false;
        Loop.AddFd(reader, FdEvents.Readable, (source, _) =>
        {
            byte[] octets = new byte[4096];
            Result read = Kernel.Read(source.Fd, octets);
            isOver = read is { IsOk: true, Value: 0 };
            output.Append(Encoding.UTF8.GetString(octets, 0, read.Int));
            if (isOver)
            {
                source.Remove();
            }
        });
        Close(writer);
        TurnUntil(() => ended is not null && isOver);
    }
}
