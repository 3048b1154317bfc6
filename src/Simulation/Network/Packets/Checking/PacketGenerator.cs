using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Internet;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>Random sequences on UDP, raw and packet sockets, with frames that come in by hand.</summary>
internal sealed class PacketGenerator
{
    private static readonly string[] Datagrams = ["u0", "u1", "u2", "x0", "x1"]; // x: of IPv6
    private static readonly string[] Packets = ["p0", "p1", "r0", "r1"]; // r: raw
    private static readonly string[] All = ["u0", "u1", "u2", "x0", "x1", "i0", "p0", "p1", "r0", "r1"]; // i: raw ICMPv6
    private static readonly IpAddress Near4 = IpAddress.FromV4(10, 9, 0, 1);
    private static readonly IpAddress Far4 = IpAddress.FromV4(10, 9, 0, 2);
    private static readonly IpAddress Near6 = IpAddress.Parse("fd09::1");
    private static readonly IpAddress Far6 = IpAddress.Parse("fd09::2");
    private static readonly IpAddress[] Locals4 = [IpAddress.AnyV4, IpAddress.AnyV4, Near4, IpAddress.FromV4(127, 0, 0, 1), Far4, IpAddress.FromV4(10, 9, 0, 255)];
    private static readonly IpAddress[] Locals6 = [IpAddress.AnyV6, IpAddress.AnyV6, Near6, IpAddress.FromV6(1), Far6];
    private static readonly IpAddress[] Targets4 =
        [Far4, Far4, Far4, Near4, IpAddress.FromV4(127, 0, 0, 1), IpAddress.FromV4(10, 9, 0, 255), IpAddress.BroadcastV4, IpAddress.FromV4(8, 8, 8, 8), IpAddress.AnyV4, IpAddress.FromV4(239, 0, 0, 9)];
    private static readonly IpAddress[] Targets6 = [Far6, Far6, Near6, IpAddress.FromV6(1), IpAddress.Parse("2001:db8::1"), IpAddress.Parse("fe80::9"), IpAddress.Parse("ff02::1")];
    private static readonly int[] Sizes = [0, 1, 10, 100, 1472, 1473, 4000];
    private static readonly ushort[] Ports = [1000, 1000, 1001, 1002];

    private readonly List<SideStep<PacketSide>> steps = [];
    private PseudoRandom random;

    private PacketGenerator(ulong seed) => random = new PseudoRandom(seed);

    public static List<SideStep<PacketSide>> Make(ulong seed)
    {
        PacketGenerator generator = new(seed);
        generator.Introduce();
        for (int count = 25 + (int)generator.random.NextBelow(50); count > 0; count--)
        {
            generator.Next();
        }

        return generator.steps;
    }

    private uint Below(int bound) => random.NextBelow((uint)bound);

    private T Any<T>(T[] from) => from[Below(from.Length)];

    private void Add(string text, Func<PacketSide, string> play) => steps.Add(new SideStep<PacketSide>(text, play));

    // The far end is known from the beginning, at times: then nobody asks for it.
    private void Introduce()
    {
        if (Below(3) > 0)
        {
            Inject("arp of the far end", PacketSide.NearAddress, LinkHeader.Arp, FrameForge.Arp(1, PacketSide.FarAddress, Far4, default, Near4));
        }

        if (Below(3) > 0)
        {
            InjectSolicitation();
        }
    }

    private void Next()
    {
        switch (Below(20))
        {
            case 0 or 1 or 2:
                Open(Any(All));
                break;
            case 3 or 4:
                Bind(Any(All));
                break;
            case 5:
                Connect(Any(Datagrams));
                break;
            case 6:
                SetOption(Any(Datagrams));
                break;
            case 7 or 8 or 9:
                SendDatagram(Any(Datagrams));
                break;
            case 10 or 11:
                SendPacket(Any(Packets));
                break;
            case 12 or 13 or 14:
                InjectAny();
                break;
            case 15 or 16 or 17:
                Receive(Any(All));
                break;
            case 18:
                Look(Any(All));
                break;
            default:
                Rare();
                break;
        }
    }

