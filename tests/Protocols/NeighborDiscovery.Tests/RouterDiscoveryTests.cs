using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery.Tests;

public sealed class RouterDiscoveryTests
{
    private static readonly IpAddress Router = IpAddress.Parse("fe80::1");
    private static readonly IpAddress OtherRouter = IpAddress.Parse("fe80::2");
    private static readonly IpAddress Server = IpAddress.Parse("2001:db8::53");

    private readonly RouterDiscovery discovery = new(seed: 7);
    private Instant now = Instant.FromSeconds(1000);

    [Fact]
    public void Solicitations_come_at_once_then_every_four_seconds_then_ever_more_slowly()
    {
        Start();
        List<double> seconds = [];
        for (int i = 0; i < 20; i++)
        {
            Instant before = now;
            now = discovery.Deadline;
            seconds.Add((now - before).TotalSeconds);
            Assert.Equal([RouterDiscoveryOutput.SendSolicitation], Step(RouterDiscoveryInput.TimePassed));
        }

        double[] expected = [0.05, 4, 4, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600];
        Assert.InRange(seconds[0], 0, 0.1);
        for (int i = 1; i < expected.Length; i++)
        {
            Assert.InRange(seconds[i], expected[i] * 0.9, expected[i] * 1.1);
        }
    }

    [Fact]
    public void An_advertisement_ends_soliciting_and_says_what_it_says()
    {
        Start();
        List<RouterDiscoveryOutput> outputs = Receive(Router, new(64, true, true, default, 1800, 0, 0), WithServer(600));
        Assert.Equal(
            [
                RouterDiscoveryOutput.FlagsChanged, RouterDiscoveryOutput.ResolversChanged,
                RouterDiscoveryOutput.RoutersChanged,
            ],
            outputs);
        Assert.Equal(RouterDiscoveryState.Listening, discovery.State);
        Assert.True(discovery.IsManaged);
        Assert.True(discovery.HasOtherConfiguration);
        Assert.Equal([Server], discovery.Servers);
        Assert.Equal(["example.org"], discovery.SearchDomains);
        Assert.Equal([Router], discovery.Routers);
    }

    [Fact]
    public void The_first_advertisement_tells_its_flags_even_if_none_is_set_and_the_next_does_not()
    {
        Start();
        RouterAdvertisementHeader header = new(64, false, false, default, 1800, 0, 0);
        Assert.Contains(RouterDiscoveryOutput.FlagsChanged, Receive(Router, header));
        Assert.Empty(Receive(Router, header));
    }

    [Fact]
    public void A_router_that_is_no_default_router_is_heard_and_asking_goes_on()
    {
        Start();
        Receive(Router, new(64, false, true, default, 0, 0, 0), WithServer(600));
        Assert.Equal(RouterDiscoveryState.Soliciting, discovery.State);
        Assert.Equal([Server], discovery.Servers);
        Assert.Empty(discovery.Routers);
        Assert.True(discovery.HasOtherConfiguration);
    }

    [Fact]
    public void Near_the_end_of_a_servers_lifetime_it_is_asked_once_and_at_the_end_it_is_gone()
    {
        Start();
        Receive(Router, new(64, false, false, default, 9000, 0, 0), WithServer(100));
        Instant heard = now;
        Assert.Equal(heard + TimeSpan.FromSeconds(80), discovery.Deadline);
        now = discovery.Deadline;
        Assert.Equal([RouterDiscoveryOutput.SendSolicitation], Step(RouterDiscoveryInput.TimePassed));
        Assert.Equal(heard + TimeSpan.FromSeconds(100), discovery.Deadline);
        now = discovery.Deadline;
        Assert.Equal([RouterDiscoveryOutput.ResolversChanged], Step(RouterDiscoveryInput.TimePassed));
        Assert.Empty(discovery.Servers);
        Assert.Empty(discovery.SearchDomains);
    }

    [Fact]
    public void A_lifetime_of_zero_takes_a_server_back_and_one_without_end_has_no_deadline()
    {
        Start();
        Receive(Router, new(64, false, false, default, 0, 0, 0), WithServer(uint.MaxValue));
        Assert.Equal([Server], discovery.Servers);
        Assert.Equal([RouterDiscoveryOutput.ResolversChanged], Receive(Router, default, WithServer(0)));
        Assert.Empty(discovery.Servers);
    }

