using System.Linq;
using Spindle.Basics;
using Spindle.Model;

namespace Model.Tests;

public sealed class WiredServiceTests
{
    private static readonly ServiceConfiguration Ipv4Only = new() { Ipv6 = new(Ipv6Method.Off) };

    private static string Ident => World.Eth(1).ServiceIdent;

    private static World OnlineWorld(int links = 1)
    {
        World world = new();
        for (int i = 1; i <= links; i++)
        {
            world.Store(World.Eth(i).ServiceIdent, Ipv4Only);
        }

        world.Boot([.. Enumerable.Range(1, links).Select(static i => World.Eth(i))]);
        for (int i = 1; i <= links; i++)
        {
            world.Do(new ModelInput.LeaseAcquired(i, World.Lease($"10.0.{i}.5/24", $"10.0.{i}.1")));
        }

        return world.Do(new ModelInput.OnlineChecked(Ident, IpFamily.V4, OnlineVerdict.Online));
    }

    [Fact]
    public void Nothing_happens_before_the_kernel_is_known()
    {
        World world = new();
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        Assert.Empty(world.Outputs);
        world.Do(new ModelInput.KernelKnown());
        Assert.Single(world.Of<ModelOutput.StartDhcp>());
    }

    [Fact]
    public void A_cable_leads_from_configuration_to_ready_to_online()
    {
        World world = new World().Store(Ident, Ipv4Only).Boot(World.Eth(1));
        Assert.Equal("configuration", world.States());
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        Assert.Equal("ready", world.States());
        Assert.Equal("ready", world.ManagerStates());
        Assert.Equal("0.0.0.0/0 via 10.0.0.1 dev 1 metric 0", world.Routes());
        Assert.Single(world.Of<ModelOutput.StartOnlineCheck>());
        world.Do(new ModelInput.OnlineChecked(Ident, IpFamily.V4, OnlineVerdict.Online));
        Assert.Equal("online", world.States());
        Assert.Equal("online", world.ManagerStates());
    }

    [Fact]
    public void Nobody_hears_ready_before_the_address_and_the_route_are_out()
    {
        World world = new World().Store(Ident, Ipv4Only).Boot(World.Eth(1));
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        int address = world.Outputs.FindIndex(static o => o is ModelOutput.AddAddress);
        int route = world.Outputs.FindIndex(static o => o is ModelOutput.AddRoute);
        int resolvers = world.Outputs.FindIndex(static o => o is ModelOutput.SetResolvers);
        int ready = world.Outputs.FindIndex(static o => o is ModelOutput.StateChanged);
        Assert.True(address >= 0 && address < route && route < ready && resolvers < ready);
    }

