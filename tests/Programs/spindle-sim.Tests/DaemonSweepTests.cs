using System.Collections.Generic;
using Spindle.Kernels;
using Spindle.Simulation.Faults;

namespace Spindle.Programs.Net.Tests;

public sealed class DaemonSweepTests
{
    [Theory]
    [InlineData(SystemCall.Send, Errno.ENOBUFS)]
    [InlineData(SystemCall.Socket, Errno.EMFILE)]
    [InlineData(SystemCall.EpollAdd, Errno.ENOSPC)]
    [InlineData(SystemCall.Open, Errno.ENOMEM)]
    public void Each_call_of_a_kind_may_fail_and_the_daemon_comes_online(SystemCall call, Errno error)
    {
        List<string> broken = [];
        long runs = DaemonSweep.Run(stride: 1, seed: 1, (failure, result) => broken.AddRange(result.Violations), (which, met) => which == call && met == error);
        Assert.True(runs > 5, $"{runs} runs");
        Assert.Empty(broken);
    }

    [Fact]
    public void Whichever_system_call_fails_the_daemon_comes_online_and_stays_so()
    {
        List<string> broken = [];
        long runs = DaemonSweep.Run(stride: 1, seed: 1, (failure, result) =>
        {
            foreach (string violation in result.Violations)
            {
                broken.Add($"{failure}: {violation}");
            }
        });
        Assert.True(runs > 800, $"{runs} runs");
        Assert.Empty(broken);
    }
}