    [Fact]
    public void When_the_last_router_ends_asking_begins_again()
    {
        Start();
        Receive(Router, new(64, false, false, default, 30, 0, 0));
        Receive(OtherRouter, new(64, false, false, default, 60, 0, 0));
        now += TimeSpan.FromSeconds(30);
        Assert.Equal([RouterDiscoveryOutput.RoutersChanged], Step(RouterDiscoveryInput.TimePassed));
        Assert.Equal(RouterDiscoveryState.Listening, discovery.State);
        Assert.Equal([RouterDiscoveryOutput.RoutersChanged], Receive(OtherRouter, default));
        Assert.Equal(RouterDiscoveryState.Soliciting, discovery.State);
        Assert.InRange(discovery.Deadline - now, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    [InlineData(1800, 2)]
    [InlineData(2, 600)]
    public void A_router_whose_lifetimes_are_short_is_asked_every_ten_seconds_at_most(ushort router, uint server)
    {
        RouterAdvertisementHeader header = new(64, false, false, default, router, 0, 0);
        Start();
        List<Instant> asked = [];
        Instant advertised = now;
        for (Instant end = now + TimeSpan.FromMinutes(10); now < end; now = Instant.Min(discovery.Deadline, advertised))
        {
            bool isAsked = Step(RouterDiscoveryInput.TimePassed).Contains(RouterDiscoveryOutput.SendSolicitation);
            if (isAsked)
            {
                asked.Add(now);
            }

            if (isAsked || now >= advertised)
            {
                Receive(Router, header, WithServer(server));
                advertised = now + TimeSpan.FromSeconds(5);
            }
        }

        Assert.True(asked.Count > 1);
        for (int i = 1; i < asked.Count; i++)
        {
            Assert.True(asked[i] - asked[i - 1] >= TimeSpan.FromSeconds(10), $"{asked[i]} after {asked[i - 1]}");
        }
    }

    [Fact]
    public void Routers_that_disagree_do_not_make_the_flags_flap()
    {
        Start();
        Receive(Router, new(64, true, false, default, 1800, 0, 0));
        RouterAdvertisementHeader unmanaged = new(64, false, false, default, 1800, 0, 0);
        Assert.DoesNotContain(RouterDiscoveryOutput.FlagsChanged, Receive(OtherRouter, unmanaged));
        Assert.True(discovery.IsManaged);
        Assert.Equal([RouterDiscoveryOutput.FlagsChanged], Receive(Router, unmanaged));
        Assert.False(discovery.IsManaged);
    }

    [Fact]
    public void Lists_are_bounded_and_keep_what_was_heard_of_last()
    {
        Start();
        for (uint i = 0; i < 1000; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            Hear(i, lifetimeSeconds: 5000 - i);
        }

        Assert.Equal(RouterDiscovery.ServersMax, discovery.Servers.Count);
        Assert.Equal(RouterDiscovery.RoutersMax, discovery.Routers.Count);
        Assert.Equal(999u, (uint)discovery.Servers[^1].ToBits());
    }

    [Fact]
    public void Who_claimed_eternity_for_as_many_servers_as_fit_does_not_keep_the_real_one_out()
    {
        Start();
        for (uint i = 0; i < RouterDiscovery.ServersMax; i++)
        {
            Hear(i, uint.MaxValue);
        }

        now += TimeSpan.FromSeconds(1);
        Hear(77, lifetimeSeconds: 60);
        Assert.Equal(RouterDiscovery.ServersMax, discovery.Servers.Count);
        Assert.Equal(77u, (uint)discovery.Servers[^1].ToBits());
    }

    private void Hear(uint number, uint lifetimeSeconds)
    {
        byte[] option = new byte[24];
        RecursiveDnsServers.Write(option, lifetimeSeconds, [IpAddress.FromV6(((UInt128)0x20010DB8 << 96) + number)]);
        Receive(IpAddress.FromV6(((UInt128)0xFE80 << 112) + number + 1), new(64, false, false, default, 1800, 0, 0), option);
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    public void Servers_that_cannot_be_are_passed_over(string server)
    {
        Start();
        byte[] option = new byte[24];
        RecursiveDnsServers.Write(option, 60, [IpAddress.Parse(server)]);
        Receive(Router, default, option);
        Assert.Empty(discovery.Servers);
    }

    [Fact]
    public void Stopped_forgets_all_and_hears_nothing()
    {
        Start();
        Receive(Router, new(64, true, false, default, 1800, 0, 0), WithServer(600));
        Assert.Empty(Step(RouterDiscoveryInput.Stopped));
        Assert.True(discovery.Deadline.IsNever);
        Assert.Empty(discovery.Servers);
        Assert.False(discovery.IsManaged);
        Assert.Empty(Receive(Router, new(64, true, false, default, 1800, 0, 0)));
    }

    [Fact]
    public void The_portal_is_told_when_it_changes()
    {
        Start();
        byte[] option = new byte[64];
        int size = new CaptivePortal("https://a.example/").Write(option);
        Assert.Contains(RouterDiscoveryOutput.CaptivePortalChanged, Receive(Router, default, option[..size]));
        Assert.Empty(Receive(Router, default, option[..size]));
        Assert.Equal("https://a.example/", discovery.CaptivePortalUri);
    }

    private static byte[] WithServer(uint lifetimeSeconds)
    {
        byte[] options = new byte[128];
        int size = RecursiveDnsServers.Write(options, lifetimeSeconds, [Server]);
        size += DnsSearchList.Write(options.AsSpan(size), lifetimeSeconds, ["example.org"]);
        return options[..size];
    }

    private void Start() => Assert.Empty(Step(RouterDiscoveryInput.Started));

    private List<RouterDiscoveryOutput> Receive(
        IpAddress source, RouterAdvertisementHeader header, ReadOnlySpan<byte> options = default)
    {
        byte[] octets = new byte[RouterAdvertisementHeader.Size + options.Length];
        header.Write(octets);
        options.CopyTo(octets.AsSpan(RouterAdvertisementHeader.Size));
        Assert.True(RouterAdvertisementPacket.TryParse(octets, out RouterAdvertisementPacket packet));
        return Step(RouterDiscoveryInput.AdvertisementReceived(source, packet));
    }

    private List<RouterDiscoveryOutput> Step(in RouterDiscoveryInput input)
    {
        discovery.Step(input, now);
        List<RouterDiscoveryOutput> outputs = [];
        while (discovery.TryTake(out RouterDiscoveryOutput output))
        {
            outputs.Add(output);
        }

        return outputs;
    }
}