    private void Open(string name)
    {
        (AddressFamily family, SocketType type, int protocol) = name[0] switch
        {
            'u' => (AddressFamily.Inet, SocketType.Datagram, 0),
            'x' => (AddressFamily.Inet6, SocketType.Datagram, 0),
            'i' => (AddressFamily.Inet6, SocketType.Raw, 58),
            'p' => (AddressFamily.Packet, SocketType.Datagram, Any([0, 0, 0x0300, 0x0008, 0x0608])),
            _ => (AddressFamily.Packet, SocketType.Raw, Any([0, 0x0300, 0x0300, 0xDD86])),
        };
        bool isFiltered = family == AddressFamily.Packet; // when reports of groups are sent is an accident
        Add(
            $"open {name} {family} {type} {protocol:x}",
            side => side.Open(name, family, type, protocol) + (isFiltered ? side.Attach(name, PacketPrograms.NoReports) : ""));
    }

    private void Bind(string name)
    {
        SocketAddress address;
        string text;
        if (name[0] is 'u' or 'x' or 'i')
        {
            IpAddress ip = name[0] == 'u' ? Any(Locals4) : Any(Locals6);
            ushort port = name[0] == 'i' ? (ushort)0 : Below(8) == 0 ? (ushort)0 : Any(Ports);
            address = SocketAddress.Inet(ip, port);
            text = $"{ip} {port}";
        }
        else
        {
            ushort protocol = Any<ushort>([0, 3, 3, 0x0800, 0x0806, 0x86DD, 0x88B5]);
            int link = Any([0, 1, 2, 2, 3, 9]);
            address = SocketAddress.Packet(protocol, link);
            text = $"{protocol:x4} link {link}";
        }

        Add($"bind {name} {text}", side => side.Bind(name, address));
    }

    private void Connect(string name)
    {
        if (Below(6) == 0)
        {
            SocketAddress none = new() { Length = 16 };
            Add($"disconnect {name}", side => side.Connect(name, none));
            return;
        }

        IpAddress ip = name[0] == 'u' ? Any(Targets4) : Any(Targets6);
        ushort port = Any(Ports);
        uint scope = ip.IsV6 && (ip.IsLinkLocal || ip.IsMulticast) ? Any<uint>([0, 2, 2]) : 0;
        SocketAddress address = SocketAddress.Inet(ip, port, scope);
        Add($"connect {name} {ip} {port} scope {scope}", side => side.Connect(name, address));
    }

    private void SetOption(string name)
    {
        bool isFour = name[0] == 'u';
        (int Level, int Option, byte[] Value)[] options = isFour
            ? [(1, 2, Number(1)), (1, 6, Number(1)), (1, 6, Number(0)), (1, 25, "va"u8.ToArray()), (1, 25, "vb"u8.ToArray()), (1, 25, "lo"u8.ToArray()),
                (1, 25, [0]), (1, 25, "no"u8.ToArray()), (0, 8, Number(1)), (0, 12, Number(1)), (0, 2, Number(9)), (0, 2, Number(0)), (0, 10, Number(2)),
                (0, 10, Number(0)), (0, 1, Number(0x10)), (0, 33, Number(3)), (0, 34, Number(0)), (0, 99, Number(1)), (1, 99, Number(1)), (6, 1, Number(1))]
            : [(1, 2, Number(1)), (1, 25, "va"u8.ToArray()), (1, 25, "lo"u8.ToArray()), (1, 25, [0]), (41, 49, Number(1)), (41, 51, Number(1)), (41, 16, Number(9)),
                (41, 16, Number(300)), (41, 18, Number(5)), (41, 19, Number(0)), (41, 19, Number(2)), (41, 26, Number(1)), (41, 17, Number(2)), (41, 17, Number(9)), (41, 49, [1])];
        (int level, int option, byte[] value) = Any(options);
        Add($"set {name} {level} {option} {Convert.ToHexString(value)}", side => side.Set(name, level, option, value));
    }

    private void SendDatagram(string name)
    {
        bool isFour = name[0] == 'u';
        byte[] data = Data(Any(Sizes));
        byte[] control = isFour && Below(5) == 0 ? PacketInfo() : [];
        SocketAddress address = default;
        string text = "its peer";
        if (Below(4) > 0)
        {
            IpAddress ip = isFour ? Any(Targets4) : Any(Targets6);
            uint scope = ip.IsV6 && (ip.IsLinkLocal || ip.IsMulticast) ? Any<uint>([0, 2, 2]) : 0;
            ushort port = Below(15) == 0 ? (ushort)0 : Any(Ports);
            address = SocketAddress.Inet(ip, port, scope);
            text = $"{ip} {port} scope {scope}";
        }

        Add($"send {name} {data.Length} to {text} control {Convert.ToHexString(control)}", side => side.Send(name, data, control, address));
    }

