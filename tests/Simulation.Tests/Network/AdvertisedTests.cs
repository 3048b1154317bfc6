using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Routers.Checking;

namespace Spindle.Simulation.Network;

/// <summary>What comes of router advertisements on the model, rule by rule, as it was seen on Linux 6.18.</summary>
public sealed class AdvertisedTests : IDisposable
{
    private static readonly MacAddress Station = MacAddress.Read([2, 0, 0, 0, 8, 1]);
    private static readonly RouterAdvertisement FromA = new(IpAddress.Parse("fe80::a"), Station) { LifetimeSeconds = 1807 };
    private static readonly RouterAdvertisement FromB = FromA with { Router = IpAddress.Parse("fe80::b") };
    private static readonly IpAddress Prefix = IpAddress.Parse("2001:db8:1::");

    private readonly SimulatedKernel kernel = new();
    private readonly RouterSide side;

    public AdvertisedTests()
    {
        kernel.Machine.Network.Detection.IsOn = false;
        side = RouterSide.Open(kernel, kernel.Advance);
    }

    public void Dispose() => side.Dispose();

    [Fact]
    public void Two_routers_are_two_routes_that_never_share_their_traffic()
    {
        Take(FromA);
        Assert.Contains("gateway fe80::b table 254 link 2 metric 1024", Take(FromB), StringComparison.Ordinal);
        Assert.DoesNotContain("hops", side.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_that_prefers_itself_anew_is_told_of_and_the_reserved_preference_is_medium()
    {
        Take(FromA);
        Assert.Empty(Take(FromA));
        Assert.Contains("nlm 100 type 1 /0", Take(FromA with { Flags = 1 << 3 }), StringComparison.Ordinal);
        Assert.Contains("preference 00", Take(FromA with { Flags = 2 << 3 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_to_other_networks_are_taken_once_their_lengths_are_allowed()
    {
        RouterAdvertisement message = FromA with { Options = [AdvertisedOption.Route(IpPrefix.Parse("2001:db8:100::/48"), 0, 1807, 2)] };
        Assert.DoesNotContain("2001:db8:100::", Take(message), StringComparison.Ordinal);
        side.Write("accept_ra_rt_info_max_plen", 64);
        Assert.Contains("to 2001:db8:100:: gateway fe80::a", Take(message), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_option_that_is_shorter_than_its_prefix_is_passed_over()
    {
        side.Write("accept_ra_rt_info_max_plen", 128);
        AdvertisedOption tooShort = AdvertisedOption.Route(IpPrefix.Parse("2001:db8:100::/48"), 0, 1807, 1);
        Assert.DoesNotContain("/48", Take(FromA with { Options = [tooShort] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_on_the_link_is_a_route_whether_there_is_an_address_or_not()
    {
        string told = Take(Said(0x80, 2007, 1007));
        Assert.Contains("/64 from /0 tos 0 table 254 protocol 2 scope 0 flags 0 to 2001:db8:1::", told, StringComparison.Ordinal);
        Assert.DoesNotContain("new address", told, StringComparison.Ordinal);
        Assert.Contains("del route", Take(Said(0x80, 0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_a_network_that_is_not_on_the_link_brings_no_route_to_it()
    {
        string told = Take(Said(0x40, 2007, 1007));
        Assert.Contains("new address", told, StringComparison.Ordinal);
        Assert.DoesNotContain("to 2001:db8:1:: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_ends_an_address_within_two_hours_but_its_preference_ends_at_once()
    {
        Take(Said(0x40, 9007, 5007));
        string told = Take(Said(0x40, 0, 0));
        Assert.Contains("preferred 0 valid 7200", told, StringComparison.Ordinal);
        Assert.Contains("flags 20", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_believed_is_a_neighbour_all_the_same()
    {
        side.Write("accept_ra", 0);
        Assert.Empty(Take(FromA with { Options = [AdvertisedOption.Source(Station, 1)] }));
        Assert.Contains("neighbour fe80::a 020000000801 state 4 flags 80", side.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_MTU_counts_and_a_new_one_shortens_routes_but_lengthens_none()
    {
        Take(FromA with { Options = [AdvertisedOption.Mtu(1400), AdvertisedOption.Mtu(1280)] });
        Assert.Contains("conf/va/mtu 1400", side.Look(), StringComparison.Ordinal);
        Assert.Contains("metrics 0800020078050000", side.Look(), StringComparison.Ordinal);
        Take(FromB with { Options = [AdvertisedOption.Mtu(1280)] });
        Assert.DoesNotContain("0800020078050000", side.Look(), StringComparison.Ordinal);
        Take(FromB with { Options = [AdvertisedOption.Mtu(1500)] });
        Assert.Contains("gateway fe80::a table 254 link 2 metric 1024 metrics 0800020000050000", side.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_and_hop_limits_are_the_links_from_then_on()
    {
        Take(FromA with { HopLimit = 30, ReachableMilliseconds = 60_000, RetransMilliseconds = 500 });
        string seen = side.Look();
        Assert.Contains("hop_limit 30", seen, StringComparison.Ordinal);
        Assert.Contains("base_reachable_time_ms 60000", seen, StringComparison.Ordinal);
        Assert.Contains("retrans_time_ms 500", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_becomes_a_router_forgets_its_own()
    {
        Take(FromA);
        side.Write("forwarding", 1);
        Assert.Contains("del route nlm 0 type 1 /0", side.Happened(), StringComparison.Ordinal);
        Assert.Empty(Take(FromA));
    }

    [Theory]
    [InlineData(nameof(RouterAdvertisement.Hops))]
    [InlineData(nameof(RouterAdvertisement.Code))]
    [InlineData(nameof(RouterAdvertisement.ChecksumError))]
    [InlineData(nameof(RouterAdvertisement.Missing))]
    [InlineData(nameof(RouterAdvertisement.Router))]
    [InlineData(nameof(RouterAdvertisement.Options))]
    public void One_that_is_wrong_is_none(string what)
    {
        Dictionary<string, RouterAdvertisement> wrong = new()
        {
            [nameof(RouterAdvertisement.Hops)] = FromA with { Hops = 254 },
            [nameof(RouterAdvertisement.Code)] = FromA with { Code = 1 },
            [nameof(RouterAdvertisement.ChecksumError)] = FromA with { ChecksumError = 1 },
            [nameof(RouterAdvertisement.Missing)] = FromA with { Missing = 1 },
            [nameof(RouterAdvertisement.Router)] = FromA with { Router = IpAddress.Parse("2001:db8::1") },
            [nameof(RouterAdvertisement.Options)] = FromA with { Options = [AdvertisedOption.Empty] },
        };
        Assert.Empty(Take(wrong[what]));
    }

    private static RouterAdvertisement Said(byte flags, uint valid, uint preferred) =>
        FromA with { LifetimeSeconds = 0, Options = [AdvertisedOption.Prefix(Prefix, 64, flags, valid, preferred, 4)] };

    private string Take(RouterAdvertisement advertisement)
    {
        side.Advertise(advertisement);
        return side.Happened();
    }
}
