using System;
using Spindle.Basics;
using Spindle.Loop;

namespace Spindle.Bench.Loop;

/// <summary>Timers: put in, expired, moved; and how late one is. As in the C peers' workloads.h.</summary>
internal sealed class Timers
{
    private const int Samples = 300;

    private readonly EventLoop loop = Bench.NewLoop();
    private readonly long[] late = new long[Samples];
    private TimerSource[] timers = [];
    private long expired;
    private long dueAt;
    private int taken;

    public void Run(int count)
    {
        Make(count);
        long start = 0;
        InCallback(() => start = Insert(count));
        while (Bench.NowNs() < start + 1_002_000_000)
        {
            System.Threading.Thread.Sleep(1);
        }

        long started = Bench.CpuNs();
        loop.Run();
        Bench.Put("timers_expire", (Bench.CpuNs() - started) / (double)count);
    }

    public void Churn(int count)
    {
        Make(count);
        InCallback(() => Rearm(count));
    }

    public void Overshoot()
    {
        TimerSource timer = loop.AddTimer(TakeSample);
        ArmSample(timer);
        loop.Run();
        Array.Sort(late);
        Bench.Put("overshoot", late[Samples / 2]);
        Bench.Put("overshoot_p90", late[Samples * 9 / 10]);
    }

    // As in any program: outside a run each arming asks for the thread and for a forked child.
    private void InCallback(Action action)
    {
        loop.AddIdle(_ =>
        {
            action();
            loop.Quit();
            return false;
        });
        loop.Run();
    }

    private long Insert(int count)
    {
        long start = Bench.NowNs() + 50_000_000;
        long started = Bench.CpuNs();
        for (int index = 0; index < count; index++)
        {
            timers[index].ArmAt(new Instant(start + (long)(Bench.NextRandom() % 1_000_000_000)));
        }

        Bench.Put("timers_insert", (Bench.CpuNs() - started) / (double)count);
        return start;
    }

    private void Rearm(int count)
    {
        long start = Bench.NowNs() + 600_000_000_000;
        for (int index = 0; index < count; index++)
        {
            timers[index].ArmAt(new Instant(start + (long)(Bench.NextRandom() % 10_000_000_000)));
        }

        long rearmed = 0;
        long spent;
        long started = Bench.CpuNs();
        do
        {
            for (int index = 0; index < 10_000; index++)
            {
                TimerSource timer = timers[(int)(Bench.NextRandom() % (ulong)count)];
                timer.ArmAt(new Instant(start + (long)(Bench.NextRandom() % 10_000_000_000)));
            }

            rearmed += 10_000;
            spent = Bench.CpuNs() - started;
        }
        while (spent < 2 * Bench.BudgetNs);
        Bench.Put($"churn_{count}", spent / (double)rearmed);
    }

    private void Make(int count)
    {
        TimerHandler handler = (_, _) => Count(); // one for all, as in C
        timers = new TimerSource[count];
        for (int index = 0; index < count; index++)
        {
            timers[index] = loop.AddTimer(handler);
        }

        GC.Collect(); // so that what making them left behind is not in the figures
    }

    private void Count()
    {
        if (++expired == timers.Length)
        {
            loop.Quit();
        }
    }

    private void ArmSample(TimerSource timer)
    {
        dueAt = Bench.NowNs() + 1_000_000 + (long)(Bench.NextRandom() % 2_000_000);
        timer.ArmAt(new Instant(dueAt));
    }

    private void TakeSample(TimerSource timer, Instant now)
    {
        late[taken++] = Bench.NowNs() - dueAt;
        if (taken == Samples)
        {
            loop.Quit();
        }
        else
        {
            ArmSample(timer);
        }
    }
}
