using System;
using System.Collections.Generic;
using System.Globalization;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Checking;

/// <summary>Random sequences of requests: links first, then anything, wrong things among them.</summary>
internal sealed class NetlinkGenerator
{
    private const int MissingLink = 99;
    private static readonly string[] Names = ["va", "vb", "vc", "vd", "br0", "br1", "ve", "vf", "n1", "n2", "lo", "gone"];
    private static readonly byte[] Lengths4 = [0, 8, 16, 23, 24, 25, 30, 31, 32, 24, 24, 33];
    private static readonly byte[] Lengths6 = [0, 16, 48, 64, 64, 64, 80, 127, 128, 129];
    private static readonly uint[] Tables = [254, 254, 254, 254, 255, 77, 1000, 0, 253];
    private static readonly byte[] Owners = [0, 3, 4, 158, 16];

    private readonly NetlinkRequests requests = new();
    private readonly List<NetlinkStep> steps = [];
    private PseudoRandom random;
    private int links;

    private NetlinkGenerator(ulong seed) => random = new PseudoRandom(seed);

    /// <summary>The sequence of a seed.</summary>
    public static List<NetlinkStep> Make(ulong seed)
    {
        NetlinkGenerator generator = new(seed);
        generator.Fill();
        return generator.steps;
    }

    private void Fill()
    {
        steps.Add(requests.AddPair("va", Mac(), "vb", Mac(), NetlinkRequests.New));
        steps.Add(requests.AddPair("vc", Mac(), "vd", Mac(), NetlinkRequests.New));
        steps.Add(requests.AddBridge("br0", Mac(), NetlinkRequests.New));
        links = 6;
        int count = 15 + (int)random.NextBelow(40);
        uint focus = random.NextBelow(5);
        for (int index = 0; index < count; index++)
        {
            steps.Add(Next(random.NextBelow(3) == 0 ? focus : random.NextBelow(5)));
        }
    }

    private NetlinkStep Next(uint kind) => kind switch
    {
        0 => LinkStep(),
        1 => AddressStep(),
        2 => RuleStep(),
        _ => RouteStep(),
    };

    private NetlinkStep LinkStep()
    {
        int link = Link();
        switch (random.NextBelow(20))
        {
            case < 7: return requests.SetUp(link, isUp: true);
            case < 10: return requests.SetUp(link, isUp: false);
            case 10: return requests.SetMtu(link, Pick<uint>([1400, 1279, 1280, 9000, 50, 70000, 1000, 1500]));
            case 11: return requests.SetMac(link, random.NextBelow(4) == 0 ? MacAddress.Broadcast : Mac());
            case 12: return requests.Rename(link, Pick(Names));
            case 13: return requests.Delete(link);
            case 14: return requests.Delete(Pick(Names));
            case 15: return requests.SetMaster(link, (int)random.NextBelow(2) == 0 ? 0 : MissingLink);
            case 16: return requests.SetGenerationMode(link, (byte)random.NextBelow(2));
            case 17: return requests.SetUp(Pick(Names), isUp: true);
            case 18:
                links += 2;
                return requests.AddPair(Pick(Names), Mac(), Pick(Names), Mac(), Flags());
            default:
                links++;
                return requests.AddBridge(Pick(Names), Mac(), Flags());
        }
    }

    private NetlinkStep AddressStep()
    {
        bool isV6 = random.NextBelow(2) == 0;
        bool isWrong = random.NextBelow(6) == 0;
        byte length = isWrong ? Pick(isV6 ? Lengths6 : Lengths4) : isV6 ? (byte)64 : (byte)24;
        IpAddress local = isV6 ? HostAddress6() : HostAddress4();
        AddressRequest request = new(Link(), local, length)
        {
            Flags = Flags(),
            Scope = random.NextBelow(12) == 0 ? RouteScope.Link : RouteScope.Universe,
            Peer = random.NextBelow(12) == 0 ? (isV6 ? HostAddress6() : HostAddress4()) : null,
            Broadcast = !isV6 && random.NextBelow(4) == 0 ? IpAddress.FromV4(10, 0, (byte)random.NextBelow(3), 255) : null,
            Label = !isV6 && random.NextBelow(8) == 0 ? "va:1" : null,
            Lifetimes = random.NextBelow(4) == 0 ? Pick<(uint, uint)>([(1007, 2007), (0, 1007), (2007, 1007), (0, 0), (uint.MaxValue, uint.MaxValue), (1007, uint.MaxValue)]) : null,
            Wishes = random.NextBelow(6) == 0 ? AddressFlags.NoPrefixRoute : isV6 && random.NextBelow(8) == 0 ? AddressFlags.NoDetection : AddressFlags.None,
            Protocol = random.NextBelow(4) == 0 ? (byte)158 : (byte)0,
            Metric = random.NextBelow(8) == 0 ? 77u : 0,
        };
        return random.NextBelow(3) == 0 ? requests.DeleteAddress(request) : requests.AddAddress(request);
    }