    private byte[] PacketInfo()
    {
        byte[] control = new byte[32];
        MemoryMarshal.Write(control, 28L);
        MemoryMarshal.Write(control.AsSpan(12), 8);
        MemoryMarshal.Write(control.AsSpan(16), Any([0, 2, 2, 3, 9]));
        Any([IpAddress.AnyV4, Near4, Far4]).Write(control.AsSpan(20));
        return control;
    }

    private void SendPacket(string name)
    {
        bool isRaw = name[0] == 'r';
        byte[] payload = FrameForge.Ip(Near4, Far4, 99, Data(Any([0, 1, 10, 1480, 1481, 1500, 1520])));
        MacAddress to = Any([PacketSide.FarAddress, MacAddress.Broadcast, PacketSide.NearAddress]);
        int link = Any([2, 2, 2, 3, 0, 9, 1]);
        ushort protocol = Any<ushort>([0x0800, 0x88B5, 0]);
        byte[] data = isRaw ? Below(10) == 0 ? [1, 2, 3] : FrameForge.Ethernet(to, PacketSide.NearAddress, 0x0800, payload) : payload;
        SocketAddress address = Below(4) == 0 ? default : SocketAddress.Packet(protocol, link, to);
        string text = address.Length == 0 ? "where it is bound" : $"{to.ToIdent()} {protocol:x4} link {link}";
        Add($"send {name} {data.Length} to {text}", side => side.Send(name, data, [], address));
    }

    private void InjectAny()
    {
        MacAddress to = Any([PacketSide.NearAddress, PacketSide.NearAddress, PacketSide.NearAddress, MacAddress.Broadcast, MacAddress.Read([2, 0, 0, 0, 9, 9])]);
        IpAddress source = Any([Far4, Far4, Far4, Near4, IpAddress.AnyV4, IpAddress.FromV4(127, 0, 0, 1), IpAddress.FromV4(8, 8, 8, 8)]);
        IpAddress target = Any([Near4, Near4, Near4, IpAddress.FromV4(10, 9, 0, 255), IpAddress.BroadcastV4, IpAddress.FromV4(10, 9, 0, 7), IpAddress.FromV4(127, 0, 0, 1)]);
        IpAddress six = Any([Near6, Near6, Near6, IpAddress.Parse("ff02::1"), IpAddress.Parse("fd09::7")]);
        ushort port = Any(Ports);
        byte[] data = Data(Any([0, 5, 60, 68, 69, 100]));
        switch (Below(11))
        {
            case 0 or 1 or 2:
                ushort error = Below(6) == 0 ? (ushort)1 : (ushort)0;
                byte[] datagram = FrameForge.Udp(source, target, 1000, port, data, error);
                Inject($"udp {source}>{target} {port} {data.Length} error {error}", to, LinkHeader.Ipv4, FrameForge.Ip(source, target, IpProtocol.Udp, datagram));
                break;
            case 3 or 4:
                ushort wrong = Below(6) == 0 ? (ushort)1 : (ushort)0;
                byte[] other = FrameForge.Udp(Far6, six, 1000, port, data, wrong);
                Inject($"udp {Far6}>{six} {port} {data.Length} error {wrong}", to, LinkHeader.Ipv6, FrameForge.Ip(Far6, six, IpProtocol.Udp, other));
                break;
            case 5:
                ushort operation = Any<ushort>([1, 1, 2, 3]);
                IpAddress sender = Any([Far4, IpAddress.AnyV4, Near4]);
                Inject($"arp {operation} {sender} {target}", to, LinkHeader.Arp, FrameForge.Arp(operation, PacketSide.FarAddress, sender, default, target));
                break;
            case 6:
                byte type = Any<byte>([8, 8, 0, 13, 42]);
                Inject($"icmp {type} {source}>{target}", to, LinkHeader.Ipv4, FrameForge.Ip(source, target, IpProtocol.Icmp, FrameForge.Icmp(type, 0, [0, 7, 0, 1, 9, 9])));
                break;
            case 7:
                InjectUnreachable(port);
                break;
            case 8:
                Inject($"syn {source}>{target}", to, LinkHeader.Ipv4, FrameForge.Ip(source, target, IpProtocol.Tcp, FrameForge.Syn(source, target, 1000, port)));
                break;
            case 9 when Below(2) == 0:
                InjectSolicitation();
                break;
            case 9:
                byte kind = Any<byte>([128, 134, 137, 200]);
                ushort flaw = Below(6) == 0 ? (ushort)1 : (ushort)0;
                byte hops = Any<byte>([255, 64]);
                byte[] message = FrameForge.IcmpV6(Far6, six, kind, 0, [0, 7, 0, 1, 9, 9, 9, 9], flaw);
                Inject($"icmp6 {kind} {six} hops {hops} error {flaw}", to, LinkHeader.Ipv6, FrameForge.Ip(Far6, six, IpProtocol.IcmpV6, message, hops: hops));
                break;
            default:
                Inject("a strange frame", to, 0x88B5, data);
                break;
        }
    }

