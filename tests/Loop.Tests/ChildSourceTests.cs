using System;
using System.IO;
using Spindle.Kernels;

namespace Spindle.Loop.Tests;

public sealed class ChildSourceTests : LoopTest
{
    [Fact]
    public void The_exit_code_comes_back_once()
    {
        int child = Shell("exit 7");
        ExitStatus? seen = null;
        ChildSource source = Loop.AddChild(child, (self, status) =>
        {
            Assert.False(self.IsActive);
            Assert.Null(seen);
            seen = status;
        });
        TurnUntil(() => seen is not null);
        Assert.Equal(new ExitStatus(child, IsSignalled: false, Code: 7), seen);
        Assert.Equal(child, source.ProcessId);
        Assert.False(Loop.Iterate(mayBlock: false));
        Assert.Throws<ArgumentException>(() => Loop.AddChild(child, (_, _) => { }));
    }

    [Fact]
    public void The_signal_that_ended_it_comes_back()
    {
        int child = Shell("kill -9 $$");
        ExitStatus? seen = null;
        Loop.AddChild(child, (_, status) => seen = status);
        TurnUntil(() => seen is not null);
        Assert.Equal(new ExitStatus(child, IsSignalled: true, Code: 9), seen);
    }

    [Fact]
    public void Removed_before_the_end_it_leaves_the_status_for_others()
    {
        int child = Shell("exit 3");
        ChildSource first = Loop.AddChild(child, (_, _) => Trace.Add("first"));
        first.Remove();
        ExitStatus? seen = null;
        Loop.AddChild(child, (_, status) => seen = status);
        TurnUntil(() => seen is not null);
        Assert.Equal(3, seen!.Value.Code);
        Assert.Empty(Trace);
    }

    [Fact]
    public void Many_children_are_all_told()
    {
        int sum = 0;
        int left = 20;
        for (int code = 0; code < 20; code++)
        {
            Loop.AddChild(Shell($"exit {code}"), (_, status) =>
            {
                sum += status.Code;
                left--;
            });
        }

        TurnUntil(() => left == 0);
        Assert.Equal(190, sum);
    }

    [Fact]
    public void A_loop_that_goes_closes_its_pidfds()
    {
        int child = Shell("exec sleep 100");
        EventLoop other = new(Kernel);
        other.AddChild(child, (_, _) => { });
        Assert.True(HasPidFd(child));
        other.Dispose();
        Assert.False(HasPidFd(child));
        bool isReaped = false;
        Loop.AddChild(child, (_, _) => isReaped = true);
        Kernel.SendSignal(child, 15);
        TurnUntil(() => isReaped);
    }

    private static bool HasPidFd(int child)
    {
        foreach (string file in Directory.GetFiles("/proc/self/fdinfo"))
        {
            try
            {
                if (File.ReadAllText(file).Contains($"\nPid:\t{child}\n", StringComparison.Ordinal))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // Another test's descriptor, closed meanwhile.
            }
        }

        return false;
    }

    [Fact]
    public void Somebody_who_waits_first_leaves_an_unknown_end()
    {
        int child = Shell("exit 5");
        ExitStatus? seen = null;
        Loop.AddChild(child, (_, status) => seen = status);
        int pidFd = Own(Kernel.PidFdOpen(child));
        while (Kernel.WaitForChild(pidFd, out ExitStatus first).Is(Errno.EAGAIN))
        {
            Assert.False(first.IsSignalled);
        }

        TurnUntil(() => seen is not null);
        Assert.Equal(ExitStatus.Unknown(child), seen);
        Assert.False(seen!.Value.IsKnown);
    }

    [Fact]
    public void Two_watches_of_one_child_are_both_told_and_one_of_them_how()
    {
        int child = Shell("exit 6");
        int known = 0;
        int told = 0;
        for (int index = 0; index < 2; index++)
        {
            Loop.AddChild(child, (_, status) =>
            {
                told++;
                known += status.IsKnown ? 1 : 0;
            });
        }

        TurnUntil(() => told == 2);
        Assert.Equal(1, known);
    }

    [Fact]
    public void A_child_of_our_own_is_killed_and_waited_for_when_its_source_goes()
    {
        int child = Shell("exec sleep 1000");
        ChildSource source = Loop.AddChild(child, (_, _) => Trace.Add("told"));
        source.KillsOnRemoval = true;
        source.Remove();

        // Waited for: its number is free. Until then each turn may be the one that sees its end.
        TurnUntil(() => Kernel.SendSignal(child, 0).Is(Errno.ESRCH));
        Assert.Empty(Trace);
        Assert.False(HasPidFd(child));
        Assert.Equal(Errno.ESRCH, source.Send(15).Error);
    }

    [Fact]
    public void A_child_of_our_own_is_killed_when_its_loop_goes()
    {
        int child = Shell("exec sleep 1000");
        EventLoop other = new(Kernel);
        other.AddChild(child, (_, _) => { }).KillsOnRemoval = true;
        ExitStatus? seen = null;
        Loop.AddChild(child, (_, status) => seen = status);
        other.Dispose();
        TurnUntil(() => seen is not null);
        Assert.True(!seen!.Value.IsKnown || seen.Value is { IsSignalled: true, Code: 9 });
    }

    [Fact]
    public void A_child_of_our_own_that_ended_is_told_of_and_not_killed()
    {
        int child = Shell("exit 8");
        ExitStatus? seen = null;
        Loop.AddChild(child, (_, status) => seen = status).KillsOnRemoval = true;
        TurnUntil(() => seen is not null);
        Assert.Equal(8, seen!.Value.Code);
    }

    [Fact]
    public void A_signal_through_the_source_reaches_the_child()
    {
        int child = Shell("exec sleep 1000");
        ExitStatus? seen = null;
        ChildSource source = Loop.AddChild(child, (_, status) => seen = status);
        Assert.True(source.Send(15).IsOk);
        TurnUntil(() => seen is not null);
        Assert.Equal(new ExitStatus(child, IsSignalled: true, Code: 15), seen);
    }

    [Fact]
    public void Where_the_system_discards_exit_statuses_a_watch_is_refused()
    {
        using EventLoop other = new(new DiscardingKernel());
        int child = Shell("exit 0");
        Assert.Contains(
            "SIGCHLD", Assert.Throws<InvalidOperationException>(() => other.AddChild(child, (_, _) => { })).Message);
        Assert.False(Kernel.DiscardsExitStatus);
        bool isReaped = false;
        Loop.AddChild(child, (_, _) => isReaped = true);
        TurnUntil(() => isReaped);
    }

    private sealed class DiscardingKernel : LinuxKernel
    {
        public override bool DiscardsExitStatus => true;
    }

    private int Shell(string command)
    {
        Result result = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", command]));
        Assert.True(result.IsOk, result.ToString());
        return result.Int;
    }
}
