using System;
using System.Linq;
using Spindle.Basics;
using Spindle.Simulation.Network.Media;
using Spindle.Simulation.Time;
using Spindle.Simulation.World;
using Xunit;

namespace Spindle.Simulation.Tests.Network;

/// <summary>Frames on a segment: who hears them, when, and in what weather.</summary>
public sealed class EthernetSegmentTests
{
    private readonly VirtualClock clock = new(Instant.FromSeconds(10));
    private readonly EthernetSegment segment;
    private readonly RecordingStation[] stations;
    private readonly EthernetPlug[] plugs;

    public EthernetSegmentTests()
    {
        segment = new EthernetSegment(clock, new Choices(7));
        stations = [new(clock, 1), new(clock, 2), new(clock, 3)];
        plugs = [.. stations.Select(station => segment.Plug(station))];
    }

    [Fact]
    public void A_broadcast_reaches_all_but_its_sender_and_later()
    {
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 1));
        Assert.Empty(stations[1].Frames);

        Pass(TimeSpan.FromMicroseconds(49));
        Assert.Empty(stations[1].Frames);
        Pass(TimeSpan.FromMicroseconds(1));

        Assert.Empty(stations[0].Frames);
        Assert.Single(stations[1].Frames);
        Assert.Single(stations[2].Frames);
    }

    [Fact]
    public void A_learnt_address_gets_its_frames_alone_until_it_is_forgotten()
    {
        plugs[1].Send(stations[1].FrameTo(MacAddress.Broadcast, 1));
        plugs[0].Send(stations[0].FrameTo(stations[1].Address, 2));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Single(stations[2].Frames); // the broadcast

        Pass(TimeSpan.FromMinutes(5));
        plugs[0].Send(stations[0].FrameTo(stations[1].Address, 3));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, stations[2].Frames.Count);
    }

    [Fact]
    public void A_pulled_plug_neither_sends_nor_receives_what_is_on_its_way()
    {
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 1));
        plugs[1].Pull();
        plugs[1].Insert();
        plugs[2].Pull();
        plugs[2].Send(stations[2].FrameTo(MacAddress.Broadcast, 2));
        Pass(TimeSpan.FromSeconds(1));

        Assert.All(stations, station => Assert.Empty(station.Frames));
        Assert.Equal([true, false, true], stations[1].Carrier);
        Assert.Equal([true, false], stations[2].Carrier);
        Assert.False(plugs[2].HasCarrier);
    }

    [Fact]
    public void A_line_that_bounces_comes_back_by_itself()
    {
        plugs[0].Bounce(TimeSpan.FromSeconds(2));
        Pass(TimeSpan.FromSeconds(1));
        Assert.False(plugs[0].HasCarrier);
        Pass(TimeSpan.FromSeconds(1));
        Assert.True(plugs[0].HasCarrier);

        segment.Restart(TimeSpan.FromSeconds(1));
        Pass(TimeSpan.FromSeconds(1));
        Assert.All(plugs, plug => Assert.True(plug.HasCarrier));
    }

    [Fact]
    public void A_divided_segment_keeps_its_parts_apart()
    {
        plugs[2].Partition = 1;
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 1));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Single(stations[1].Frames);
        Assert.Empty(stations[2].Frames);
    }

    [Fact]
    public void A_segment_can_be_divided_in_one_direction_alone()
    {
        plugs[2].Partition = 1;
        segment.IsDividedOneWay = true;
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 1));
        plugs[2].Send(stations[2].FrameTo(MacAddress.Broadcast, 2));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(stations[0].Frames);
        Assert.Single(stations[1].Frames); // of its own part
        Assert.Single(stations[2].Frames);
    }

    [Fact]
    public void A_division_by_lot_parts_somebody_from_somebody_until_all_are_united()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            segment.Divide(new Choices(seed));
            Assert.Equal([0, 1], plugs.Select(static plug => plug.Partition).Distinct().Order());
        }

        segment.Unite();
        Assert.All(plugs, static plug => Assert.Equal(0, plug.Partition));
        Assert.False(segment.IsDividedOneWay);
    }

    [Fact]
    public void Frames_keep_their_order_in_jitter_and_lose_it_where_they_are_reordered()
    {
        plugs[0].Weather = new Weather { Jitter = TimeSpan.FromMilliseconds(10) };
        SendNumbers(200);
        Assert.Equal(200, stations[1].Frames.Count);
        Assert.True(IsInOrder());
        Assert.True(stations[1].Instants.Distinct().Count() > 10);

        stations[1].Frames.Clear();
        plugs[0].Weather = new Weather { ReorderPerMillion = 300_000 };
        SendNumbers(200);
        Assert.Equal(200, stations[1].Frames.Count);
        Assert.False(IsInOrder());
    }

    [Fact]
    public void Losses_and_doubles_are_about_as_many_as_their_rates_say()
    {
        plugs[0].Weather = new Weather { LossPerMillion = 100_000 };
        SendNumbers(1000);
        Assert.InRange(stations[1].Frames.Count, 850, 950);

        stations[1].Frames.Clear();
        plugs[0].Weather = new Weather { DuplicationPerMillion = 100_000 };
        SendNumbers(1000);
        Assert.InRange(stations[1].Frames.Count, 1050, 1150);
    }

    [Fact]
    public void A_corrupted_frame_has_one_other_bit_behind_its_header()
    {
        plugs[0].Weather = new Weather { CorruptionPerMillion = 1_000_000 };
        byte[] sent = stations[0].FrameTo(MacAddress.Broadcast, 0x55, 100);
        plugs[0].Send(sent);
        Pass(TimeSpan.FromSeconds(1));

        byte[] found = stations[1].Frames[0];
        Assert.Equal(sent[..14], found[..14]);
        Assert.Equal(1, sent.Zip(found, (a, b) => int.PopCount(a ^ b)).Sum());
        Assert.NotEqual(stations[2].Frames[0], found);
    }

    [Fact]
    public void A_frame_beyond_the_MTU_vanishes()
    {
        segment.Weather = new Weather { PayloadMax = 1500 };
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 1, 1500));
        plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, 2, 1501));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Assert.Single(stations[1].Frames)[14]);
        Assert.Equal(1, segment.Counters.TooLong);
    }

    private void SendNumbers(int count)
    {
        for (int number = 0; number < count; number++)
        {
            plugs[0].Send(stations[0].FrameTo(MacAddress.Broadcast, (byte)number));
            Pass(TimeSpan.FromMicroseconds(100));
        }

        Pass(TimeSpan.FromSeconds(1));
    }

    private bool IsInOrder() => stations[1].Frames.Zip(stations[1].Frames.Skip(1), (a, b) => a[14] < b[14]).All(isLess => isLess);

    private void Pass(TimeSpan span) => clock.AdvanceTo(clock.Now + span);
}
