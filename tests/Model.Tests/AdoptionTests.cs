using System.Linq;
using Spindle.Basics;
using Spindle.Model;

namespace Model.Tests;

/// <summary>What an earlier run of the daemon has left in the kernel.</summary>
public sealed class AdoptionTests
{
    private static readonly IpPrefix Address = IpPrefix.Parse("10.0.1.4/24");
    private static readonly RoutePlan Default =
        new(1, IpPrefix.Parse("0.0.0.0/0"), IpAddress.Parse("10.0.1.1"), 0, IpAddress.Parse("10.0.1.4"));
    private static readonly RoutePlan Default6 = new(1, IpPrefix.Parse("::/0"), IpAddress.Parse("fe80::1"), 100, null);

    [Fact]
    public void A_default_route_from_before_stays_while_nobody_is_connected()
    {
        World world = Restart(new World(), World.Eth(1), World.Eth(2));
        Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
        world.Wait(10);
        Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
    }

    [Fact]
    public void Of_two_default_routes_the_one_from_before_goes_once_a_service_has_its_own()
    {
        World world = Restart(new World(), World.Eth(1), World.Eth(2));
        world.Do(new ModelInput.LeaseAcquired(2, World.Lease("10.0.2.5/24", "10.0.2.1")));
        Assert.Equal(Default, Assert.Single(world.Of<ModelOutput.RemoveRoute>()).Plan);
        Assert.Equal("0.0.0.0/0 via 10.0.2.1 dev 2 metric 0", world.Routes());
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.1.4/24", "10.0.1.1")));
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
    }

    [Fact]
    public void An_ipv6_default_route_from_before_goes_even_if_the_first_service_has_the_kernels()
    {
        World world = Restart(new World(), World.Eth(1), World.Eth(2));
        world.Do(new ModelInput.RouterReported(2, new RouterFacts(IpAddress.Parse("fe80::2"), [], [], false, false)));
        world.Do(new ModelInput.AddressReported(new AddressFacts(2, IpPrefix.Parse("2001:db8::5/64"))));
        Assert.Equal(Default6, Assert.Single(world.Of<ModelOutput.RemoveRoute>()).Plan);
    }

    [Fact]
    public void A_route_from_before_that_is_right_is_kept_as_it_is()
    {
        World world = Restart(new World(), World.Eth(1));
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.1.4/24", "10.0.1.1")));
        Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
        Assert.Empty(world.Of<ModelOutput.AddRoute>());
    }

    [Fact]
    public void A_manual_ipv6_address_from_before_serves_at_once_and_its_route_stays()
    {
        World world = RestartManual();
        Assert.Equal(ServiceState.Ready, world.Service().Ipv6State);
        Assert.Empty(world.Of<ModelOutput.AddRoute>());
        Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
    }

    [Fact]
    public void A_manual_ipv6_address_from_before_that_is_still_checked_serves_when_that_is_over()
    {
        World world = RestartManual(isTentative: true);
        Assert.Equal(ServiceState.Configuration, world.Service().Ipv6State);
        world.Do(new ModelInput.AddressReported(Manual));
        Assert.Equal(ServiceState.Ready, world.Service().Ipv6State);
        Assert.Empty(world.Of<ModelOutput.AddRoute>());
    }

    [Fact]
    public void An_ipv6_route_from_before_is_set_again_if_its_link_has_lost_an_address_meanwhile()
    {
        World world = RestartManual(isTentative: true);
        world.Do(new ModelInput.AddressVanished(1, Manual.Prefix));
        world.Wait(1);
        world.Do(new ModelInput.AddressReported(Manual));
        Assert.Equal("::/0 via fd00:77::ffff dev 1 metric 100", world.Routes());
    }

    [Fact]
    public void An_address_from_before_that_has_gone_by_itself_is_not_removed()
    {
        World world = Restart(new World(), World.Eth(1));
        world.Do(new ModelInput.AddressVanished(1, Address));
        world.Do(new ModelInput.DisconnectRequested(World.Eth(1).ServiceIdent, 7));
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
    }

    [Theory]
    [InlineData("offline")]
    [InlineData("disabled")]
    [InlineData("unplugged")]
    public void What_is_left_on_a_link_that_gets_no_service_goes_at_once(string why)
    {
        World world = Restart(new World(isOffline: why == "offline", isEnabled: why != "disabled"), World.Eth(1, hasCarrier: why != "unplugged"));
        Assert.Equal([Default, Default6], world.Of<ModelOutput.RemoveRoute>().Select(static output => output.Plan).OrderBy(static plan => plan.Metric));
        Assert.Equal(Address, Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
    }

    [Fact]
    public void What_is_left_goes_with_the_service_that_the_user_does_not_want()
    {
        World world = Restart(new World(), World.Eth(1));
        world.Do(new ModelInput.DisconnectRequested(World.Eth(1).ServiceIdent, 7));
        Assert.Equal(Address, Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
        Assert.Equal(2, world.Of<ModelOutput.RemoveRoute>().Count());
    }

    private static AddressFacts Manual => new(1, IpPrefix.Parse("fd00:77::9/64")) { IsOurs = true };

    // The service's IPv6 is by hand, and the kernel has what is asked for.
    private static World RestartManual(bool isTentative = false)
    {
        ServiceConfiguration byHand = new()
        {
            AutoConnect = true,
            Favorite = true,
            Ipv6 = new(Ipv6Method.Manual, Address: Manual.Prefix, Gateway: IpAddress.Parse("fd00:77::ffff")),
        };
        World world = new World().Store(World.Eth(1).ServiceIdent, byHand);
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        world.Do(new ModelInput.AddressReported(Manual with { IsTentative = isTentative }));
        world.Do(new ModelInput.OwnRouteFound(new RoutePlan(1, IpPrefix.Parse("::/0"), IpAddress.Parse("fd00:77::ffff"), 100, null)));
        return world.Do(new ModelInput.KernelKnown());
    }

    /// <summary>The kernel as an earlier run has left it: the first link had both default routes.</summary>
    private static World Restart(World world, params LinkFacts[] links)
    {
        foreach (LinkFacts link in links)
        {
            world.Do(new ModelInput.LinkReported(link));
        }

        world.Do(new ModelInput.AddressReported(new AddressFacts(1, Address) { IsOurs = true }));
        world.Do(new ModelInput.OwnRouteFound(Default));
        world.Do(new ModelInput.OwnRouteFound(Default6));
        return world.Do(new ModelInput.KernelKnown());
    }
}
