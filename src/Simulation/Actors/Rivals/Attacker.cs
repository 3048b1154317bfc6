using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Actors.Rivals;

/// <summary>Sends random frames, and frames it has seen with something changed, of all protocols spoken on the segment.</summary>
internal sealed class Attacker
{
    private const int SeenMax = 64;

    private readonly ActorHost host;
    private readonly Choices choices;
    private readonly VirtualClock clock;
    private readonly List<byte[]> seen = [];
    private Alarm? nextAlarm;
    private int oldest;

    /// <param name="host">Its place on the segment.</param>
    public Attacker(ActorHost host)
    {
        this.host = host;
        choices = host.Context.Choices.Fork(host.Name + " attacker");
        clock = host.Context.Clock;
        host.AddTap(Record);
    }

    /// <summary>Whom unicast frames go to; zero for everybody.</summary>
    public MacAddress Target { get; set; }

    public TimeSpan IntervalMin { get; set; } = TimeSpan.FromMilliseconds(1);

    public TimeSpan IntervalMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Mends checksums after a change, so that the change is looked at.</summary>
    public uint MendPerMillion { get; set; } = 700_000;

    public bool IsActive { get; private set; }

    public long Sent { get; private set; }

    public void Start()
    {
        if (!IsActive)
        {
            IsActive = true;
            Arm();
        }
    }

    public void Stop()
    {
        IsActive = false;
        nextAlarm?.Cancel();
    }

    /// <summary>Sends one frame now.</summary>
    public void Shoot()
    {
        byte[] frame = choices.PickWeighted([6, 3, 1]) switch
        {
            0 when seen.Count > 0 => Mutated(),
            2 => Noise(),
            _ => AttackFrames.Draw(choices, host.HardwareAddress, Target.IsZero ? MacAddress.Broadcast : Target),
        };
        Sent++;
        host.SendRaw(frame);
    }

    private void Arm() => nextAlarm = clock.Set(clock.Now + choices.Between(IntervalMin, IntervalMax), () =>
    {
        if (IsActive)
        {
            Shoot();
            Arm();
        }
    });

    private bool Record(in EthernetFrame frame)
    {
        if (!IsActive && seen.Count >= SeenMax)
        {
            return false;
        }

        byte[] copy = new byte[EthernetFrame.HeaderSize + frame.Payload.Length];
        EthernetFrame.WriteHeader(copy, frame.Destination, frame.Source, frame.EtherType);
        frame.Payload.CopyTo(copy.AsSpan(EthernetFrame.HeaderSize));
        if (seen.Count < SeenMax)
        {
            seen.Add(copy);
        }
        else
        {
            seen[oldest++ % SeenMax] = copy;
        }

        return false;
    }

    private byte[] Mutated()
    {
        byte[] frame = (byte[])seen[(int)choices.NextBelow((uint)seen.Count)].Clone();
        frame = FrameMutation.Mutate(frame, choices);
        if (frame.Length >= EthernetFrame.HeaderSize)
        {
            (Target.IsZero ? MacAddress.Broadcast : Target).Write(frame);
            host.HardwareAddress.Write(frame.AsSpan(6));
            if (choices.Chance(MendPerMillion))
            {
                FrameMutation.Mend(frame);
            }
        }

        return frame;
    }

    private byte[] Noise()
    {
        byte[] frame = new byte[choices.Between(EthernetFrame.HeaderSize, 400)];
        choices.Fill(frame);
        ushort type = choices.Pick<ushort>([EtherTypes.Ipv4, EtherTypes.Arp, EtherTypes.Ipv6, 0x8100, 0x88CC, 0x0000]);
        MacAddress to = Target.IsZero ? MacAddress.Broadcast : Target;
        EthernetFrame.WriteHeader(frame, to, host.HardwareAddress, type);
        return frame;
    }
}