    private NetlinkStep RouteStep()
    {
        bool isV6 = random.NextBelow(2) == 0;
        bool isWrong = random.NextBelow(8) == 0;
        RouteRequest request = new(Destination(isV6, isWrong))
        {
            Flags = Flags(),
            Table = Pick(Tables),
            Type = random.NextBelow(5) == 0 ? (byte)random.NextBelow(13) : (byte)1,
            Scope = isV6 ? RouteScope.Universe : Pick<RouteScope>([RouteScope.Universe, RouteScope.Universe, RouteScope.Link, RouteScope.Host, RouteScope.Nowhere]),
            Protocol = Pick(Owners),
            Output = random.NextBelow(3) != 0 ? Link() : null,
            Gateway = random.NextBelow(2) == 0 ? Gateway(isV6) : null,
            Metric = random.NextBelow(2) == 0 ? Pick<uint>([0, 5, 10, 100, 1024]) : null,
            Source = random.NextBelow(6) == 0 ? (isV6 ? HostAddress6() : HostAddress4()) : null,
            IsOnLink = random.NextBelow(10) == 0,
            Mtu = random.NextBelow(10) == 0 ? 1400u : null,
            TypeOfService = random.NextBelow(25) == 0 ? (byte)4 : (byte)0,
        };
        return random.NextBelow(4) == 0 ? requests.DeleteRoute(request with { Scope = random.NextBelow(2) == 0 ? RouteScope.Nowhere : request.Scope }) : requests.AddRoute(request);
    }

    private NetlinkStep RuleStep()
    {
        bool isV6 = random.NextBelow(2) == 0;
        RuleRequest request = new(isV6)
        {
            Flags = Flags(),
            Table = Pick(Tables),
            Action = random.NextBelow(6) == 0 ? Pick<byte>([0, 3, 6, 7, 8, 2]) : (byte)1,
            Priority = random.NextBelow(3) != 0 ? Pick<uint>([0, 5, 10, 100, 32766, 32767, 40000]) : null,
            Source = random.NextBelow(3) == 0 ? new IpPrefix(isV6 ? HostAddress6() : HostAddress4(), Pick(isV6 ? Lengths6 : Lengths4)) : null,
            Destination = random.NextBelow(4) == 0 ? new IpPrefix(isV6 ? HostAddress6() : HostAddress4(), Pick(isV6 ? Lengths6 : Lengths4)) : null,
            Mark = random.NextBelow(4) == 0 ? 5u : null,
            Mask = random.NextBelow(6) == 0 ? 255u : null,
            Input = random.NextBelow(5) == 0 ? Pick(Names) : null,
            Output = random.NextBelow(8) == 0 ? Pick(Names) : null,
            Protocol = random.NextBelow(4) == 0 ? (byte)158 : null,
            Suppress = random.NextBelow(8) == 0 ? 0u : null,
            IsInverted = random.NextBelow(10) == 0,
        };
        return random.NextBelow(3) == 0 ? requests.DeleteRule(request) : requests.AddRule(request);
    }

    private IpPrefix Destination(bool isV6, bool isWrong)
    {
        if (random.NextBelow(5) == 0)
        {
            return new IpPrefix(isV6 ? IpAddress.AnyV6 : IpAddress.AnyV4, 0);
        }

        IpAddress address = isV6
            ? IpAddress.FromV6((UInt128)(0x2001 + random.NextBelow(3)) << 112)
            : IpAddress.FromV4(172, (byte)(16 + random.NextBelow(3)), 0, 0);
        byte length = isV6 ? (byte)16 : (byte)16;
        return isWrong ? new IpPrefix(isV6 ? HostAddress6() : HostAddress4(), Pick(isV6 ? Lengths6 : Lengths4)) : new IpPrefix(address, length);
    }

    private IpAddress Gateway(bool isV6)
    {
        if (!isV6)
        {
            return random.NextBelow(8) == 0 ? IpAddress.FromV4(172, 16, 0, 1) : HostAddress4();
        }

        return random.NextBelow(4) == 0 ? IpAddress.Parse("fe80::77") : random.NextBelow(8) == 0 ? IpAddress.Parse("2001::1") : HostAddress6();
    }

    private IpAddress HostAddress4() => random.NextBelow(30) == 0
        ? Pick([IpAddress.AnyV4, IpAddress.BroadcastV4, IpAddress.Parse("224.0.0.5"), IpAddress.Parse("127.0.0.5"), IpAddress.Parse("169.254.3.4")])
        : IpAddress.FromV4(10, 0, (byte)random.NextBelow(3), (byte)(1 + random.NextBelow(5)));

    private IpAddress HostAddress6() => random.NextBelow(30) == 0
        ? Pick([IpAddress.AnyV6, IpAddress.FromV6(1), IpAddress.Parse("ff02::5"), IpAddress.Parse("fe80::5"), IpAddress.Parse("fec0::5")])
        : IpAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fd0{random.NextBelow(3)}::{1 + random.NextBelow(5)}"));

    private MacAddress Mac()
    {
        Span<byte> octets = [2, 0, (byte)random.NextBelow(256), (byte)random.NextBelow(256), (byte)random.NextBelow(256), (byte)random.NextBelow(256)];
        return MacAddress.Read(octets);
    }

    private int Link() => random.NextBelow(16) == 0 ? MissingLink : 1 + (int)random.NextBelow((uint)links);

    private int Flags() => Pick([NetlinkRequests.New, NetlinkRequests.New, NetlinkRequests.Either, NetlinkRequests.Either, 0x400, 0xC00, 0x100, 0]);

    private T Pick<T>(ReadOnlySpan<T> from) => from[(int)random.NextBelow((uint)from.Length)];
}
