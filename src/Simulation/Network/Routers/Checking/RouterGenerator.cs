using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network.Routers.Checking;

/// <summary>Random sequences of router advertisements, settings, and links that go up and down.</summary>
/// <remarks>Lifetimes end a few seconds short of a multiple of ten: they are compared in steps of ten seconds.</remarks>
internal sealed class RouterGenerator
{
    private const uint Forever = uint.MaxValue;
    private const uint LongestTime = uint.MaxValue - 3; // whole ticks, however many hundreds or thousands a second has
    private static readonly IpAddress[] Routers =
    [
        IpAddress.Parse("fe80::a"), IpAddress.Parse("fe80::a"), IpAddress.Parse("fe80::b"), IpAddress.Parse("fe80::c"),
    ];

    private static readonly IpAddress[] Prefixes =
    [
        IpAddress.Parse("2001:db8:1::"), IpAddress.Parse("2001:db8:1::"), IpAddress.Parse("2001:db8:2::"), IpAddress.Parse("fd00:3::"),
        IpAddress.Parse("2001:db8:1::77"), IpAddress.Parse("fe80::"), IpAddress.Parse("ff05::"), IpAddress.Parse("::"),
    ];

    private static readonly (uint Valid, uint Preferred)[] Lifetimes =
    [
        (2007, 1007), (2007, 1007), (9007, 5007), (Forever, Forever), (Forever, 1007), (0, 0), (1007, 2007), (1007, 0), (7207, 7207), (3007, 3007), (97, 97),
        (Forever - 1, 1007), (0x7FFFFFF9, 0x7FFFFFF9),
    ];

    private static readonly IpPrefix[] Destinations =
    [
        IpPrefix.Parse("2001:db8:100::/48"), IpPrefix.Parse("2001:db8:200::/64"), IpPrefix.Parse("2001:db8:200::1/128"), IpPrefix.Parse("::/0"),
        IpPrefix.Parse("2001:db8:200::/65"), IpPrefix.Parse("2000::/3"),
    ];

    private static readonly (string Name, int[] Values)[] Settings =
    [
        ("accept_ra", [0, 1, 1, 2]), ("accept_ra_defrtr", [0, 1]), ("accept_ra_pinfo", [0, 1]), ("accept_ra_rtr_pref", [0, 1]),
        ("accept_ra_min_hop_limit", [1, 0, 64, 256]), ("accept_ra_rt_info_max_plen", [0, 64, 64, 128]), ("accept_ra_rt_info_min_plen", [0, 0, 48]),
        ("accept_ra_mtu", [0, 1]), ("accept_ra_min_lft", [0, 0, 120, 2000]), ("autoconf", [0, 1]), ("forwarding", [0, 0, 1]), ("hop_limit", [64, 30]),
        ("ra_defrtr_metric", [1024, 512]), ("max_addresses", [16, 2, 0]), ("disable_ipv6", [0, 0, 1]),
        ("use_tempaddr", [1, 2, 1, 0, -1]), ("temp_valid_lft", [604_800, 3007, 1507]), ("regen_max_retry", [3, 1, 5]), ("regen_min_advance", [2, 2, 30]),
    ];

    private static readonly AddressFlags[] Wishes =
    [
        AddressFlags.None, AddressFlags.None, AddressFlags.ManageTemporary, AddressFlags.ManageTemporary, AddressFlags.NoPrefixRoute,
    ];

    private static readonly (uint Preferred, uint Valid)?[] OwnLifetimes = [null, null, null, (1507, 2507), (607, 607), (0, 1007)];

    private readonly List<SideStep<RouterSide>> steps = [];
    private readonly NetlinkRequests requests = new();
    private PseudoRandom random;

    private int[] temporaryLifetimes = [86_000, 5000, 2000]; // less what is drawn, up to 599, each is the same in thousands

    private RouterGenerator(ulong seed) => random = new PseudoRandom(seed);

    public static List<SideStep<RouterSide>> Make(ulong seed)
    {
        RouterGenerator generator = new(seed);
        if (generator.Below(2) == 0)
        {
            generator.Set("accept_ra_rt_info_max_plen", 128);
        }

        if (generator.Below(2) == 0)
        {
            generator.Add("max_desync_factor = 0", side => side.DrawNoDesync());
            generator.temporaryLifetimes = [86_400, 5007, 2007, 1007];
        }

        if (generator.Below(3) > 0)
        {
            generator.Set("use_tempaddr", 1 + (int)generator.Below(2));
        }

        generator.Set("temp_prefered_lft", generator.Any(generator.temporaryLifetimes));
        for (int count = 8 + (int)generator.Below(20); count > 0; count--)
        {
            generator.Next();
            generator.Add("look", side => side.Look());
        }

        return generator.steps;
    }

    private uint Below(int bound) => random.NextBelow((uint)bound);

