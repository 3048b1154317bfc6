using System;
using System.Threading;
using Spindle.Loop;

namespace Spindle.Bench.Loop;

/// <summary>Posts from another thread: a flood of them, and one that goes to and fro. As in the C peers' workloads.h.</summary>
internal sealed class Posts
{
    private readonly EventLoop near = Bench.NewLoop();
    private readonly Action<object?> count;
    private readonly Action<object?> bounceNear;
    private readonly Action<object?> bounceFar;
    private EventLoop? far;
    private long posted;
    private long target;
    private long tripsLeft;

    public Posts()
    {
        count = Count;
        bounceNear = BounceNear;
        bounceFar = BounceFar;
    }

    public void Flood(int cpus)
    {
        Bench.PinThread(0);
        long posts = Bench.Fitting(FloodCost(20_000, cpus), 20_000, 20_000, 2_000_000);
        Bench.Put($"flood_{cpus}cpu", FloodCost(posts, cpus) / (double)posts);
    }

    public void RoundTrip(int cpus)
    {
        Bench.PinThread(0);
        using ManualResetEventSlim isReady = new();
        Thread thread = new(() => RunFar(cpus, isReady));
        thread.Start();
        isReady.Wait();
        long trips = Bench.Fitting(TripsCost(500), 500, 500, 1_000_000);
        Bench.Put($"roundtrip_{cpus}cpu", TripsCost(trips) / (double)trips);
        far!.Quit();
        thread.Join();
    }

    private long FloodCost(long posts, int cpus)
    {
        posted = 0;
        target = posts;
        long started = Bench.CpuNs();
        Thread thread = new(() => Produce(posts, cpus));
        thread.Start();
        near.Run();
        thread.Join();
        return Bench.CpuNs() - started;
    }

    private void Produce(long posts, int cpus)
    {
        Bench.PinThread(cpus - 1);
        for (long left = posts; left > 0; left--)
        {
            near.Post(count, this);
        }
    }

    private void Count(object? state)
    {
        if (++posted == target)
        {
            near.Quit();
        }
    }

    private void RunFar(int cpus, ManualResetEventSlim isReady)
    {
        Bench.PinThread(cpus - 1);
        far = Bench.NewLoop();
        isReady.Set();
        far.Run();
    }

    private long TripsCost(long trips)
    {
        tripsLeft = trips;
        long started = Bench.CpuNs();
        far!.Post(bounceFar, this);
        near.Run();
        return Bench.CpuNs() - started;
    }

    private void BounceFar(object? state) => near.Post(bounceNear, this);

    private void BounceNear(object? state)
    {
        if (--tripsLeft > 0)
        {
            far!.Post(bounceFar, this);
        }
        else
        {
            near.Quit();
        }
    }
}
