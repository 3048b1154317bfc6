using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Network.Packets.Checking;

namespace Spindle.Simulation.Network.Tunnels.Checking;

/// <summary>Random sequences on tunnels: opened, joined, written, read, switched, removed.</summary>
internal sealed class TunnelGenerator
{
    private static readonly string[] Files = ["a", "b", "c"];
    private static readonly string[] Links = ["t0", "t0", "t1", "tun0", "tap0"];
    private static readonly IpAddress Own = IpAddress.FromV4(10, 7, 0, 1);
    private static readonly IpAddress Other = IpAddress.FromV4(10, 7, 0, 9);

    private readonly List<SideStep<TunnelSide>> steps = [];
    private PseudoRandom random;

    private TunnelGenerator(ulong seed) => random = new PseudoRandom(seed);

    public static List<SideStep<TunnelSide>> Make(ulong seed)
    {
        TunnelGenerator generator = new(seed);
        if (generator.Below(4) > 0)
        {
            generator.Begin();
        }

        for (int count = 20 + (int)generator.random.NextBelow(40); count > 0; count--)
        {
            generator.Next();
        }

        return generator.steps;
    }

    private uint Below(int bound) => random.NextBelow((uint)bound);

    private T Any<T>(T[] from) => from[Below(from.Length)];

    private void Add(string text, Func<TunnelSide, string> play) => steps.Add(new SideStep<TunnelSide>(text, play));

    // One that works, so that there is something to play with.
    private void Begin()
    {
        Open("a");
        Attach("a", "t0", Any([TunnelKind.Packets, TunnelKind.Packets | TunnelKind.Bare, TunnelKind.Frames, TunnelKind.Frames | TunnelKind.Bare]));
        Add("watch a", side => side.Watch("a"));
        Add("t0 up", side => side.SetUp("t0", true));
        Add("address t0", side => side.AddAddress("t0", Own));
    }

    private void Next()
    {
        string file = Any(Files);
        string link = Any(Links);
        switch (Below(24))
        {
            case 0 or 1:
                Open(file);
                break;
            case 2 or 3:
                Attach(file, Any(["t0", "t1", "", "", "lo", "t%d", "a/b", "a%s", "sixteen-letters!"]), Any(
                    [TunnelKind.Packets, TunnelKind.Packets | TunnelKind.Bare, TunnelKind.Frames, TunnelKind.Frames | TunnelKind.Bare,
                        TunnelKind.Packets | TunnelKind.Frames, (TunnelKind)0, TunnelKind.Bare]));
                break;
            case 4:
                bool isPersistent = Below(2) == 0;
                Add($"persist {file} {isPersistent}", side => side.Persist(file, isPersistent));
                break;
            case 5:
                Add($"close {file}", side => side.Close(file));
                break;
            case 6 or 7:
                Add($"poll {file}", side => side.Poll(file));
                break;
            case 8 or 9 or 10 or 11:
                int room = Any([2000, 2000, 2000, 20, 4, 3, 0]);
                Add($"read {file} {room}", side => side.Read(file, room));
                break;
            case 12 or 13 or 14:
                Write(file);
                break;
            case 15 or 16 or 17:
                int length = Any([0, 1, 100, 900, 1500]);
                Add($"talk {length}", side => side.Talk(Other, length));
                break;
            case 18:
                Add("hear", side => side.Hear());
                break;
            case 19 or 20:
                bool isUp = Below(3) > 0;
                Add($"{link} {(isUp ? "up" : "down")}", side => side.SetUp(link, isUp));
                break;
            case 21:
                Add($"watch {file}", side => side.Watch(file));
                break;
            case 22 when Below(3) == 0:
                Add($"delete {link}", side => side.Delete(link));
                break;
            case 22:
                Add($"address {link}", side => side.AddAddress(link, Own));
                break;
            default:
                Add($"look {link}", side => side.Look(link));
                break;
        }
    }

    private void Open(string file) => Add($"open {file}", side => side.OpenDevice(file));

    private void Attach(string file, string name, TunnelKind kind) => Add($"attach {file} '{name}' {kind}", side => side.Attach(file, name, kind));

    private void Write(string file)
    {
        byte[] datagram = FrameForge.Ip(Other, Own, IpProtocol.Udp, FrameForge.Udp(Other, Own, 9, 1000, new byte[Below(50)]));
        byte[] frame = FrameForge.Ethernet(MacAddress.Broadcast, PacketSide.FarAddress, LinkHeader.Ipv4, datagram);
        byte[] arp = FrameForge.Ethernet(
            MacAddress.Broadcast, PacketSide.FarAddress, LinkHeader.Arp, FrameForge.Arp(1, PacketSide.FarAddress, Other, default, Own));
        byte[] packet = Any<byte[]>(
            [datagram, datagram, [0, 0, 8, 0, .. datagram], [0, 0, 8, 0, .. datagram], frame, [0, 0, 8, 0, .. frame], arp, [0, 0, 8, 6, .. arp], [],
                [0x45], [0, 0, 8], [0, 0, 8, 0], [0, 0, 0x12, 0x34, 1, 2, 3], [0x50, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]]);
        Add($"write {file} {Convert.ToHexString(packet)}", side => side.Write(file, packet));
    }
}
