using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;

namespace Spindle.Simulation.Network.Media;

/// <summary>A switch with its cables, or one cable with two ends: frames arrive later, on virtual time, in the weather of the day.</summary>
/// <remarks>
/// It learns where a station's address is from what the station sends, keeps that for five minutes (IEEE 802.1D) and sends
/// frames for it there alone; frames for groups and for strangers go to all. Nothing is delivered within a call of
/// <see cref="ICable.Send"/>. Frames shorter than their header are dropped.
/// </remarks>
internal sealed class EthernetSegment(VirtualClock clock, Choices choices)
{
    /// <summary>Octets of the header: destination, source, EtherType.</summary>
    public const int HeaderSize = 14;

    private static readonly TimeSpan Ageing = TimeSpan.FromMinutes(5);

    private readonly List<EthernetPlug> plugs = [];
    private readonly Dictionary<MacAddress, (EthernetPlug Plug, Instant Until)> learnt = [];
    private int lastNumber;

    /// <summary>The weather for all stations that have none of their own.</summary>
    public Weather Weather { get; set; } = Weather.Fine;

    /// <summary>A divided segment is so in one direction alone: what a part sends is heard in the parts of higher numbers.</summary>
    public bool IsDividedOneWay { get; set; }

    /// <summary>False: a hub, which learns nothing and sends everything to all.</summary>
    public bool IsLearning { get; init; } = true;

    /// <summary>Stations, in the order of their numbers.</summary>
    public IReadOnlyList<EthernetPlug> Plugs => plugs;

    /// <summary>What became of the frames.</summary>
    public SegmentCounters Counters { get; } = new();

    internal VirtualClock Clock => clock;

    /// <summary>Plugs a station in: its line goes up at once, unless <paramref name="isUp"/> says otherwise.</summary>
    public EthernetPlug Plug(IStation station, bool isUp = true)
    {
        EthernetPlug plug = new(this, station, ++lastNumber);
        plugs.Add(plug);
        if (isUp)
        {
            plug.Insert();
        }

        return plug;
    }

    /// <summary>All lines go down and come up again, as when the switch restarts.</summary>
    public void Restart(TimeSpan span)
    {
        foreach (EthernetPlug plug in plugs.ToArray())
        {
            if (plug.HasCarrier)
            {
                plug.Bounce(span);
            }
        }
    }

    /// <summary>Divides the segment in two, by lot: the parts do not hear one another, or one of them does not hear the other.</summary>
    /// <returns>What became of it, for people.</returns>
    public string Divide(Choices lots)
    {
        IsDividedOneWay = lots.Chance(400_000);
        foreach (EthernetPlug plug in plugs)
        {
            plug.Partition = lots.Between(0, 1);
        }

        if (plugs.Count > 1 && plugs.TrueForAll(plug => plug.Partition == plugs[0].Partition))
        {
            EthernetPlug alone = plugs[lots.Between(0, plugs.Count - 1)];
            alone.Partition = 1 - alone.Partition;
        }

        List<EthernetPlug> first = plugs.FindAll(static plug => plug.Partition == 0);
        List<EthernetPlug> second = plugs.FindAll(static plug => plug.Partition == 1);
        return $"{Numbers(first)} {(IsDividedOneWay ? "do not hear" : "and")} {Numbers(second)}{(IsDividedOneWay ? "" : " do not hear one another")}";
    }

    /// <summary>All hear one another again.</summary>
    public void Unite()
    {
        IsDividedOneWay = false;
        plugs.ForEach(static plug => plug.Partition = 0);
    }

    internal void Carry(EthernetPlug from, ReadOnlySpan<byte> frame)
    {
        Weather weather = from.Weather ?? Weather;
        Counters.Sent++;
        if (frame.Length < HeaderSize || frame.Length - HeaderSize > weather.PayloadMax)
        {
            Counters.TooLong += frame.Length < HeaderSize ? 0 : 1;
            return;
        }

        byte[] copy = frame.ToArray();
        MacAddress destination = MacAddress.Read(frame);
        Learn(MacAddress.Read(frame[MacAddress.Size..]), from);
        if (!destination.IsGroup && learnt.TryGetValue(destination, out var place) && place.Until > clock.Now)
        {
            Deliver(weather, from, place.Plug, copy);
            return;
        }

        foreach (EthernetPlug plug in plugs)
        {
            Deliver(weather, from, plug, copy);
        }
    }

    internal void Forget(EthernetPlug plug)
    {
        foreach ((MacAddress address, (EthernetPlug at, _)) in learnt)
        {
            if (at == plug)
            {
                learnt.Remove(address);
            }
        }
    }

    internal void Remove(EthernetPlug plug) => plugs.Remove(plug);

    private void Learn(MacAddress address, EthernetPlug plug)
    {
        if (IsLearning && !address.IsGroup)
        {
            learnt[address] = (plug, clock.Now + Ageing);
        }
    }

    private void Deliver(Weather weather, EthernetPlug from, EthernetPlug to, byte[] frame)
    {
        if (to == from || !to.HasCarrier)
        {
            return;
        }

        if (to.Partition != from.Partition && !(IsDividedOneWay && from.Partition < to.Partition))
        {
            Counters.Partitioned++;
        }
        else if (Happens(weather.LossPerMillion))
        {
            Counters.Lost++;
        }
        else
        {
            Arrange(weather, to, frame);
            if (Happens(weather.DuplicationPerMillion))
            {
                Counters.Duplicated++;
                Arrange(weather, to, frame);
            }
        }
    }

    private void Arrange(Weather weather, EthernetPlug to, byte[] frame)
    {
        Instant at = clock.Now + weather.Latency;
        at += weather.Jitter > TimeSpan.Zero ? choices.Between(TimeSpan.Zero, weather.Jitter) : TimeSpan.Zero;
        if (Happens(weather.ReorderPerMillion))
        {
            Counters.Reordered++;
            at += choices.Between(TimeSpan.Zero, weather.ReorderDelay);
        }
        else
        {
            at = Instant.Max(at, to.LatestArrival);
            to.LatestArrival = at;
        }

        byte[] arriving = Happens(weather.CorruptionPerMillion) ? WithFlippedBit(frame) : frame;
        int losses = to.CarrierLosses;
        clock.Set(at, () =>
        {
            if (to.HasCarrier && to.CarrierLosses == losses)
            {
                Counters.Delivered++;
                to.Station.Receive(arriving);
            }
        });
    }

    private byte[] WithFlippedBit(byte[] frame)
    {
        if (frame.Length == HeaderSize)
        {
            return frame;
        }

        Counters.Corrupted++;
        byte[] flipped = (byte[])frame.Clone();
        uint bit = choices.NextBelow((uint)(frame.Length - HeaderSize) * 8);
        flipped[HeaderSize + (int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        return flipped;
    }

    private static string Numbers(List<EthernetPlug> part) => string.Join(' ', part.ConvertAll(static plug => plug.Number));

    private bool Happens(uint perMillion) => perMillion != 0 && choices.Mishap(perMillion);
}
