using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Model;
using Spindle.Simulation;
using Spindle.Simulation.Actors.Monitors;
using Spindle.Simulation.Faults;
using Spindle.Simulation.Network;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Programs.Net;

/// <summary>The real daemon in a world drawn from a seed: some time in which things go wrong, then some in which nothing does
/// and all must be well.</summary>
internal sealed class NetRun
{
    /// <summary>What comes and goes in a calm world: a check, a question, an advertisement's route.</summary>
    private const int GrowthMax = 6;

    /// <summary>Octets. Tables that were larger once keep their room.</summary>
    private const long MemoryGrowthMax = 256 << 10;

    /// <summary>A measurement takes two full collections, so not every world has one.</summary>
    private const ulong MeasuredOneIn = 8;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DoorPauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DoorPauseMax = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan DoorCheck = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestartMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RestartMax = TimeSpan.FromSeconds(10);

    private readonly NetOptions options;
    private readonly NetWorld world;
    private readonly SimulatedMachine machine;
    private readonly SimulatedBus bus;
    private readonly BusUser user;
    private readonly DoorUser? door;
    private readonly Invariants invariants;
    private readonly StoredSettings settings;
    private readonly FaultSchedule schedule;
    private readonly FaultSchedule divisions;
    private readonly Choices lifeChoices;
    private readonly int[] faultRates = new int[Enum.GetValues<FaultKind>().Length];
    private DaemonLife? life;
    private Alarm? boot;
    private Instant restartAt;
    private Instant disturbedUntil;
    private Instant settledAt;
    private long diskSpace;
    private long turns;
    private long systemCalls;
    private long checkedTurns;
    private long callsOfKind;
    private int lives;
    private bool isCalm;

    /// <summary>Somebody ends the daemon that runs now, or will.</summary>
    private bool isEndGiven;

    private NetRun(NetOptions options)
    {
        this.options = options;
        world = new NetWorld(options);
        machine = world.Machine;
        bus = new SimulatedBus(() => machine.Monotonic.Now, what => Violate("every call is answered once", what));
        user = new BusUser(bus, (span, action) => world.Clock.Set(world.Clock.Now + span, action), what => Violate("signals tell everything", what))
        {
            Configures = address => Watchers(monitor => monitor.AddConfigured(address)),
        };
        invariants = new Invariants(world, bus, Violate);
        if (options.HasDoor)
        {
            door = new DoorUser(machine, (span, action) => world.Clock.Set(world.Clock.Now + span, action), Violate);
            door.Configure();
            DoorActsLater(world.Choices.Fork("door"));
        }

        settings = new StoredSettings(machine, Violate);
        lifeChoices = world.Choices.Fork("lives");
        restartAt = world.Clock.Now + lifeChoices.Between(TimeSpan.Zero, RestartMax);
        machine.FallsAsleep += Check;
        machine.Resumed += Unsettle;
        machine.Booted += () => restartAt = world.Clock.Now + lifeChoices.Between(RestartMin, RestartMax);
        LinkMonitor[] watchers = [.. world.Ports.Select(static port => port.Monitor)];
        Watchers(monitor => monitor.Siblings = watchers);
        Watchers(monitor => monitor.ChecksAddresses = () => life is { IsOver: false } && !IsDisturbed && world.Clock.Now > settledAt);
        disturbedUntil = options.Failure is null ? world.Clock.Now : world.Clock.Now + Calm + options.Span - Calm;
        settings.IsDiskSuspect = options.Failure is not null;
        FaultMenu menu = new();
        schedule = new FaultSchedule(world.Context, menu);
        FaultMenu divisionMenu = new();
        divisions = new FaultSchedule(world.Context, divisionMenu);
        if (!options.IsQuiet)
        {
            MachineFaults.AddTo(menu, world, this);
            for (int i = 0; i < world.NetworkCount; i++)
            {
                SiteFaults.AddTo(menu, world.Site(i));
            }

            int count = options.Faults ?? world.Choices.Between(0, 60);
            Instant start = world.Clock.Now + Calm;
            schedule.Plan(count, start, start + options.Span);

            // By choices of their own, so that the worlds of old seeds have the same mishaps as ever beside them.
            MachineFaults.AddDivisionsTo(divisionMenu, world);
            divisions.Plan(world.Choices.Fork("divisions").Between(0, (count + 4) / 5), start, start + options.Span);
        }
    }

