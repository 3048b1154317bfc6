using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;
using Spindle.Protocols.Dhcp.V4;
using Spindle.Simulation.Actors.Dhcp;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Rivals;

namespace Simulation.Tests.Actors;

/// <summary>The actors' servers with the product's client: neither shares a line with the other.</summary>
public sealed class DhcpServerTests
{
    private static readonly IpAddress Router = IpAddress.Parse("192.0.2.1");

    [Fact]
    public void A_good_server_leases_renews_and_takes_back()
    {
        TestSegment segment = new();
        DhcpServer server = AddServer(segment, new() { LeaseTime = TimeSpan.FromMinutes(20) });
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(1);
        Assert.Equal("192.0.2.100/24", client.Lease!.Address.ToString());
        Assert.Equal(Router, client.Lease.Gateway);
        segment.Run(3600);
        Assert.Equal(["acquired", "renewed", "renewed", "renewed", "renewed", "renewed", "renewed"], client.Story);
        Assert.Equal(1, server.Pool.InUse(segment.Clock.Now));
        client.Release();
        segment.Run(1);
        Assert.Equal(0, server.Pool.InUse(segment.Clock.Now));
        AssertRight(segment);
    }

    [Fact]
    public void Twenty_clients_get_twenty_addresses_and_the_pool_of_ten_is_enough_for_ten()
    {
        TestSegment segment = new();
        DhcpServer server = AddServer(segment, new(), count: 10);
        List<ProductClient> clients = [.. Enumerable.Range(0, 20).Select(i => new ProductClient(segment, "client" + i, (byte)(20 + i), seed: (ulong)i))];
        clients.ForEach(static client => client.Start());
        segment.Run(100);
        Assert.Equal(10, clients.Count(static client => client.Lease is not null));
        Assert.Equal(10, clients.Where(static client => client.Lease is not null).Select(static client => client.Lease!.Address).Distinct().Count());
        Assert.Equal(10, server.Pool.InUse(segment.Clock.Now));
        AssertRight(segment);
    }

    [Fact]
    public void A_server_with_rapid_commit_needs_two_messages()
    {
        TestSegment segment = new();
        DhcpServer server = AddServer(segment, new() { DoesRapidCommit = true });
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(1);
        Assert.NotNull(client.Lease);
        Assert.Equal([0, 1, 0, 0], server.Heard[..4]);
        AssertRight(segment);
    }

    [Theory]
    [InlineData((int)DhcpRenewalPolicy.IgnoreUnicast, "acquired renewed")]
    [InlineData((int)DhcpRenewalPolicy.Ignore, "acquired lost Expired acquired")]
    [InlineData((int)DhcpRenewalPolicy.Refuse, "acquired lost Refused acquired")]
    [InlineData((int)DhcpRenewalPolicy.Move, "acquired lost Refused acquired")]
    public void What_a_server_does_about_renewals_is_seen_in_the_client(int number, string story)
    {
        DhcpRenewalPolicy policy = (DhcpRenewalPolicy)number;
        TestSegment segment = new();
        AddServer(segment, new() { LeaseTime = TimeSpan.FromMinutes(20), Renewal = policy });
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(1);
        IpPrefix first = client.Lease!.Address;
        segment.Run(policy >= DhcpRenewalPolicy.Refuse ? 11 * 60 : 20.5 * 60);
        Assert.Equal(story, string.Join(' ', client.Story));
        Assert.Equal(policy == DhcpRenewalPolicy.Move, first != client.Lease!.Address);
        AssertRight(segment);
    }

    [Fact]
    public void An_acknowledgement_of_another_address_is_no_renewal()
    {
        TestSegment segment = new();
        AddServer(segment, new() { LeaseTime = TimeSpan.FromMinutes(20), Renewal = DhcpRenewalPolicy.AcknowledgeAnother });
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(21 * 60);
        Assert.Contains("lost Expired", client.Story);
        Assert.DoesNotContain("renewed", client.Story);
        AssertRight(segment);
    }

    [Fact]
    public void Behind_a_relay_the_renewal_goes_through_the_router()
    {
        TestSegment segment = new();
        ActorHost router = segment.AddHost("router", 1, "192.0.2.1/24");
        Cloud cloud = new(segment.Context, router);
        IpStack far = cloud.AddHost("far", IpAddress.Parse("10.255.0.1"));
        DhcpServer server = new(router, IpAddress.Parse("10.255.0.1"), Pool(100), new()
        {
            LeaseTime = TimeSpan.FromMinutes(20),
            Routers = [Router],
        }, far);
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(15 * 60);
        Assert.Equal(["acquired", "renewed"], client.Story);
        Assert.Equal(IpAddress.Parse("10.255.0.1"), client.Lease!.ServerIdentifier);
        Assert.Equal(2, server.Sent[5]);
        AssertRight(segment);
    }

