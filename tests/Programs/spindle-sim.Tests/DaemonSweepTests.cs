using System.Collections.Generic;

namespace Spindle.Programs.Net.Tests;

public sealed class DaemonSweepTests
{
    [Fact]
    public void Whichever_system_call_fails_at_the_start_the_daemon_comes_online()
    {
        List<string> broken = [];
        long runs = DaemonSweep.Run(stride: 5, seed: 1, (failure, result) =>
        {
            foreach (string violation in result.Violations)
            {
                broken.Add($"{failure}: {violation}");
            }
        });
        Assert.True(runs > 80, $"{runs} runs");
        Assert.Empty(broken);
    }
}