    private bool IsFailed => world.Context.Violations.Count > 0;

    private bool IsRunning => life is { IsOver: false };

    private bool IsDisturbed => world.Clock.Now < disturbedUntil || Array.Exists(faultRates, static rate => rate > 0) || diskSpace != 0;

    /// <summary>Runs a seed to its end, or to the first thing that must not be.</summary>
    public static NetResult Run(NetOptions options)
    {
        NetRun run = new(options);
        run.Play();
        return run.Result();
    }

    internal void UserActs(Choices choices)
    {
        Watchers(static monitor => monitor.Restarted());
        world.Context.Trace.Note("user", user.Act(choices));
    }

    // By choices of their own, so that worlds without a door are as ever.
    private void DoorActsLater(Choices choices)
    {
        world.Clock.Set(world.Clock.Now + choices.Magnitude(DoorPauseMin, DoorPauseMax), () =>
        {
            if (isCalm)
            {
                return;
            }

            if (IsRunning && machine is { IsOn: true, IsSuspended: false })
            {
                Watchers(static monitor => monitor.Restarted());
                world.Context.Trace.Note("libvirt user", door!.Act(choices));
            }

            DoorActsLater(choices);
        });
    }

    internal void Kill()
    {
        if (life is { IsOver: false })
        {
            Kill(life);
        }
    }

    internal void KillAmid(int calls)
    {
        if (life is { IsOver: false } killed)
        {
            killed.Kernel.Faults.InterveneAt(killed.Kernel.Faults.Count + calls, () => Kill(killed));
        }
    }

    internal void Restart()
    {
        isEndGiven |= life is not null;
        life?.Ask();
    }

    internal void CutPower(Choices choices)
    {
        if (machine.IsOn)
        {
            machine.PowerCut();
            bool keepsTime = choices.Chance(700_000);
            boot = world.Clock.Set(world.Clock.Now + choices.Magnitude(TimeSpan.FromSeconds(1), TimeSpan.FromHours(3)), () =>
            {
                boot?.Cancel();
                machine.Boot(keepsTime);
            });
        }
    }

    internal void CutPowerAmid(Choices choices, int calls)
    {
        if (life is { IsOver: false } cut)
        {
            cut.Kernel.Faults.InterveneAt(cut.Kernel.Faults.Count + calls, () => CutPower(choices));
        }
    }

    internal void Suspend(TimeSpan span)
    {
        if (machine.IsOn && !machine.IsSuspended)
        {
            machine.Suspend(span);
        }
    }

    internal void SetFaults(FaultKind kind, int perMillion)
    {
        door?.Disturb();
        settledAt = world.Clock.Now + Settling;
        settings.IsDiskSuspect |= kind is FaultKind.DiskError or FaultKind.NoSpace;
        faultRates[(int)kind] = perMillion;
        life?.Kernel.Faults.SetRate(kind, perMillion);
    }

    internal void SetDiskFull(bool isFull)
    {
        if (isFull)
        {
            diskSpace = Math.Max(1, machine.FreeDiskSpace);
            machine.FreeDiskSpace = 0;
        }
        else
        {
            machine.FreeDiskSpace += diskSpace;
            diskSpace = 0;
        }
    }

    private void Play()
    {
        PlayUntil(world.Clock.Now + Calm + options.Span);
        if (options.Failure is not null && !IsFailed)
        {
            CheckRecovery();
        }

        if (!options.IsQuiet && !IsFailed)
        {
            schedule.EndAll();
            divisions.EndAll();
            EndMishaps();
            world.Calm();
            isCalm = true;
            door?.Leave();
            world.Context.Trace.Note("world", "is calm from now on");
            Liveness liveness = new(world, bus, user, Violate);
            PlayUntil(liveness.Restore());
            CheckDeadline(liveness);
            CheckGrowth();
        }
        else if (options.Failure is null && options.Span >= Fresh)
        {
            isCalm = true;
            CheckDoor();
            CheckDeadline(new Liveness(world, bus, user, Violate));
        }
    }

    private void CheckDoor()
    {
        if (door is not null && !IsFailed)
        {
            door.CheckOpen();
            PlayUntil(world.Clock.Now + DoorCheck);
        }
    }

    private void CheckDeadline(Liveness liveness)
    {
        if (IsRunning && !IsFailed)
        {
            liveness.Check(life!);
        }
        else if (!IsFailed)
        {
            Violate("a calm world has a daemon", "there is none at the deadline");
        }
    }

