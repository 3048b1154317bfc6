using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Time;

/// <summary>The clocks of a machine, and how they stand to each other and to the world's.</summary>
internal sealed class MachineClocks(VirtualClock world)
{
    private const long BirthOfWallClock = 1_782_000_000_000_000_000; // a Monday in 2026

    private readonly List<IClockWatcher> watchers = [];
    private long worldOffset;    // world - monotonic
    private long suspended;      // boot clock - monotonic

    /// <summary>Outside the machine.</summary>
    public VirtualClock World => world;

    /// <summary>Time since boot without suspend; another one after each boot.</summary>
    public VirtualClock Monotonic { get; private set; } = new(world.Now);

    /// <summary>Wall clock - monotonic.</summary>
    public long RealtimeOffset { get; private set; } = BirthOfWallClock;

    public long RealtimeNow => Monotonic.Now.Nanoseconds + RealtimeOffset;

    /// <summary>Boot clock - monotonic.</summary>
    public long BootOffset => suspended;

    /// <summary>When the next alarm goes off, here or in the world, on the monotonic clock.</summary>
    public Instant NextAt
    {
        get
        {
            Instant outside = world.NextAt;
            return outside.IsNever ? Monotonic.NextAt
                : Instant.Min(Monotonic.NextAt, new Instant(outside.Nanoseconds - worldOffset));
        }
    }

    /// <summary>Moves all clocks; what is due goes off, the world's first.</summary>
    public void MoveTo(Instant monotonic)
    {
        VirtualClock own = Monotonic;
        own.MoveTo(monotonic);
        world.MoveTo(new Instant(own.Now.Nanoseconds + worldOffset));
        world.RunDue();
        if (own == Monotonic)
        {
            own.RunDue();
        }
    }

    /// <summary>A little time passes; what is due by then goes off with the next wait.</summary>
    public void Pass(TimeSpan span)
    {
        if (span > TimeSpan.Zero)
        {
            Monotonic.MoveTo(Monotonic.Now + span);
            world.MoveTo(new Instant(Monotonic.Now.Nanoseconds + worldOffset));
        }
    }

    /// <summary>The machine has slept while the world went on.</summary>
    public void Slept(TimeSpan span)
    {
        long nanoseconds = span.Ticks * TimeSpan.NanosecondsPerTick;
        worldOffset += nanoseconds;
        suspended += nanoseconds;
        RealtimeOffset += nanoseconds;
        TellWatchers();
    }

    /// <summary>The wall clock is set.</summary>
    public void Step(TimeSpan by)
    {
        RealtimeOffset += by.Ticks * TimeSpan.NanosecondsPerTick;
        TellWatchers();
    }

    /// <summary>The machine begins anew, at this time on its clock since boot.</summary>
    public void Boot(Instant since, bool keepsTime)
    {
        long wallClock = RealtimeOffset - worldOffset; // from the world's clock
        watchers.Clear();
        Monotonic = new VirtualClock(since);
        worldOffset = world.Now.Nanoseconds - since.Nanoseconds;
        suspended = 0;
        RealtimeOffset = keepsTime ? wallClock + worldOffset : 0;
    }

    public void Join(IClockWatcher watcher) => watchers.Add(watcher);

    public void Leave(IClockWatcher watcher) => watchers.Remove(watcher);

    private void TellWatchers()
    {
        foreach (IClockWatcher watcher in watchers.ToArray())
        {
            watcher.ClockWasSet();
        }
    }
}
