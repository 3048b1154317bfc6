using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Model;
using Spindle.Protocols.Rtnetlink;

namespace Spindle.Daemon.Execution;

/// <summary>What the kernel refused for a reason that passes (no memory, no room in a queue) is asked again until it is done, or
/// until something else is wanted of the same address, route or link.</summary>
internal sealed class KernelRetries
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(10);

    /// <summary>How often a route is tried again that misses what it stands on: its address may still be on its way.</summary>
    private const int RouteTriesMax = 6;

    private readonly EventLoop loop;
    private readonly Action<ModelOutput> again;
    private readonly TimerSource timer;
    private readonly Dictionary<object, Attempt> attempts = [];

    private sealed class Attempt(ModelOutput output)
    {
        public ModelOutput Output { get; } = output;

        public int Tries { get; set; }

        public Instant DueAt { get; set; } = Instant.Never;
    }

    /// <param name="loop">The loop.</param>
    /// <param name="again">Carries an output out once more.</param>
    public KernelRetries(EventLoop loop, Action<ModelOutput> again)
    {
        this.loop = loop;
        this.again = again;
        timer = loop.AddTimer((_, now) => TryAgain(now), name: "kernel retries");
    }

    /// <summary>True while the kernel is still to be asked something again.</summary>
    public bool IsWaiting => attempts.Count > 0;

    /// <summary>An output is being carried out: whatever was to be tried again for the same thing no longer is.</summary>
    public void Begin(ModelOutput output)
    {
        object key = KeyOf(output);
        if (!attempts.TryGetValue(key, out Attempt? attempt) || !ReferenceEquals(attempt.Output, output))
        {
            attempts[key] = new Attempt(output);
        }
    }

    /// <summary>Nothing is to be asked of the kernel for this address, route or link.</summary>
    public void Forget(ModelOutput output) => attempts.Remove(KeyOf(output));

    /// <summary>The kernel's answer.</summary>
    /// <param name="output">What it was asked.</param>
    /// <param name="error">What it said; <see cref="NetlinkError.None"/> also for an error that does no harm.</param>
    /// <param name="isNews">False if that was said before.</param>
    /// <returns>True if it will be asked again.</returns>
    public bool End(ModelOutput output, NetlinkError error, out bool isNews)
    {
        isNews = true;
        object key = KeyOf(output);
        if (!attempts.TryGetValue(key, out Attempt? attempt) || !ReferenceEquals(attempt.Output, output))
        {
            return false;
        }

        if (error.IsOk || !MayPass(output, (Errno)error.Number, attempt.Tries))
        {
            attempts.Remove(key);
            return false;
        }

        isNews = attempt.Tries == 0;
        TimeSpan delay = FirstDelay * (1 << Math.Min(attempt.Tries, 10));
        attempt.Tries++;
        attempt.DueAt = loop.Now + (delay < DelayMax ? delay : DelayMax);
        Arm();
        return true;
    }

    private static object KeyOf(ModelOutput output) => output switch
    {
        ModelOutput.SetLinkUp(int link, _) => (nameof(ModelOutput.SetLinkUp), link),
        ModelOutput.SetMtu(int link, _) => (nameof(ModelOutput.SetMtu), link),
        ModelOutput.AddAddress(int link, AddressPlan plan) => (link, plan.Prefix),
        ModelOutput.RemoveAddress(int link, IpPrefix prefix) => (link, prefix),
        ModelOutput.AddRoute(RoutePlan plan) => plan,
        ModelOutput.RemoveRoute(RoutePlan plan) => plan,
        _ => throw new ArgumentException($"{output.GetType().Name} is nothing to be asked of the kernel.", nameof(output)),
    };

    private static bool MayPass(ModelOutput output, Errno error, int tries) => error switch
    {
        Errno.ETIMEDOUT => true,
        Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EINVAL => output is ModelOutput.AddRoute && tries < RouteTriesMax,
        _ => error.IsTransient(),
    };

    private void TryAgain(Instant now)
    {
        List<ModelOutput> due = [];
        foreach (Attempt attempt in attempts.Values)
        {
            if (attempt.DueAt <= now)
            {
                attempt.DueAt = Instant.Never;
                due.Add(attempt.Output);
            }
        }

        Arm();
        due.ForEach(again);
    }

    private void Arm()
    {
        Instant next = Instant.Never;
        foreach (Attempt attempt in attempts.Values)
        {
            next = Instant.Min(next, attempt.DueAt);
        }

        if (next.IsNever)
        {
            timer.Disarm();
        }
        else
        {
            timer.ArmAt(next);
        }
    }
}