    // What was to strike amid the daemon's work does not strike in a calm world; a machine without power gets it back.
    private void EndMishaps()
    {
        life?.Kernel.Faults.ClearInterventions();
        if (!machine.IsOn)
        {
            boot?.Action();
        }
    }

    // Whatever it has been through, a daemon holds no more than one that has just found the same world.
    private void CheckGrowth()
    {
        if (IsFailed)
        {
            return;
        }

        // No variable refers to the old one when the memory of the fresh one is measured.
        Dictionary<string, int> held = Held(life!);
        (long oldTurns, int oldLives, long oldMemory) = (life!.Turns, lives, Memory());
        Restart();
        PlayUntil(world.Clock.Now + Fresh);
        if (IsFailed)
        {
            return;
        }

        if (!IsRunning || lives == oldLives)
        {
            Violate("a daemon that is restarted comes again", IsRunning ? "it has not ended" : "there is none");
            return;
        }

        CheckDoor();
        if (!IsRunning || IsFailed)
        {
            return;
        }

        long memory = oldMemory - Memory();
        if (memory > MemoryGrowthMax)
        {
            Violate("no growth", $"{memory} octets more after {oldTurns} turns than after {life.Turns}");
        }

        Dictionary<string, int> fresh = Held(life);
        foreach ((string kind, int count) in held)
        {
            if (count > fresh[kind] + GrowthMax + world.Ports.Count)
            {
                Violate("no growth", $"{count} {kind} after {oldTurns} turns, {fresh[kind]} after {life.Turns}");
            }
        }
    }

    // Of addresses and routes what it has beyond the kernel: the kernel's own end when they end, as those of an attacker's prefixes
    // do a day behind the attack.
    private Dictionary<string, int> Held(DaemonLife holder)
    {
        Dictionary<string, int> held = holder.Holdings();
        NetworkStack network = machine.Network;
        held["addresses"] -= network.Addresses().Count();
        held["routes"] -= network.Routes4.Tables.Of(Route.MainTable).Count + network.Routes6.Tables.Of(Route.MainTable).Count;
        return held;
    }

    // Octets alive; 0 where they are not measured.
    private long Memory()
    {
        if (!options.MeasuresMemory || options.Seed % MeasuredOneIn != 0)
        {
            return 0;
        }

        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private void CheckRecovery()
    {
        if (life is { IsOver: false })
        {
            new Liveness(world, bus, user, Violate).Check(life);
            foreach (Service service in life.Daemon.Model.Services)
            {
                if (!service.Ipv4State.IsConnected() || !service.Ipv6State.IsConnected())
                {
                    Violate("a daemon recovers in both families", $"IPv4 {service.Ipv4State}, IPv6 {service.Ipv6State}");
                }
            }
        }
        else
        {
            Violate("a daemon recovers", "there is none");
        }
    }

    private void PlayUntil(Instant end)
    {
        world.Clock.Set(end, () => life?.Wake());
        while (world.Clock.Now < end && !IsFailed)
        {
            if (!machine.IsOn)
            {
                world.Clock.AdvanceTo(Instant.Min(world.Clock.NextAt, end));
                Bury();
            }
            else if (life is null)
            {
                Wait(end);
            }
            else
            {
                Turn(life);
            }
        }
    }

    // The daemon has to find its way again: for a moment addresses may be there that it would not leave there.
    private void Unsettle()
    {
        door?.Disturb();
        settledAt = world.Clock.Now + Settling;
        Watchers(static monitor => monitor.Restarted());
    }

    private void Watchers(Action<LinkMonitor> tell)
    {
        foreach (WorldPort port in world.Ports)
        {
            tell(port.Monitor);
        }
    }

    private void Wait(Instant end)
    {
        if (world.Clock.Now >= restartAt)
        {
            Begin();
            return;
        }

        Instant next = Instant.Min(Instant.Min(restartAt, end), world.Clock.NextAt);
        machine.Advance(Instant.Max(next, world.Clock.Now) - world.Clock.Now);
    }

    private void Begin()
    {
        lives++;
        isEndGiven = false;
        Unsettle();
        settings.IsDiskSuspect = faultRates[(int)FaultKind.DiskError] > 0 || faultRates[(int)FaultKind.NoSpace] > 0;
        world.Context.Trace.Note("life", "begins", (ulong)lives);
        try
        {
            DaemonLife begun = life = new DaemonLife(machine, bus, world.Context.Trace, options.IsDebug, lives == 1 ? options.Failure : null);
            begun.Daemon.Model.Stepped += () => invariants.NoteReasons(begun);
            if (options.Failure is not null)
            {
                begun.Daemon.Model.Stepped += new Steadiness(begun.Daemon.Model, Violate).Look;
            }
        }
        catch (ProcessEndedException)
        {
            CheckEnd(null);
            restartAt = world.Clock.Now + lifeChoices.Between(RestartMin, RestartMax);
            return;
        }
        catch (InvalidOperationException refused) when (IsDisturbed)
        {
            world.Context.Trace.Note("life", "cannot begin: " + refused.Message);
            restartAt = world.Clock.Now + lifeChoices.Between(RestartMin, RestartMax);
            return;
        }
        catch (Exception crash)
        {
            Violate("the daemon never crashes", crash.ToString());
            return;
        }

        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            life.Kernel.Faults.SetRate(kind, faultRates[(int)kind]);
        }

        if (!life.IsStarted)
        {
            CheckEnd(life);
            Bury();
        }
    }