    [Fact]
    public void Cable_out_takes_everything_of_ours_and_the_service()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.LinkReported(World.Eth(1, hasCarrier: false)));
        Assert.Equal("disconnect idle", world.States());
        Assert.Single(world.Of<ModelOutput.RemoveAddress>());
        Assert.Single(world.Of<ModelOutput.RemoveRoute>());
        Assert.Equal("10.0.1.5", world.Of<ModelOutput.ServiceRemoved>().Count() == 1 ? "10.0.1.5" : "");
        Assert.Empty(world.Model.Services);
        Assert.False(Assert.Single(world.Of<ModelOutput.StopDhcp>()).Release);
        Assert.Equal("idle", world.ManagerStates());
    }

    [Fact]
    public void A_known_network_is_asked_for_the_address_it_gave()
    {
        World world = new World().Store(Ident, Ipv4Only with { LastAddress = IpAddress.Parse("10.0.0.9") });
        world.Boot(World.Eth(1));
        Assert.Equal(IpAddress.Parse("10.0.0.9"), Assert.Single(world.Of<ModelOutput.StartDhcp>()).Remembered);
    }

    [Fact]
    public void What_is_on_the_link_at_start_is_asked_for_and_never_removed()
    {
        World world = new World().Store(Ident, Ipv4Only);
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        world.Do(new ModelInput.AddressReported(new AddressFacts(1, IpPrefix.Parse("192.0.2.9/24"))));
        world.Do(new ModelInput.KernelKnown());
        Assert.Equal(IpAddress.Parse("192.0.2.9"), Assert.Single(world.Of<ModelOutput.StartDhcp>()).Remembered);
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
    }

    [Fact]
    public void An_address_of_ours_from_before_stays_until_the_lease_says_otherwise()
    {
        World world = new World().Store(Ident, Ipv4Only with { AutoConnect = false });
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        world.Do(new ModelInput.AddressReported(new AddressFacts(1, IpPrefix.Parse("10.0.0.4/24")) { IsOurs = true }));
        world.Do(new ModelInput.KernelKnown());
        Assert.Empty(world.Of<ModelOutput.RemoveAddress>());
        Assert.Single(world.Of<ModelOutput.StartDhcp>());
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        Assert.Equal(IpPrefix.Parse("10.0.0.4/24"), Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_route_of_ours_from_before_goes_with_a_link_that_never_came_to_need_it(bool hasLease)
    {
        RoutePlan old = new(2, IpPrefix.Parse("::/0"), IpAddress.Parse("fd00:77::ffff"), 100, null);
        World world = new();
        world.Do(new ModelInput.LinkReported(World.Eth(2)));
        world.Do(new ModelInput.OwnRouteFound(old));
        world.Do(new ModelInput.KernelKnown());
        Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
        if (hasLease)
        {
            world.Do(new ModelInput.LeaseAcquired(2, World.Lease("192.168.1.20/24", "192.168.1.1")));
            Assert.Empty(world.Of<ModelOutput.RemoveRoute>());
        }

        world.Do(new ModelInput.LinkReported(World.Eth(2, hasCarrier: false)));
        Assert.Contains(old, world.Of<ModelOutput.RemoveRoute>().Select(static removed => removed.Plan));
    }

    [Fact]
    public void What_is_left_of_before_on_a_link_without_a_cable_is_cleared_away()
    {
        IpPrefix prefix = IpPrefix.Parse("192.168.1.20/24");
        World world = new();
        world.Do(new ModelInput.LinkReported(World.Eth(2, hasCarrier: false)));
        world.Do(new ModelInput.AddressReported(new AddressFacts(2, prefix) { IsOurs = true }));
        world.Do(new ModelInput.KernelKnown());
        Assert.Equal(prefix, Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
    }

    [Fact]
    public void An_ipv6_address_that_is_taken_away_does_not_make_us_forget_the_route()
    {
        IpPrefix prefix = IpPrefix.Parse("fd00:77::5/64");
        World world = new World().Store(World.Eth(1).ServiceIdent, new ServiceConfiguration
        {
            AutoConnect = true,
            Favorite = true,
            Ipv6 = new(Ipv6Method.Manual, Address: prefix, Gateway: IpAddress.Parse("fd00:77::ffff")),
        });
        world.Boot(World.Eth(1));
        world.Do(new ModelInput.AddressReported(new AddressFacts(1, prefix) { IsOurs = true }));
        RoutePlan route = Assert.Single(world.Of<ModelOutput.AddRoute>()).Plan;

        world.Do(new ModelInput.AddressVanished(1, prefix));
        Assert.Equal(prefix, Assert.Single(world.Of<ModelOutput.AddAddress>()).Plan.Prefix);
        Assert.Contains(route, world.Of<ModelOutput.RemoveRoute>().Select(static removed => removed.Plan));
    }

    [Fact]
    public void Disconnect_gives_the_lease_back_and_waits_for_the_user()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.DisconnectRequested(Ident, 7));
        Assert.True(Assert.Single(world.Of<ModelOutput.StopDhcp>()).Release);
        Assert.Equal("disconnect idle", world.States());
        Assert.Equal(new ModelOutput.Reply(7, ModelError.None), Assert.Single(world.Of<ModelOutput.Reply>()));
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        Assert.Empty(world.Of<ModelOutput.StartDhcp>());
        world.Do(new ModelInput.DisconnectRequested(Ident, 8));
        Assert.Equal(ModelError.NotConnected, Assert.Single(world.Of<ModelOutput.Reply>()).Error);
        world.Do(new ModelInput.ConnectRequested(Ident, 9));
        Assert.Empty(world.Of<ModelOutput.Reply>());
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.1.5/24", "10.0.1.1")));
        Assert.Equal(new ModelOutput.Reply(9, ModelError.None), Assert.Single(world.Of<ModelOutput.Reply>()));
    }

    [Fact]
    public void Connect_is_answered_after_120_seconds_at_the_latest()
    {
        World world = new World().Store(Ident, Ipv4Only with { AutoConnect = false }).Boot(World.Eth(1));
        world.Do(new ModelInput.ConnectRequested(Ident, 1));
        world.Do(new ModelInput.ConnectRequested(Ident, 2));
        Assert.Equal(ModelError.InProgress, Assert.Single(world.Of<ModelOutput.Reply>()).Error);
        Assert.Equal(world.Now + System.TimeSpan.FromSeconds(120), world.Model.Deadline);
        world.Wait(120);
        Assert.Equal(new ModelOutput.Reply(1, ModelError.OperationTimeout), Assert.Single(world.Of<ModelOutput.Reply>()));
        Assert.Equal("failure", world.States());
        Assert.Equal("connect-failed", world.Service().Error);
        Assert.Single(world.Of<ModelOutput.ReportError>());
        world.Do(new ModelInput.ErrorCleared(Ident));
        Assert.Equal("idle", world.States());
    }

    [Fact]
    public void What_is_configured_just_before_an_attempt_ends_has_its_full_time()
    {
        World world = new World().Store(Ident, new ServiceConfiguration { Ipv4 = new(Ipv4Method.Off) }).Boot(World.Eth(1));
        world.Wait(119);
        world.Do(new ModelInput.ServiceConfigured(Ident, Ipv4Only, ServiceProperties.Ipv4Configuration));
        Assert.Single(world.Of<ModelOutput.StartDhcp>());
        world.Wait(119);
        Assert.NotEqual(ServiceState.Failure, world.Service().State);
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.1.5/24", "10.0.1.1")));
        Assert.Equal(ServiceState.Ready, world.Service().State);
    }

    [Fact]
    public void Without_a_server_a_link_local_address_serves_until_a_lease_comes()
    {
        World world = new World().Store(Ident, Ipv4Only).Boot(World.Eth(1));
        world.Do(new ModelInput.LeaseOverdue(1));
        Assert.Single(world.Of<ModelOutput.StartLinkLocal>());
        world.Do(new ModelInput.LinkLocalClaimed(1, IpAddress.Parse("169.254.7.7")));
        Assert.Equal("ready", world.States());
        Assert.Equal("auto", world.Service().Shown.Ipv4!.Method);
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        Assert.Single(world.Of<ModelOutput.StopLinkLocal>());
        Assert.Equal(IpPrefix.Parse("169.254.7.7/16"), Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
        Assert.Equal("dhcp", world.Service().Shown.Ipv4!.Method);
    }

    [Fact]
    public void Who_listens_hears_that_the_method_is_shown_as_auto_and_as_dhcp_again()
    {
        World world = new World().Store(Ident, Ipv4Only).Boot(World.Eth(1));
        world.Do(new ModelInput.LeaseOverdue(1));
        world.Do(new ModelInput.LinkLocalClaimed(1, IpAddress.Parse("169.254.7.7")));
        Assert.Contains(world.Of<ModelOutput.ServiceChanged>(), static c => c.Changed.HasFlag(ServiceProperties.Ipv4Configuration));
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.0.5/24", "10.0.0.1")));
        Assert.Contains(world.Of<ModelOutput.ServiceChanged>(), static c => c.Changed.HasFlag(ServiceProperties.Ipv4Configuration));
    }

    [Fact]
    public void A_renewed_lease_touches_nothing_but_the_lifetime()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.LeaseAcquired(
            1, World.Lease("10.0.1.5/24", "10.0.1.1") with { ValidUntil = Instant.FromSeconds(9000) }));
        Assert.IsType<ModelOutput.AddAddress>(Assert.Single(world.Outputs));
    }

    [Fact]
    public void The_same_address_with_another_mask_has_its_routes_set_again_behind_it()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.LeaseAcquired(1, World.Lease("10.0.1.5/8", "10.0.1.1")));
        Assert.Equal(
            ["RemoveAddress 10.0.1.5/24", "AddAddress 10.0.1.5/8", "AddRoute 0.0.0.0/0"],
            world.Outputs.Select(static output => output switch
            {
                ModelOutput.RemoveAddress(_, IpPrefix prefix) => $"RemoveAddress {prefix}",
                ModelOutput.AddAddress(_, AddressPlan plan) => $"AddAddress {plan.Prefix}",
                ModelOutput.AddRoute(RoutePlan plan) => $"AddRoute {plan.Destination}",
                _ => "",
            }).Where(static word => word.Length > 0));
    }

    [Fact]
    public void The_first_service_has_the_default_route_and_the_other_a_worse_one()
    {
        World world = OnlineWorld(links: 2);
        Assert.Equal(["eth0", "eth1"], world.Model.Services.Select(static s => s.Link.Name));
        world.Do(new ModelInput.MoveRequested(World.Eth(2).ServiceIdent, Ident, true, 3));
        Assert.Equal(ModelError.None, Assert.Single(world.Of<ModelOutput.Reply>()).Error);
        Assert.Equal(["eth1", "eth0"], world.Model.Services.Select(static s => s.Link.Name));
        Assert.Contains("0.0.0.0/0 via 10.0.2.1 dev 2 metric 0", world.Routes());
        Assert.Contains("0.0.0.0/0 via 10.0.1.1 dev 1 metric 4294966271", world.Routes());
        Assert.Equal("ready", world.States());
        Assert.Equal(World.Eth(2).ServiceIdent, Assert.Single(world.Of<ModelOutput.StartOnlineCheck>()).Service.Ident);
    }

    [Fact]
    public void What_comes_after_an_attempt_s_time_ends_the_attempt_and_what_was_set_for_it_goes()
    {
        ServiceConfiguration manual = new()
        {
            Ipv4 = new(Ipv4Method.Off),
            AutoConnect = true,
            Favorite = true,
            Ipv6 = new(Ipv6Method.Manual, Address: IpPrefix.Parse("fd00:77::9/64")),
        };
        World world = new World().Store(Ident, manual).Boot(World.Eth(1));
        Assert.Single(world.Outputs.OfType<ModelOutput.AddAddress>());
        world.Wait(3600, new ModelInput.LinkReported(World.Eth(2, hasCarrier: false)));
        Assert.Equal(ServiceState.Failure, world.Service().State);
        Assert.Single(world.Of<ModelOutput.RemoveAddress>());
    }

    [Fact]
    public void A_manual_address_is_ready_at_once_and_passes_through_configuration()
    {
        World world = OnlineWorld();
        ServiceConfiguration manual = world.Service().Stored with
        {
            Ipv4 = new(Ipv4Method.Manual, IpPrefix.Parse("10.0.9.9/24"), IpAddress.Parse("10.0.9.1")),
        };
        world.Do(new ModelInput.ServiceConfigured(Ident, manual, ServiceProperties.Ipv4Configuration));
        Assert.Equal("configuration ready", world.States());
        Assert.Equal("idle ready", world.ManagerStates());
        Assert.Equal(IpPrefix.Parse("10.0.1.5/24"), Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
        Assert.Equal(IpPrefix.Parse("10.0.9.9/24"), Assert.Single(world.Of<ModelOutput.AddAddress>()).Plan.Prefix);
        Assert.Equal("0.0.0.0/0 via 10.0.9.1 dev 1 metric 0", world.Routes());
    }

    [Fact]
    public void Provisioning_comes_and_goes_without_a_trace_in_what_is_stored()
    {
        World world = OnlineWorld();
        ProvisionedService entry = new("corp", "eth")
        {
            Mac = World.Mac,
            Ipv4 = new(Ipv4Method.Manual, IpPrefix.Parse("10.0.9.9/24"), IpAddress.Parse("10.0.9.1")),
            Nameservers = [IpAddress.Parse("10.0.9.53")],
        };
        world.Do(new ModelInput.ProvisioningChanged([entry]));
        Assert.True(world.Service().IsImmutable);
        Assert.Equal("fixed", world.Service().Shown.Ipv4!.Method);
        Assert.Equal("10.0.9.53", string.Join(" ", world.Service().Shown.Nameservers));
        Assert.Equal(Ipv4Method.Dhcp, world.Service().Stored.Ipv4.Method);
        world.Do(new ModelInput.ProvisioningChanged([]));
        Assert.False(world.Service().IsImmutable);
        Assert.Single(world.Of<ModelOutput.StartDhcp>());
        Assert.Equal(IpPrefix.Parse("10.0.9.9/24"), Assert.Single(world.Of<ModelOutput.RemoveAddress>()).Prefix);
    }

    [Fact]
    public void Power_off_is_answered_when_the_links_are_off_and_on_brings_all_back()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.PowerRequested("ethernet", false, 4));
        Assert.Empty(world.Of<ModelOutput.Reply>());
        Assert.False(Assert.Single(world.Of<ModelOutput.SetLinkUp>()).IsUp);
        Assert.Empty(world.Model.Services);
        world.Do(new ModelInput.LinkReported(World.Eth(1, hasCarrier: false, isUp: false)));
        Assert.Equal(new ModelOutput.Reply(4, ModelError.None), Assert.Single(world.Of<ModelOutput.Reply>()));
        Assert.False(Assert.Single(world.Of<ModelOutput.TechnologyPowered>()).IsOn);
        world.Do(new ModelInput.PowerRequested("ethernet", false, 5));
        Assert.Equal(ModelError.AlreadyDisabled, Assert.Single(world.Of<ModelOutput.Reply>()).Error);
        world.Do(new ModelInput.PowerRequested("ethernet", true, 6));
        Assert.True(Assert.Single(world.Of<ModelOutput.SetLinkUp>()).IsUp);
        world.Do(new ModelInput.LinkReported(World.Eth(1)));
        Assert.Single(world.Of<ModelOutput.StartDhcp>());
    }

    [Fact]
    public void Offline_mode_takes_wired_services_away()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.OfflineModeRequested(true));
        Assert.Empty(world.Model.Services);
        Assert.Equal("offline", world.Model.State);
        Assert.False(Assert.Single(world.Of<ModelOutput.TechnologyPowered>()).IsOn);
        world.Do(new ModelInput.OfflineModeRequested(false));
        Assert.True(world.Model.Ethernet.IsPowered);
    }

    [Fact]
    public void Ipv6_is_ready_when_a_router_was_heard_and_an_address_can_be_used()
    {
        World world = new World().Store(Ident, new ServiceConfiguration { Ipv4 = new(Ipv4Method.Off) }).Boot(World.Eth(1));
        Assert.Equal("configuration", world.States());
        AddressFacts address = new(1, IpPrefix.Parse("2001:db8::5/64")) { IsTentative = true };
        world.Do(new ModelInput.RouterReported(1, new RouterFacts(
            IpAddress.Parse("fe80::1"), [IpAddress.Parse("2001:db8::53")], ["six.test"], false, false)));
        world.Do(new ModelInput.AddressReported(address));
        Assert.Equal("", world.States());
        world.Do(new ModelInput.AddressReported(address with { IsTentative = false }));
        Assert.Equal("ready", world.States());
        Assert.Equal("2001:db8::53", string.Join(" ", world.Service().Shown.Nameservers));
        Assert.Equal(IpFamily.V6, Assert.Single(world.Of<ModelOutput.StartOnlineCheck>()).Family);
        world.Do(new ModelInput.AddressVanished(1, address.Prefix));
        Assert.Equal("configuration", world.States());
    }

    [Fact]
    public void The_IPv6_address_that_is_shown_is_not_deprecated_if_another_can_be_used_and_rather_not_temporary()
    {
        World world = new World().Store(Ident, new ServiceConfiguration { Ipv4 = new(Ipv4Method.Off) }).Boot(World.Eth(1));
        world.Do(new ModelInput.RouterReported(1, new RouterFacts(IpAddress.Parse("fe80::1"), [], [], false, false)));
        AddressFacts old = new(1, IpPrefix.Parse("2001:db8::a:1/64")) { IsTemporary = true, IsDeprecated = true };
        AddressFacts next = new(1, IpPrefix.Parse("2001:db8::a:2/64")) { IsTemporary = true };
        AddressFacts stable = new(1, IpPrefix.Parse("2001:db8::5/64"));
        Assert.Equal(old.Prefix, ShownAfter(old));
        Assert.Equal(next.Prefix, ShownAfter(next));
        Assert.Equal(stable.Prefix, ShownAfter(stable));
        Assert.Equal(next.Prefix, ShownAfter(stable with { IsDeprecated = true }));

        IpPrefix? ShownAfter(AddressFacts address)
        {
            world.Do(new ModelInput.AddressReported(address));
            return world.Service().Shown.Ipv6!.Address;
        }
    }

    [Fact]
    public void A_lost_lease_takes_the_address_and_the_state_back()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.LeaseLost(1));
        Assert.Equal("configuration", world.States());
        Assert.Equal("idle", world.ManagerStates());
        Assert.Single(world.Of<ModelOutput.RemoveAddress>());
        Assert.Single(world.Of<ModelOutput.StopOnlineCheck>());
    }

    [Fact]
    public void An_address_that_somebody_took_from_the_link_is_set_again()
    {
        World world = OnlineWorld();
        world.Do(new ModelInput.AddressReported(new AddressFacts(1, IpPrefix.Parse("10.0.1.5/24")) { IsOurs = true }));
        world.Do(new ModelInput.AddressVanished(1, IpPrefix.Parse("10.0.1.5/24")));
        Assert.Single(world.Of<ModelOutput.AddAddress>());
        Assert.Single(world.Of<ModelOutput.AddRoute>());
    }

    [Fact]
    public void Failed_checks_in_continuous_mode_put_a_service_behind_the_others()
    {
        World world = OnlineWorld(links: 2);
        world.Do(new ModelInput.OnlineChecked(Ident, IpFamily.V4, OnlineVerdict.Failed));
        Assert.Equal(["eth1", "eth0"], world.Model.Services.Select(static s => s.Link.Name));
        Assert.Equal("online-check-failed", world.Service().Error);
        world.Do(new ModelInput.OnlineChecked(Ident, IpFamily.V4, OnlineVerdict.Online));
        Assert.Null(world.Service().Error);
    }
}
