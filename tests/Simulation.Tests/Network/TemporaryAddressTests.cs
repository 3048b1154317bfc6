using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routers.Checking;

namespace Spindle.Simulation.Network;

/// <summary>Temporary addresses on the model, rule by rule, as they were seen on Linux 6.18.</summary>
public sealed class TemporaryAddressTests : IDisposable
{
    private static readonly MacAddress Station = MacAddress.Read([2, 0, 0, 0, 8, 1]);
    private static readonly IpAddress Prefix = IpAddress.Parse("2001:db8:1::");
    private static readonly IpAddress Own = IpAddress.Parse("2001:db8:1::5");

    private readonly SimulatedKernel kernel = new();
    private readonly NetlinkRequests requests = new();
    private readonly RouterSide side;

    public TemporaryAddressTests()
    {
        kernel.Machine.Network.Detection.IsOn = false;
        side = RouterSide.Open(kernel, kernel.Advance);
        side.Write("use_tempaddr", 1);
    }

    private NetworkStack Network => kernel.Machine.Network;

    private List<InterfaceAddress> Temporary => [.. Network.Addresses(null, IpFamily.V6).Where(address => address.IsTemporary)];

    private InterfaceAddress Public => Network.Addresses(null, IpFamily.V6).Single(address => address.Protocol == 2);

    public void Dispose() => side.Dispose();

    [Fact]
    public void One_is_made_beside_each_that_a_router_has_given_and_is_nobodys()
    {
        Take(9007, 5007);
        InterfaceAddress made = Assert.Single(Temporary);
        Assert.Equal(AddressFlags.Secondary, made.Flags);
        Assert.Equal((0, 64, RouteScope.Universe), (made.Protocol, made.PrefixLength, made.Scope));
        Assert.Equal((5007u, 9007u), Left(made));
        Assert.NotEqual(Public.Local, made.Local);
        Assert.Equal(Prefix, new IpPrefix(made.Local, 64).Network.Address);
    }

    [Fact]
    public void None_is_made_while_that_is_switched_off_and_the_next_advertisement_makes_it()
    {
        side.Write("use_tempaddr", 0);
        Take(9007, 5007);
        side.Write("use_tempaddr", 2);
        Assert.Empty(Temporary);
        Take(9007, 5007);
        Assert.Single(Temporary);
        Take(9007, 5007);
        Assert.Single(Temporary);
    }

    [Fact]
    public void Its_lifetimes_are_no_longer_than_the_settings_say_counted_from_its_birth()
    {
        side.DrawNoDesync();
        side.Write("temp_prefered_lft", 300);
        side.Write("temp_valid_lft", 400);
        Take(9007, 5007);
        Assert.Equal((300u, 400u), Left(Temporary[0]));
        kernel.Advance(TimeSpan.FromSeconds(20));
        Take(9007, 5007);
        Assert.Equal((280u, 380u), Left(Temporary[0]));
        side.Write("temp_valid_lft", 10); // by then it is older
        Take(9007, 5007);
        Assert.Empty(Temporary);
    }

    [Fact]
    public void What_is_drawn_shortens_its_preferred_lifetime_by_less_than_ten_minutes_and_is_drawn_once()
    {
        Take(uint.MaxValue, uint.MaxValue);
        uint first = Left(Temporary[0]).Preferred;
        Assert.InRange(first, 86_000u - 599, 86_000u);
        side.DeleteTemporary();
        Take(uint.MaxValue, uint.MaxValue);
        Assert.Equal(first, Left(Temporary[0]).Preferred);
    }

    [Fact]
    public void The_next_one_is_there_five_seconds_before_the_last_is_deprecated()
    {
        side.DrawNoDesync();
        side.Write("temp_prefered_lft", 20);
        side.Write("temp_valid_lft", 30);
        Take(9007, 5007);
        InterfaceAddress first = Temporary[0];
        kernel.Advance(TimeSpan.FromSeconds(14));
        Assert.Same(first, Assert.Single(Temporary));
        kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Temporary.Count);
        Assert.False(first.IsDeprecated);
        kernel.Advance(TimeSpan.FromSeconds(5));
        Assert.True(first.IsDeprecated);
        kernel.Advance(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(first, Temporary);
        kernel.Advance(TimeSpan.FromSeconds(3600)); // and so on, each checked anew
        Assert.InRange(Temporary.Count, 2, 3);
        Assert.Contains(Temporary, static address => !address.IsDeprecated);
    }

    [Fact]
    public void One_whose_successor_is_due_later_than_it_was_is_not_deprecated_meanwhile()
    {
        side.DrawNoDesync();
        side.Write("regen_min_advance", 200);
        Take(9007, 500);
        side.Write("regen_min_advance", 2);
        kernel.Advance(TimeSpan.FromSeconds(400));
        InterfaceAddress made = Assert.Single(Temporary);
        Assert.False(made.IsDeprecated);
        Assert.Equal((100u, 8607u), Left(made));
    }