    // Of a datagram from here, as if a router had sent it.
    private void InjectUnreachable(ushort port)
    {
        byte code = Any<byte>([0, 1, 2, 3, 3, 3, 4, 9, 13]);
        byte[] quoted = FrameForge.Ip(Near4, Far4, IpProtocol.Udp, FrameForge.Udp(Near4, Far4, Any(Ports), port, [1, 2, 3]));
        byte[] rest = [0, 0, 2, 100, .. quoted];
        Inject($"unreachable {code} {port}", PacketSide.NearAddress, LinkHeader.Ipv4, FrameForge.Ip(Far4, Near4, IpProtocol.Icmp, FrameForge.Icmp(3, code, rest)));
    }

    private void InjectSolicitation()
    {
        IpAddress group = IpAddress.Parse("ff02::1:ff00:1");
        byte[] rest = new byte[4 + 16 + 8];
        Near6.Write(rest.AsSpan(4));
        rest[20] = 1;
        rest[21] = 1;
        PacketSide.FarAddress.Write(rest.AsSpan(22));
        byte[] message = FrameForge.IcmpV6(Far6, group, 135, 0, rest);
        Inject("solicitation", MacAddress.Read([0x33, 0x33, 0xFF, 0, 0, 1]), LinkHeader.Ipv6, FrameForge.Ip(Far6, group, IpProtocol.IcmpV6, message, hops: 255));
    }

    private void Inject(string text, MacAddress to, ushort type, byte[] packet)
    {
        byte[] frame = FrameForge.Ethernet(to, PacketSide.FarAddress, type, packet);
        Add($"in {to.ToIdent()} {text}", side => side.Inject(frame));
    }

    private void Receive(string name)
    {
        int room = Any([2000, 2000, 2000, 10, 0]);
        int control = Any([0, 128, 128, 20]);
        int flags = Any([0, 0, 0, 0x20, 2, 0x22]);
        Add($"receive {name} {room} control {control} flags {flags:x}", side => side.Receive(name, room, control, flags));
    }

    private void Look(string name)
    {
        switch (Below(3))
        {
            case 0:
                Add($"poll {name}", side => side.Poll(name));
                break;
            case 1:
                Add($"name {name}", side => side.LocalAddress(name));
                break;
            default:
                Add($"error {name}", side => side.Get(name, 1, 4));
                break;
        }
    }

    private void Rare()
    {
        string name = Any(All);
        string packet = Any(Packets);
        switch (Below(7))
        {
            case 0:
                Add($"close {name}", side => side.Close(name));
                break;
            case 1:
                int how = (int)Below(3);
                Add($"shutdown {name} {how}", side => side.Shutdown(name, how));
                break;
            case 2 or 3:
                BpfInstruction[] program = Any(PacketPrograms.Any);
                Add($"filter {packet} {string.Join(',', program)}", side => side.Attach(packet, program));
                break;
            case 4:
                byte[] on = Number(1);
                (int option, bool isRead) = Any([(8, false), (8, false), (23, false), (6, true), (77, false)]);
                Add($"set {packet} 263 {option}", side => isRead ? side.Get(packet, 263, option) : side.Set(packet, 263, option, on));
                break;
            case 5:
                string link = Any(["va", "vb"]);
                Add($"{link} down and up", side => side.SetUp(link, false) + side.Happened() + side.SetUp(link, true));
                break;
            default:
                Add($"filter {name}", side => side.Attach(name, PacketPrograms.Any[2]));
                break;
        }
    }

    private byte[] Data(int length)
    {
        byte[] data = new byte[length];
        for (int at = 0; at < length; at++)
        {
            data[at] = (byte)((at * 31) + length);
        }

        return data;
    }

    private static byte[] Number(int value) => MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in value)).ToArray();
}
