using System;
using System.Collections.Generic;
using Spindle.Daemon.ServiceManager;
using Spindle.Daemon.Tests.Storage;
using Spindle.Kernels;

namespace Spindle.Daemon.Tests.ServiceManager;

public sealed class BackgroundStartTests
{
    private readonly LinuxKernel kernel = new();

    [Fact]
    public void The_parent_ends_well_when_the_child_is_ready_and_does_not_wait_for_its_end()
    {
        using TemporaryDirectory directory = new();
        BackgroundOutcome outcome = Run($"printf '\\006' >&3; exec 3>&-; read x < {Fifo(directory)}; echo done > {directory.Path("end")}");
        Assert.Equal(new BackgroundOutcome(0, ""), outcome);
        Assert.False(directory.Has("end"));
        System.IO.File.WriteAllText(directory.Path("fifo"), "go\n");
        Await(directory, "end");
    }

    [Fact]
    public void The_parent_says_what_the_child_says()
    {
        Assert.Equal(
            new BackgroundOutcome(1, "spindled: net.connman is owned by another\n"),
            Run("printf 'net.connman is owned by another' >&3; exit 1"));
    }

    [Theory]
    [InlineData("exit 3", "spindled: ended with code 3 before it was ready\n")]
    [InlineData("kill -9 $$", "spindled: ended by signal 9 before it was ready\n")]
    public void A_child_that_ends_without_a_word_is_a_failure(string script, string message) =>
        Assert.Equal(new BackgroundOutcome(1, message), Run(script));

    [Fact]
    public void A_child_that_never_is_ready_is_ended()
    {
        using TemporaryDirectory directory = new();
        string script = $"trap 'echo ended > {directory.Path("end")}; exit' TERM; while :; do read x < {Fifo(directory)}; done";
        BackgroundOutcome outcome = BackgroundStart.Run(kernel, ["sh", "-c", script], [], TimeSpan.FromMilliseconds(300), "/bin/sh");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("not ready within", outcome.Message, StringComparison.Ordinal);

        Await(directory, "end");
    }

    [Fact]
    public void The_child_leads_a_session_and_has_no_terminal_and_the_environment()
    {
        using TemporaryDirectory directory = new();
        Run($"(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2; cut -d' ' -f6 /proc/$$/stat; echo $$; echo $A $SPINDLED_READY_FD) > {directory.Path("out")}; printf '\\006' >&3", ["A=b"]);
        string[] lines = directory.Read("out").Split('\n');
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], lines[..3]);
        Assert.Equal(lines[4], lines[3]);
        Assert.Equal("b 3", lines[5]);
    }

    [Fact]
    public void What_cannot_be_started_is_a_failure()
    {
        BackgroundOutcome outcome = BackgroundStart.Run(kernel, ["x"], [], TimeSpan.FromSeconds(10), "/nonexistent");
        Assert.Equal(new BackgroundOutcome(1, "spindled: cannot start in the background: ENOENT\n"), outcome);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("x")]
    [InlineData("99999")]
    public void Who_was_not_started_in_the_background_has_no_pipe(string? variable) =>
        Assert.Null(ReadinessPipe.Open(kernel, variable));

    [Fact]
    public void The_pipe_carries_one_report_and_the_inherited_descriptor_is_gone()
    {
        int[] ends = new int[2];
        Assert.True(kernel.Pipe(ends).IsOk);
        ReadinessPipe? pipe = ReadinessPipe.Open(kernel, $"{ends[1]}");
        Assert.NotNull(pipe);
        pipe.Ready();
        pipe.Fail("too late");
        byte[] octets = new byte[16];
        Assert.Equal(1, kernel.Read(ends[0], octets).Value);
        Assert.Equal(6, octets[0]);
        Assert.Equal(Result.Ok(), kernel.Read(ends[0], octets));
        kernel.Close(ends[0]);
    }

    private BackgroundOutcome Run(string script, IReadOnlyList<string>? environment = null) =>
        BackgroundStart.Run(kernel, ["sh", "-c", script], environment ?? [], TimeSpan.FromSeconds(10), "/bin/sh");

    /// <summary>A child's last file: after it, the child writes nothing into the directory any more.</summary>
    private void Await(TemporaryDirectory directory, string name)
    {
        using var loop = new Loop.EventLoop(kernel);
        Loop.TimerSource poll = loop.AddTimer((timer, _) => timer.ArmAfter(TimeSpan.FromMilliseconds(10)));
        poll.ArmAfter(TimeSpan.Zero);
        loop.Until(() => directory.Has(name));
    }

    private static string Fifo(TemporaryDirectory directory)
    {
        string path = directory.Path("fifo");
        using System.Diagnostics.Process made = System.Diagnostics.Process.Start("mkfifo", path);
        made.WaitForExit();
        return path;
    }
}