    [Fact]
    public void Without_the_setting_the_last_one_has_no_successor()
    {
        side.DrawNoDesync();
        side.Write("temp_prefered_lft", 20);
        Take(9007, 5007);
        side.Write("use_tempaddr", 0);
        kernel.Advance(TimeSpan.FromSeconds(60));
        Assert.True(Assert.Single(Temporary).IsDeprecated);
    }

    [Fact]
    public void What_would_be_deprecated_before_its_successor_is_there_is_not_made()
    {
        Take(9007, 5);
        Assert.Empty(Temporary);
        Take(9007, 6);
        Assert.Single(Temporary);
    }

    [Fact]
    public void It_goes_with_its_public_address_when_somebody_removes_that_but_not_when_its_time_is_over()
    {
        Take(9007, 5007);
        side.Ask(requests.DeleteAddress(new AddressRequest(RouterSide.HostLink, Public.Local, 64)));
        Assert.Empty(Temporary);
        Take(9007, 5007);
        Network.Addresses6.Remove(Public);
        Assert.Null(Assert.Single(Temporary).Public);
    }

    [Fact]
    public void After_three_that_others_have_no_more_are_made()
    {
        Take(9007, 5007);
        for (int conflict = 0; conflict < 3; conflict++)
        {
            InterfaceAddress tried = Temporary[0];
            tried.Flags |= AddressFlags.Tentative;
            Network.FailDetection(tried);
            Assert.DoesNotContain(tried, Temporary);
        }

        Assert.Empty(Temporary);
        Assert.Contains("conf/va/use_tempaddr -1", side.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_set_by_hand_has_some_if_it_is_asked_for_and_its_prefix_is_right()
    {
        AddressRequest own = new(RouterSide.HostLink, Own, 64) { Flags = NetlinkRequests.New, Wishes = AddressFlags.ManageTemporary };
        Assert.Equal("EINVAL", side.Ask(requests.AddAddress(own with { Length = 80 })));
        Assert.Equal("None", side.Ask(requests.AddAddress(own)));
        Assert.Single(Temporary);
        Assert.Equal("None", side.Ask(requests.AddAddress(own with { Flags = NetlinkRequests.Either, Wishes = AddressFlags.None })));
        Assert.Empty(Temporary);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Packets_come_from_it_only_if_it_is_preferred(int value, bool isPreferred)
    {
        Take(9007, 5007);
        kernel.Advance(TimeSpan.FromSeconds(1));
        side.Write("use_tempaddr", value);
        Assert.True(Network.FindRoute(new RouteQuery(IpAddress.Parse("2001:db8:1::99")), out RouteChoice choice, out _));
        Assert.Equal(isPreferred ? Temporary[0].Local : Public.Local, choice.PreferredSource);
    }

    [Fact]
    public void A_networks_route_gets_the_end_of_the_addresses_that_stay_when_one_that_was_for_ever_goes()
    {
        AddressRequest own = new(RouterSide.HostLink, Own, 64) { Flags = NetlinkRequests.New };
        side.DrawNoDesync();
        Take(2007, 1007);
        side.Ask(requests.AddAddress(own));
        Assert.Contains("to 2001:db8:1:: table 254 link 2 metric 256 preference 00\n", side.Look(), StringComparison.Ordinal);
        side.Ask(requests.DeleteAddress(own));
        Assert.Contains("to 2001:db8:1:: table 254 link 2 metric 256 preference 00 expires 2010", side.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_whose_time_is_over_serves_nobody_and_vanishes_within_half_a_minute()
    {
        Take(7, 7);
        side.Happened();
        kernel.Advance(TimeSpan.FromSeconds(8));
        Assert.Contains("to 2001:db8:1:: table 254 link 2 metric 256 preference 00 over", side.Look(), StringComparison.Ordinal);
        Assert.False(Network.FindRoute(new RouteQuery(IpAddress.Parse("2001:db8:1::99")), out _, out _));
        Assert.DoesNotContain("del route nlm 0 type 1", side.Happened(), StringComparison.Ordinal);
        kernel.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains("del route nlm 0 type 1", side.Happened(), StringComparison.Ordinal);
    }

    private (uint Preferred, uint Valid) Left(InterfaceAddress address) =>
        (Network.Lifetimes.Left(address.PreferredUntil), Network.Lifetimes.Left(address.ValidUntil));

    private void Take(uint valid, uint preferred)
    {
        side.Advertise(new RouterAdvertisement(IpAddress.Parse("fe80::a"), Station)
        {
            Options = [AdvertisedOption.Prefix(Prefix, 64, 0xC0, valid, preferred, 4)],
        });
        kernel.Advance(TimeSpan.Zero);
    }
}
