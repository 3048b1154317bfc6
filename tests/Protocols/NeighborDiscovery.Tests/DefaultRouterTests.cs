using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery.Tests;

public sealed class DefaultRouterTests
{
    private static readonly IpAddress First = IpAddress.Parse("fe80::1");
    private static readonly IpAddress Second = IpAddress.Parse("fe80::2");
    private static readonly IpAddress Third = IpAddress.Parse("fe80::3");

    private readonly RouterDiscovery discovery = new(seed: 7);
    private Instant now = Instant.FromSeconds(1000);

    public DefaultRouterTests() => Step(RouterDiscoveryInput.Started);

    [Fact]
    public void The_first_that_was_heard_is_used()
    {
        Assert.Null(discovery.Router);
        Assert.True(Hear(First));
        Assert.True(Hear(Second));
        Assert.Equal(First, discovery.Router);
        Assert.False(Hear(Second));
    }

    [Fact]
    public void One_that_does_not_answer_is_passed_over()
    {
        HearAll();
        Assert.True(Report(First, false));
        Assert.Equal(Second, discovery.Router);
        Assert.Equal([First, Second, Third], discovery.Routers);
        Assert.True(Report(Second, false));
        Assert.Equal(Third, discovery.Router);
        Assert.False(Report(Third, true));
    }

    [Fact]
    public void The_one_in_use_is_kept_when_the_other_is_back()
    {
        HearAll();
        Report(First, false);
        Assert.False(Report(First, true));
        Assert.False(Hear(First));
        Assert.Equal(Second, discovery.Router);
        Assert.True(Report(Second, false));
        Assert.Equal(First, discovery.Router);
    }

    [Fact]
    public void One_that_advertises_counts_again()
    {
        Hear(First);
        Hear(Second);
        Report(First, false);
        Hear(First);
        Assert.True(Report(Second, false));
        Assert.Equal(First, discovery.Router);
    }

    [Fact]
    public void The_higher_preference_is_used_of_those_that_answer()
    {
        Hear(First, RouterPreference.Low);
        Assert.True(Hear(Second));
        Assert.Equal(Second, discovery.Router);
        Assert.True(Hear(Third, RouterPreference.High));
        Assert.Equal(Third, discovery.Router);
        Assert.True(Report(Third, false));
        Assert.Equal(Second, discovery.Router);
        Assert.True(Report(Second, false));
        Assert.Equal(First, discovery.Router);
        Assert.True(Report(Second, true));
        Assert.Equal(Second, discovery.Router);
        Assert.False(Hear(Second, RouterPreference.Low));
        Assert.Equal(Third, Use(() => Report(Third, true)));
    }

    [Fact]
    public void The_reserved_preference_is_medium()
    {
        Hear(First, RouterPreference.Low);
        Hear(Second, RouterPreference.Reserved);
        Assert.Equal(Second, discovery.Router);
        Assert.True(Hear(Third, RouterPreference.Medium)); // the list is different
        Assert.Equal(Second, discovery.Router);
    }

    [Fact]
    public void If_all_have_failed_they_take_turns_of_ten_seconds()
    {
        HearAll();
        Report(First, false);
        Report(Second, false);
        Assert.Equal(Third, discovery.Router);
        Assert.False(Report(Third, false)); // for the first time: at once it would be the first's turn
        Assert.Equal(Third, discovery.Router);
        now += TimeSpan.FromSeconds(9.9);
        Assert.False(Report(Third, false));
        now += TimeSpan.FromSeconds(0.1);
        Assert.False(Report(Second, false)); // not the one in use
        Assert.True(Report(Third, false));
        Assert.Equal(First, discovery.Router);
        now += TimeSpan.FromSeconds(10);
        Assert.Equal(Second, Use(() => Report(First, false)));
        now += TimeSpan.FromSeconds(60);
        Assert.Equal(Third, Use(() => Report(Second, false)));
        Assert.Equal(First, Use(() => Report(First, true)));
    }

    [Fact]
    public void One_that_is_alone_has_not_failed()
    {
        Hear(First);
        Assert.False(Report(First, false));
        Assert.True(Hear(Second));
        Assert.Equal(First, discovery.Router);
        Report(First, false);
        Assert.Equal(Second, discovery.Router);
        Assert.True(Hear(Second, lifetimeSeconds: 0));
        Assert.Equal(First, discovery.Router);
        Assert.True(Hear(Second));
        Assert.Equal(First, discovery.Router);
    }