    // A daemon ends when somebody ends it, or when it says at its start that it cannot have what it needs.
    private void CheckEnd(DaemonLife? ended)
    {
        bool isStartDisturbed = ended is not { IsStarted: true } && IsDisturbed && (options.Failure is null || lives == 1);
        if (!isEndGiven && !isStartDisturbed && machine.IsOn)
        {
            string how = ended is { Kernel.IsAlive: true } ? "in order" : "as a process that is dead";
            Violate("the daemon ends when somebody ends it", $"life {lives} ended after {ended?.Turns ?? 0} turns, {how}");
        }
    }

    private void Turn(DaemonLife now)
    {
        try
        {
            now.Turn();
        }
        catch (Exception) when (!now.Kernel.IsAlive)
        {
            // Killed amid a call: the code that still ran saw calls fail that a dead process does not make.
        }
        catch (Exception crash)
        {
            Violate("the daemon never crashes", crash.ToString());
            return;
        }

        turns++;
        options.Plant?.Invoke(now);
        invariants.CountTurn(now);
        if (now.IsOver || !now.Kernel.IsAlive)
        {
            CheckEnd(now);
            Bury();
        }
    }

    private void Kill(DaemonLife killed)
    {
        isEndGiven |= killed == life;
        killed.Kernel.Kill();
    }

    private void Bury()
    {
        if (life is not null)
        {
            door?.Disturb();
            Watchers(static monitor => monitor.Died());
            world.Context.Trace.Note("life", "ends");
            systemCalls += life.Kernel.Faults.Count;
            callsOfKind = lives == 1 && options.Failure is { } planned ? life.Kernel.Faults.CountOf(planned.Call) : callsOfKind;
            life.End();
            life = null;
            restartAt = world.Clock.Now + lifeChoices.Between(RestartMin, RestartMax);
        }
    }

    // Called when all processes sleep and time is about to pass: there is nothing left to do at this instant.
    private void Check()
    {
        if (life is { IsOver: false } && turns != checkedTurns && !IsFailed)
        {
            checkedTurns = turns;
            invariants.Check(life, IsDisturbed);
            settings.CheckAgreement(life);
        }
    }

    private void Violate(string rule, string detail) => world.Context.Violations.Add("daemon", rule, detail);

    private NetResult Result()
    {
        Bury();
        List<string> violations = [];
        foreach (Violation violation in world.Context.Violations.Kept)
        {
            violations.Add(violation.ToString());
        }

        List<string> faults = [];
        foreach (PlannedFault fault in (IEnumerable<PlannedFault>)[.. schedule.Planned, .. divisions.Planned])
        {
            faults.Add(fault.ToString());
        }

        return new NetResult
        {
            Seed = options.Seed,
            Hash = world.Choices.Trace.Value,
            Violations = violations,
            Happened = world.Choices.Happened,
            Faults = faults,
            Span = options.Span,
            Turns = turns,
            SystemCalls = systemCalls,
            Lives = lives,
            Answers = bus.AnsweredCount + (door?.AnswersCount ?? 0),
            CallsOfKind = callsOfKind,
        };
    }
}