    private T Any<T>(T[] from) => from[Below(from.Length)];

    private void Add(string text, Func<RouterSide, string> play) => steps.Add(new SideStep<RouterSide>(text, play));

    private void Set(string name, int value) => Add($"{name} = {value}", side => side.Write(name, value));

    private void Ask(NetlinkStep step) => Add(step.Text, side => side.Ask(step));

    private void Next()
    {
        switch (Below(24))
        {
            case < 14:
                RouterAdvertisement advertisement = Advertisement();
                Add(advertisement.ToString(), side => side.Advertise(advertisement));
                break;
            case < 18:
                (string name, int[] values) = Any(Settings);
                Set(name, Any(values));
                break;
            case 18 when Below(2) == 0:
                Set("temp_prefered_lft", Any(temporaryLifetimes));
                break;
            case 20 or 21 or 22:
                Own();
                break;
            case 23:
                Add("a temporary address goes", side => side.DeleteTemporary());
                break;
            case 18:
                Ask(requests.SetUp(RouterSide.HostLink, false) with { WaitsForLook = true });
                Ask(requests.SetUp(RouterSide.HostLink, true) with { WaitsForLook = true });
                break;
            default:
                Ask(requests.SetMtu(RouterSide.HostLink, Any<uint>([1500, 1400])));
                break;
        }
    }

    // An address set by hand, in a network that routers advertise.
    private void Own()
    {
        AddressRequest own = new(RouterSide.HostLink, IpAddress.Parse(Any(["2001:db8:1::5", "2001:db8:1::5", "2001:db8:1::6"])), 64);
        if (Below(5) < 2)
        {
            Ask(requests.DeleteAddress(own));
            return;
        }

        int flags = Any([NetlinkRequests.New, NetlinkRequests.New, NetlinkRequests.Either]);
        Ask(requests.AddAddress(own with { Flags = flags, Wishes = Any(Wishes), Lifetimes = Any(OwnLifetimes) }));
    }

    private RouterAdvertisement Advertisement()
    {
        byte number = (byte)Below(4);
        MacAddress station = MacAddress.Read([2, 0, 0, 0, 8, number]);
        RouterAdvertisement right = new(Any(Routers), station)
        {
            LifetimeSeconds = Any<ushort>([1807, 1807, 1807, 97, 9007, 65533, 0]),
            Flags = (byte)((Below(4) << 3) | Any<byte>([0, 0, 0x40, 0x80])),
            HopLimit = Any<byte>([0, 0, 64, 30, 255, 1]),
            ReachableMilliseconds = Any<uint>([0, 0, 30_000, 60_000, 500, 20, LongestTime]),
            RetransMilliseconds = Any<uint>([0, 0, 1000, 2000, 500, LongestTime]),
            Options = Options(station),
        };
        return Below(14) switch
        {
            0 => right with { Hops = 64 },
            1 => right with { ChecksumError = 1 },
            2 => right with { Code = 1 },
            3 => right with { Missing = 1 + (int)Below(20) },
            4 => right with { Router = IpAddress.Parse("2001:db8:9::1") },
            5 => right with { Options = [.. right.Options, AdvertisedOption.Empty] },
            _ => right,
        };
    }

    private List<AdvertisedOption> Options(MacAddress station)
    {
        List<AdvertisedOption> options = [];
        for (int count = (int)Below(4); count > 0; count--)
        {
            options.Add(Below(10) switch
            {
                < 5 => Prefix(),
                5 => AdvertisedOption.Source(station, Below(8) == 0 ? 2 : 1),
                6 => AdvertisedOption.Mtu(Any<uint>([1500, 1400, 1280, 1279, 9000])),
                7 or 8 => Route(),
                _ => AdvertisedOption.Unknown(Any<byte>([25, 31, 200, 2]), 1 + (int)Below(3)),
            });
        }

        return options;
    }

    private AdvertisedOption Prefix()
    {
        (uint valid, uint preferred) = Any(Lifetimes);
        byte length = Below(6) == 0 ? Any<byte>([63, 65, 48, 0, 128, 129]) : (byte)64;
        return AdvertisedOption.Prefix(Any(Prefixes), length, Any<byte>([0xC0, 0xC0, 0x80, 0x40, 0]), valid, preferred, Below(15) == 0 ? Any([3, 5]) : 4);
    }

    // As long as its prefix at least: of one that is shorter, the running kernel takes the rest from the octets behind it.
    private AdvertisedOption Route()
    {
        IpPrefix destination = Any(Destinations);
        int unitsMin = destination.Length == 0 ? 1 : destination.Length <= 64 ? 2 : 3;
        int units = unitsMin + (int)Below(4 - unitsMin);
        return AdvertisedOption.Route(destination, (byte)(Below(4) << 3), Any<uint>([1807, 9007, 0, Forever, 97]), units);
    }
}
