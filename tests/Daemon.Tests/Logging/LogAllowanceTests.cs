using System;
using System.Collections.Generic;
using Spindle.Daemon.Logging;
using Spindle.Loop;
using Spindle.Simulation;

namespace Spindle.Daemon.Tests.Logging;

public sealed class LogAllowanceTests : IDisposable
{
    private readonly EventLoop loop = new(new SimulatedKernel());
    private readonly List<long> told = [];
    private readonly LogAllowance allowance;

    public LogAllowanceTests() => allowance = new LogAllowance(loop, told.Add);

    public void Dispose() => loop.Dispose();

    [Fact]
    public void A_few_lines_may_come_at_once_and_the_number_of_the_rest_is_told_at_the_end_of_the_interval()
    {
        Assert.Equal(LogAllowance.LinesMax, Take(10));
        Pass(TimeSpan.FromSeconds(0.9));
        Assert.Equal(0, Take(3));
        Assert.Empty(told);
        Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal([9], told);
        Assert.Equal(2, Take(2));
        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal([9], told);
    }

    [Fact]
    public void A_flood_that_lasts_has_its_lines_in_every_interval()
    {
        int lines = 0;
        for (int count = 0; count < 1000; count++)
        {
            lines += Take(1);
            Pass(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(lines, 9 * LogAllowance.LinesMax, 10 * LogAllowance.LinesMax);
        Pass(TimeSpan.FromSeconds(1));
        long all = lines;
        told.ForEach(count => all += count);
        Assert.Equal(1000, all);
        Assert.InRange(told.Count, 9, 10);
    }

    [Fact]
    public void What_was_left_out_is_told_at_the_end()
    {
        Take(LogAllowance.LinesMax);
        allowance.Close();
        Assert.Empty(told);
        Take(7);
        allowance.Close();
        Assert.Equal([7], told);
    }

    [Fact]
    public void Where_no_line_is_left_out_nothing_is_allocated()
    {
        Take(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Take(LogAllowance.LinesMax - 1);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private int Take(int count)
    {
        int lines = 0;
        for (; count > 0; count--)
        {
            lines += allowance.TryTake() ? 1 : 0;
        }

        return lines;
    }

    private void Pass(TimeSpan span)
    {
        TimerSource stop = loop.AddTimer((_, _) => loop.Quit(), name: "test");
        stop.ArmAfter(span);
        loop.Run();
        stop.Remove();
    }
}
