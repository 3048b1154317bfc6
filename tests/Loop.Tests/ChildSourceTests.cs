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

    private int Shell(string command)
    {
        Result result = Kernel.Spawn(new SpawnRequest("/bin/sh", ["sh", "-c", command]));
        Assert.True(result.IsOk, result.ToString());
        return result.Int;
    }
}
