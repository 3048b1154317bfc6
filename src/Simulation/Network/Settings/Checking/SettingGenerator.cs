using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Network.Checking;

namespace Spindle.Simulation.Network.Settings.Checking;

/// <summary>Random sequences on the settings of links: read, written, and what comes of it.</summary>
internal sealed class SettingGenerator
{
    private static readonly string[] Names = ["va", "va", "vb", "lo", "default", "all", "nn"];
    private static readonly string[] Links = ["va", "vb", "nn"];
    private static readonly string[] Values = ["0", "1", "0\n", "1\n", "2", "-1", "", " 3 ", "abc", "5x", "0x1", "010", "1 2", "99999999999", "2147483648", "\n"];
    private static readonly string[] FilesV4 = ["forwarding", "rp_filter", "accept_redirects", "accept_source_route", "arp_ignore", "send_redirects"];

    private readonly List<SideStep<SettingSide>> steps = [];
    private readonly NetlinkRequests requests = new();
    private PseudoRandom random;

    private SettingGenerator(ulong seed) => random = new PseudoRandom(seed);

    public static List<SideStep<SettingSide>> Make(ulong seed)
    {
        SettingGenerator generator = new(seed);
        for (int count = 20 + (int)generator.random.NextBelow(30); count > 0; count--)
        {
            generator.Next();
        }

        return generator.steps;
    }

    private uint Below(int bound) => random.NextBelow((uint)bound);

    private T Any<T>(IReadOnlyList<T> from) => from[(int)Below(from.Count)];

    private void Add(string text, Func<SettingSide, string> play) => steps.Add(new SideStep<SettingSide>(text, play));

    private void Ask(NetlinkStep step) => Add(step.Text, side => side.Ask(step));

    private void Next()
    {
        string file = Below(4) == 0 ? $"/proc/sys/net/ipv4/conf/{Any(Names)}/{Any(FilesV4)}" : $"/proc/sys/net/ipv6/conf/{Any(Names)}/{Any(LinkSettings.Files).File}";
        switch (Below(16))
        {
            case 0 or 1 or 2 or 3:
                int room = Any([100, 100, 2, 1]);
                Add($"read {file} {room}", side => side.Read(file, room));
                break;
            case 4 or 5 or 6 or 7:
                Write(file.EndsWith("accept_dad", StringComparison.Ordinal) ? file + "x" : file, Any(Values));
                break;
            case 8 or 9:
                Write($"/proc/sys/net/ipv6/conf/{Any(Names)}/disable_ipv6", Any(["0", "1", "1", "2"]));
                break;
            case 10:
                bool isUp = Below(3) > 0;
                Ask(requests.SetUp(2 + (int)Below(2), isUp) with { WaitsForLook = !isUp });
                break;
            case 11:
                Ask(requests.SetMtu(2 + (int)Below(2), Any<uint>([1000, 1280, 1500])));
                break;
            case 12:
                Ask(requests.Rename(2 + (int)Below(2), Any(Links)));
                break;
            case 13:
                IpAddress local = IpAddress.Parse(Any(["fd01::1", "fd02::1", "fd02::2", "10.1.0.1"]));
                AddressRequest address = new(2 + (int)Below(2), local, local.IsV4 ? (byte)24 : Any<byte>([64, 64, 64, 126, 127, 128])) { Flags = NetlinkRequests.New };
                Ask(Below(4) > 0 ? requests.AddAddress(address) : requests.DeleteAddress(address));
                break;
            case 14:
                Ask(requests.AddRoute(new RouteRequest(IpPrefix.Parse("fd03::/64")) { Flags = NetlinkRequests.New, Output = 2 + (int)Below(2), Protocol = 4 }));
                break;
            default:
                Add("read mtu", side => side.Read("/proc/sys/net/ipv6/conf/va/mtu", 100));
                break;
        }
    }

    private void Write(string file, string value) =>
        Add($"write {file} '{value.Replace("\n", "\\n", StringComparison.Ordinal)}'", side => side.Write(file, value));
}
