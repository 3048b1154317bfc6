using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Simulation.Network.Routers.Checking;
using Spindle.Simulation.Tests.Network;

namespace Spindle.Simulation.Network;

/// <summary>How the model asks for routers (RFC 7559), as it was seen on Linux 6.18.</summary>
public sealed class RouterSolicitationTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly NetworkPair pair = new(seed: 7);

    private SimulatedLink Link => pair.First.Link;

    // When the first host has asked, seconds.
    private List<double> Asked => [.. pair.Line.Frames.Index().Where(one => IsSolicitation(one.Item)).Select(one => pair.Line.Instants[one.Index].Nanoseconds / 1e9)];

    [Fact]
    public void Routers_are_asked_for_without_end_after_ever_longer_pauses()
    {
        pair.Pass(Hour * 48);
        List<double> pauses = Pauses();
        Assert.InRange(pauses[0], 3.6, 4.4);
        foreach ((double pause, double next) in pauses.Zip(pauses.Skip(1)))
        {
            bool isDoubled = next / pause is > 1.89 and < 2.11;
            Assert.True(isDoubled || next is >= 3240 and <= 3960, $"{next} after {pause}");
        }

        Assert.InRange(pauses.Count, 48, 70);
        Assert.True(pauses.Distinct().Count() > 40, "drawn anew each time");
    }

    [Fact]
    public void The_first_goes_out_as_soon_as_the_links_address_may_be_used()
    {
        pair.Pass(TimeSpan.FromSeconds(3));
        Assert.Single(Asked);
        Assert.InRange(Asked[0] - 3600, 1, 2.01); // a check for duplicates takes up to two seconds
    }

    [Fact]
    public void Once_a_router_has_answered_nobody_is_asked_until_the_link_was_switched_off()
    {
        pair.Pass(TimeSpan.FromSeconds(10));
        pair.First.Link.Receive(new RouterAdvertisement(IpAddress.Parse("fe80::a"), pair.Line.Address).ToFrame());
        int asked = Asked.Count;
        pair.Pass(Hour);
        pair.First.Plug.Pull();
        pair.Pass(TimeSpan.FromSeconds(5));
        pair.First.Plug.Insert();
        pair.Pass(Hour);
        Assert.Equal(asked, Asked.Count);

        pair.First.Internet.Network.Control.SetUp(Link, false);
        pair.First.Internet.Network.Control.SetUp(Link, true);
        pair.Pass(TimeSpan.FromMinutes(1));
        Assert.True(Asked.Count > asked + 2, $"{Asked.Count - asked} times");
    }

    [Fact]
    public void What_stops_it_stops_it_for_good()
    {
        pair.Pass(TimeSpan.FromSeconds(10));
        int asked = Asked.Count;
        Link.Settings[LinkSetting.AcceptRa] = 0;
        pair.Pass(TimeSpan.FromMinutes(1));
        Link.Settings[LinkSetting.AcceptRa] = 1;
        pair.Pass(Hour);
        Assert.Equal(asked, Asked.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void There_are_no_more_than_the_setting_says(int setting, int expected)
    {
        Link.Settings[LinkSetting.RouterSolicitations] = setting;
        pair.Pass(Hour);
        Assert.Equal(expected, Asked.Count);
    }

    [Fact]
    public void The_settings_bound_the_pauses_but_not_the_first()
    {
        Link.Settings[LinkSetting.RouterSolicitationInterval] = 10;
        Link.Settings[LinkSetting.RouterSolicitationMaxInterval] = 4;
        pair.Pass(TimeSpan.FromMinutes(5));
        List<double> pauses = Pauses();
        Assert.InRange(pauses[0], 9, 11);
        Assert.All(pauses.Skip(1), static pause => Assert.InRange(pause, 3.6, 4.4));
    }

    private List<double> Pauses() => [.. Asked.Zip(Asked.Skip(1), static (one, next) => next - one)];

    private bool IsSolicitation(byte[] frame)
    {
        const byte Solicitation = 133;
        return frame.Length > 54 && frame[12] == 0x86 && frame[13] == 0xDD && frame[20] == 58 && frame[54] == Solicitation
            && MacAddress.Read(frame.AsSpan(6)) == Link.MacAddress;
    }
}