    [Fact]
    public void A_remembered_address_is_confirmed_refused_or_unanswered()
    {
        foreach ((string remembered, bool isAuthoritative, string address) in new[]
        {
            ("192.0.2.120", true, "192.0.2.120"), ("192.0.2.120", false, "192.0.2.120"), ("198.51.100.7", true, "192.0.2.100"),
        })
        {
            TestSegment segment = new();
            AddServer(segment, new() { IsAuthoritative = isAuthoritative });
            ProductClient client = new(segment, "client", 9);
            client.Start(IpAddress.Parse(remembered));
            segment.Run(20);
            Assert.Equal(address, client.Lease!.Address.Address.ToString());
            AssertRight(segment);
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Every_lie_is_taken_or_refused_as_it_must_be(int number)
    {
        DhcpLie lie = (DhcpLie)number;
        TestSegment segment = new((ulong)lie);
        AddServer(segment, new() { LeaseTime = TimeSpan.FromMinutes(20), Lie = lie });
        ProductClient client = new(segment, "client", 9);
        client.Start();
        segment.Run(1200);
        if (DhcpLies.IsAllowed(lie))
        {
            Assert.NotNull(client.Lease);
        }
        else if (DhcpLies.MustNotBeFollowed(lie))
        {
            Assert.Null(client.Lease);
        }

        AssertRight(segment);
    }

    public static TheoryData<int> Lies => [.. Enumerable.Range(0, (int)DhcpLie.BrokenRoutes + 1)];

    [Fact]
    public void Beside_a_liar_a_good_server_is_found()
    {
        for (DhcpLie lie = DhcpLie.WrongTransaction; lie <= DhcpLie.BadSubnetMask; lie++)
        {
            TestSegment segment = new((ulong)lie);
            AddServer(segment, new() { DelayMin = TimeSpan.FromMilliseconds(20), DelayMax = TimeSpan.FromMilliseconds(60) });
            ActorHost second = segment.AddHost("liar", 2, "192.0.2.2/24");
            _ = new DhcpServer(second, IpAddress.Parse("192.0.2.2"), Pool(200), new() { Lie = lie, IsAuthoritative = false, Routers = [Router] });
            ProductClient client = new(segment, "client", 9);
            client.Start();
            segment.Run(600);
            Assert.True(client.Lease is not null, lie.ToString());
            AssertRight(segment);
        }
    }

    [Fact]
    public void An_owner_of_the_address_makes_the_client_decline_and_the_server_give_another()
    {
        TestSegment segment = new();
        DhcpServer server = AddServer(segment, new());
        AddressRival rival = new(segment.AddHost("rival", 3)) { Habit = RivalHabit.Owner, Address = IpAddress.Parse("192.0.2.100") };
        ProductClient client = new(segment, "client", 9, detectsConflicts: true);
        client.Start();
        segment.Run(60);
        Assert.Equal("192.0.2.101", client.Lease!.Address.Address.ToString());
        Assert.Equal(IpAddress.Parse("192.0.2.100"), server.LastDeclined);
        Assert.Equal(1, rival.Claims);
        AssertRight(segment);
    }

    [Fact]
    public void A_server_that_looks_first_does_not_offer_what_is_in_use()
    {
        TestSegment segment = new();
        DhcpServer server = AddServer(segment, new() { ProbesAddresses = true });
        _ = new AddressRival(segment.AddHost("rival", 3)) { Habit = RivalHabit.Owner, Address = IpAddress.Parse("192.0.2.100") };
        ProductClient client = new(segment, "client", 9, detectsConflicts: true);
        client.Start();
        segment.Run(60);
        Assert.Equal("192.0.2.101", client.Lease!.Address.Address.ToString());
        Assert.Equal(0, server.Heard[4]);
        AssertRight(segment);
    }

    [Fact]
    public void A_claimer_is_defended_against_once_and_then_given_way_to()
    {
        TestSegment segment = new();
        AddServer(segment, new());
        AddressRival rival = new(segment.AddHost("rival", 3)) { Habit = RivalHabit.Claimer };
        ProductClient client = new(segment, "client", 9, detectsConflicts: true);
        client.Start();
        segment.Run(30);
        Assert.Contains("defended", client.Story);
        Assert.Contains("lost Conflict", client.Story);
        rival.Stop();
        segment.Run(60);
        Assert.NotNull(client.Lease);
        AssertRight(segment);
    }

    [Fact]
    public void A_miser_keeps_everybody_from_an_address_and_is_not_asked_too_often()
    {
        TestSegment segment = new();
        AddServer(segment, new());
        AddressRival rival = new(segment.AddHost("rival", 3)) { Habit = RivalHabit.Miser };
        ProductClient client = new(segment, "client", 9, detectsConflicts: true);
        client.Start();
        segment.Run(600);
        Assert.Null(client.Lease);
        Assert.InRange(rival.Claims, 10, 60);
        rival.Stop();
        segment.Run(130);
        Assert.NotNull(client.Lease);
        AssertRight(segment);
    }

    private static DhcpServer AddServer(TestSegment segment, DhcpServerSettings settings, int count = 64)
    {
        ActorHost host = segment.AddHost("server", 1, "192.0.2.1/24");
        return new(host, Router, Pool(100, count), settings with { Routers = [Router], NameServers = [Router] });
    }

    private static DhcpPool Pool(int first, int count = 64) =>
        new(IpPrefix.Parse("192.0.2.0/24"), IpAddress.Parse("192.0.2." + first), count);

    private static void AssertRight(TestSegment segment) => segment.AssertRight("");
}