    [Fact]
    public void When_the_one_in_use_ends_it_is_the_firsts_turn_that_answers()
    {
        Hear(First, lifetimeSeconds: 60);
        Hear(Second);
        Hear(Third);
        Report(Second, false);
        now += TimeSpan.FromSeconds(60);
        Assert.True(Step(RouterDiscoveryInput.TimePassed));
        Assert.Equal(Third, discovery.Router);
        Report(Third, false);
        Assert.True(Hear(Third, lifetimeSeconds: 0));
        Assert.Equal(Second, discovery.Router);
        Assert.True(Hear(Second, lifetimeSeconds: 0));
        Assert.Null(discovery.Router);
    }

    [Fact]
    public void Others_than_routers_do_not_matter_nor_does_what_comes_when_stopped()
    {
        HearAll();
        Assert.False(Report(IpAddress.Parse("fe80::9"), false));
        Step(RouterDiscoveryInput.Stopped);
        Assert.Null(discovery.Router);
        Assert.False(Report(First, false));
        Step(RouterDiscoveryInput.Started);
        HearAll();
        Assert.Equal(First, discovery.Router);
    }

    [Theory]
    [InlineData(RouterPreference.Low)]
    [InlineData(RouterPreference.Medium)]
    public void However_many_new_ones_come_the_one_in_use_stays(RouterPreference preference)
    {
        Hear(First, preference);
        for (int i = 0; i < 100; i++)
        {
            now += TimeSpan.FromSeconds(i % 3);
            Hear(Stranger(i), preference);
            Assert.Equal(First, discovery.Router);
            Assert.Contains(First, discovery.Routers);
            Assert.InRange(discovery.Routers.Count, 2, RouterDiscovery.RoutersMax);
        }
    }

    [Fact]
    public void One_that_served_outlives_a_crowd_that_claims_a_higher_preference_and_is_found_again_when_none_of_them_answers()
    {
        Hear(First);
        now += TimeSpan.FromSeconds(10);
        for (int i = 0; i < 20; i++)
        {
            Hear(Stranger(i), RouterPreference.High);
        }

        Assert.Equal(Stranger(0), discovery.Router);
        Assert.Contains(First, discovery.Routers);
        for (int i = 1; i < RouterDiscovery.RoutersMax; i++)
        {
            now += TimeSpan.FromSeconds(9);
            Report(discovery.Router!.Value, false);
        }

        Assert.Equal(First, discovery.Router);
    }

    [Fact]
    public void Room_for_a_new_one_is_made_by_one_that_has_failed_then_by_one_that_never_served_then_by_preference_then_by_silence()
    {
        Hear(First);
        now += TimeSpan.FromSeconds(10);
        Hear(Second, RouterPreference.High); // in use from here on, and First has served
        Hear(Stranger(0), RouterPreference.Low);
        for (int i = 1; i < 6; i++)
        {
            now += TimeSpan.FromSeconds(1);
            Hear(Stranger(i));
        }

        Hear(Stranger(1));
        Report(Stranger(4), false);
        Hear(Stranger(10));
        Assert.DoesNotContain(Stranger(4), discovery.Routers);
        Hear(Stranger(11));
        Assert.DoesNotContain(Stranger(0), discovery.Routers);
        Hear(Stranger(12));
        Assert.DoesNotContain(Stranger(2), discovery.Routers);
        now += TimeSpan.FromSeconds(1);
        Hear(Stranger(13));
        Assert.DoesNotContain(Stranger(3), discovery.Routers);
        Assert.Equal(
            [First, Second, Stranger(1), Stranger(5), Stranger(10), Stranger(11), Stranger(12), Stranger(13)], discovery.Routers);
    }

    [Fact]
    public void One_in_use_that_has_failed_makes_room_as_others_do()
    {
        for (int i = 0; i < RouterDiscovery.RoutersMax; i++)
        {
            Hear(Stranger(i));
        }

        for (int i = RouterDiscovery.RoutersMax - 1; i >= 0; i--)
        {
            Report(Stranger(i), false); // the last of them to fail is the one in use
        }

        Hear(First);
        Assert.Equal(First, discovery.Router);
        Assert.DoesNotContain(Stranger(0), discovery.Routers);
        Assert.Equal(RouterDiscovery.RoutersMax, discovery.Routers.Count);
    }

