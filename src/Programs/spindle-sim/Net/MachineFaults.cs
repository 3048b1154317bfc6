using System;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>What can happen to the machine, its cables and its daemon.</summary>
internal static class MachineFaults
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Hours = TimeSpan.FromHours(6);

    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Interrupted, FaultKind.ShortCount, FaultKind.TryAgain, FaultKind.NoDescriptor, FaultKind.NoMemory,
        FaultKind.NoBuffer, FaultKind.NoSpace, FaultKind.DiskError, FaultKind.NoProcess,
    ];

    /// <summary>Adds them all.</summary>
    public static void AddTo(FaultMenu menu, NetWorld world, NetRun run)
    {
        foreach (WorldPort port in world.Ports)
        {
            AddPort(menu, world, port);
        }

        for (int i = 0; i < world.NetworkCount; i++)
        {
            AddSegment(menu, world.Segment(i), world.Site(i).Name);
        }

        AddDaemon(menu, run);
        AddMachine(menu, world, run);
    }

    /// <summary>Adds the divisions of networks: some of their hosts, of ours too, do not hear the others for a while.</summary>
    public static void AddDivisionsTo(FaultMenu menu, NetWorld world)
    {
        for (int i = 0; i < world.NetworkCount; i++)
        {
            EthernetSegment segment = world.Segment(i);
            string name = world.Site(i).Name;
            menu.Add(name + " is divided", Second, Hours, choices => world.Context.Trace.Note(name, segment.Divide(choices)), segment.Unite);
        }
    }

    private static void AddPort(FaultMenu menu, NetWorld world, WorldPort port)
    {
        menu.Add(port.Name + "'s cable is out", Moment, Hours, _ => port.SetPulled(true), () => port.SetPulled(false), 20);
        menu.Add(port.Name + "'s carrier bounces", choices => port.Plug?.Bounce(choices.Magnitude(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5))));
        menu.Add(port.Name + " is another's", Second, Hours, _ => world.Unplug(port), () => world.PlugBack(port), 5);
        if (world.NetworkCount > 1)
        {
            menu.Add(port.Name + " moves", choices => world.Move(port, (int)choices.NextBelow((uint)world.NetworkCount)));
        }
    }

    private static void AddSegment(FaultMenu menu, EthernetSegment segment, string name)
    {
        menu.Add(name + "'s switch restarts", choices => segment.Restart(choices.Magnitude(Second, TimeSpan.FromMinutes(1))));
        menu.Add(name + " has bad weather", Second, Hours, choices => segment.Weather = Draw(choices), () => segment.Weather = Weather.Fine, 20);
    }

    private static Weather Draw(Choices choices) => new()
    {
        Latency = choices.Magnitude(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(500)),
        Jitter = choices.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(200)),
        LossPerMillion = choices.Pick<uint>([0, 10_000, 200_000, 700_000]),
        DuplicationPerMillion = choices.Pick<uint>([0, 0, 100_000]),
        ReorderPerMillion = choices.Pick<uint>([0, 0, 200_000]),
        CorruptionPerMillion = choices.Pick<uint>([0, 0, 50_000]),
        PayloadMax = choices.Pick<int>([65_535, 1500, 1280, 576]),
    };

    private static void AddDaemon(FaultMenu menu, NetRun run)
    {
        menu.Add("the user acts", run.UserActs, 200);
        menu.Add("kill -9", _ => run.Kill(), 20);
        menu.Add("kill -9 amid its work", choices => run.KillAmid(choices.Between(1, 3000)), 20);
        menu.Add("the service is restarted", _ => run.Restart());
        foreach (FaultKind kind in Kinds)
        {
            menu.Add("system calls: " + kind, Second, Minutes, choices => run.SetFaults(kind, choices.Pick<int>([1000, 20_000, 200_000])), () => run.SetFaults(kind, 0), 4);
        }
    }

    private static void AddMachine(FaultMenu menu, NetWorld world, NetRun run)
    {
        menu.Add("power cut", run.CutPower, 20);
        menu.Add("power cut amid its work", choices => run.CutPowerAmid(choices, choices.Between(1, 3000)), 10);
        menu.Add("suspend", choices => run.Suspend(choices.Magnitude(Second, TimeSpan.FromHours(12))), 20);
        menu.Add("somebody sets the clock", choices => world.Machine.StepWallClock(
            choices.Chance(500_000) ? choices.Magnitude(Moment, TimeSpan.FromDays(400)) : -choices.Magnitude(Moment, TimeSpan.FromDays(400))));
        menu.Add("the disk is full", Second, Hours, _ => run.SetDiskFull(true), () => run.SetDiskFull(false));
    }
}