    [Fact]
    public void A_list_full_of_ones_that_never_served_lets_a_new_one_in()
    {
        for (int i = 0; i < RouterDiscovery.RoutersMax; i++)
        {
            Hear(Stranger(i), RouterPreference.High);
        }

        now += TimeSpan.FromSeconds(60);
        Hear(First, RouterPreference.Low);
        Assert.Contains(First, discovery.Routers);
        Assert.Equal(Stranger(0), discovery.Router);
    }

    /// <summary>Whatever comes: the one in use is in the list, and has failed only if all have.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void At_random_the_one_in_use_has_failed_only_if_all_have(int seed)
    {
        Random random = new(seed);
        Dictionary<IpAddress, (bool HasFailed, RouterPreference Preference)> known = [];
        for (int i = 0; i < 3000; i++)
        {
            IpAddress router = IpAddress.FromV6(((UInt128)0xFE80 << 112) + (uint)random.Next(1, 6));
            now += TimeSpan.FromSeconds(random.Next(4));
            if (random.Next(2) == 0)
            {
                bool isReachable = random.Next(2) == 0;
                Report(router, isReachable);
                if (known.Count > 1 && known.TryGetValue(router, out (bool HasFailed, RouterPreference Preference) one))
                {
                    known[router] = (!isReachable, one.Preference);
                }
            }
            else
            {
                RouterPreference preference = (RouterPreference)random.Next(4);
                ushort lifetime = random.Next(4) == 0 ? (ushort)0 : ushort.MaxValue;
                Hear(router, preference, lifetime);
                known[router] = (false, preference);
                _ = lifetime == 0 && known.Remove(router);
            }

            ForgiveTheLast(known);
            AssertRule(known, $"seed {seed}, step {i}");
        }
    }

    private static void ForgiveTheLast(Dictionary<IpAddress, (bool HasFailed, RouterPreference Preference)> known)
    {
        foreach (IpAddress only in known.Count == 1 ? [.. known.Keys] : Array.Empty<IpAddress>())
        {
            known[only] = (false, known[only].Preference);
        }
    }

    private void AssertRule(Dictionary<IpAddress, (bool HasFailed, RouterPreference Preference)> known, string where)
    {
        static int Rank(RouterPreference preference) =>
            preference == RouterPreference.High ? 2 : preference == RouterPreference.Low ? 0 : 1;

        Assert.True(known.Count == discovery.Routers.Count, where);
        Assert.True(known.Count == 0 == (discovery.Router is null), where);
        if (discovery.Router is { } used)
        {
            Assert.True(known.ContainsKey(used), where);
            foreach ((bool hasFailed, RouterPreference preference) in known.Values)
            {
                Assert.True(hasFailed || (!known[used].HasFailed && Rank(preference) <= Rank(known[used].Preference)), where);
            }
        }
    }

    private static IpAddress Stranger(int number) => IpAddress.FromV6(((UInt128)0xFE80 << 112) + 0x100 + (uint)number);

    private IpAddress? Use(Func<bool> action)
    {
        Assert.True(action());
        return discovery.Router;
    }

    private void HearAll()
    {
        foreach (IpAddress router in (IpAddress[])[First, Second, Third])
        {
            Hear(router);
        }
    }

    private bool Report(IpAddress router, bool isReachable) =>
        Step(RouterDiscoveryInput.ReachabilityReported(router, isReachable));

    private bool Hear(IpAddress router, RouterPreference preference = default, ushort lifetimeSeconds = 1800)
    {
        byte[] octets = new byte[RouterAdvertisementHeader.Size];
        new RouterAdvertisementHeader(64, false, false, preference, lifetimeSeconds, 0, 0).Write(octets);
        Assert.True(RouterAdvertisementPacket.TryParse(octets, out RouterAdvertisementPacket packet));
        return Step(RouterDiscoveryInput.AdvertisementReceived(router, packet));
    }

    /// <summary>True if routers are told to be different.</summary>
    private bool Step(in RouterDiscoveryInput input)
    {
        discovery.Step(input, now);
        bool isTold = false;
        while (discovery.TryTake(out RouterDiscoveryOutput output))
        {
            isTold |= output == RouterDiscoveryOutput.RoutersChanged;
        }

        return isTold;
    }
}
