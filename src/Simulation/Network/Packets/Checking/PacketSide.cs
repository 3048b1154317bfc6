using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Packets.Checking;

/// <summary>A kernel with a pair of links, <c>va</c> and <c>vb</c>, in a network of its own: <c>va</c> has 10.9.0.1/24 and fd09::1/64,
/// <c>vb</c> has no address, and at it one who listens and sends frames by hand.</summary>
internal sealed class PacketSide : DescriptorSide, ICheckSide<PacketSide>
{
    public const int NearLink = 2; // va: the pair's peers are numbered in the order of their birth
    public const int FarLink = 3;

    private int wire = -1;

    private PacketSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass) => Build();

    public static MacAddress NearAddress { get; } = MacAddress.Read([2, 0, 0, 0, 9, 1]);

    public static MacAddress FarAddress { get; } = MacAddress.Read([2, 0, 0, 0, 9, 2]);

    public static PacketSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public override void Dispose()
    {
        Kernel.Close(wire);
        base.Dispose();
    }

    /// <summary>What has happened since: edges of the sockets by name, and frames at the far end.</summary>
    public string Happened()
    {
        Pass(TimeSpan.FromMilliseconds(1));
        StringBuilder text = new();
        Edges.AppendTo(text);
        while (Kernel.Receive(wire, Buffer) is { IsOk: true } frame)
        {
            text.Append("\n    out ").Append(FrameText.OfFrame(Buffer.AsSpan(0, frame.Int)));
        }

        return text.ToString();
    }

    public string Open(string name, AddressFamily family, SocketType type, int protocol)
    {
        if (Descriptors.ContainsKey(name))
        {
            return "there";
        }

        Result opened = Kernel.Socket(family, type, protocol);
        if (opened.IsOk)
        {
            Descriptors[name] = opened.Int;
            Edges.Add(name, opened.Int);
        }

        return Text(opened with { Value = 0 });
    }

    public string Close(string name) => Descriptors.Remove(name, out int fd) ? Text(Kernel.Close(fd)) : "none";

    public string Bind(string name, SocketAddress address) => With(name, fd => Text(Kernel.Bind(fd, address)));

    public string Connect(string name, SocketAddress address) => With(name, fd => Text(Kernel.Connect(fd, address)));

    public string Set(string name, int level, int option, byte[] value) =>
        With(name, fd => Text(Kernel.SetSocketOption(fd, level, option, value)));

    public string Get(string name, int level, int option) => With(name, fd =>
    {
        byte[] value = new byte[16];
        Result result = Kernel.GetSocketOption(fd, level, option, value);
        return result.IsOk ? Convert.ToHexString(value[..result.Int]) : Text(result);
    });

    public string Attach(string name, BpfInstruction[] program) => With(name, fd => Text(Kernel.AttachFilter(fd, program)));

    public string Send(string name, byte[] data, byte[] control, SocketAddress address) =>
        With(name, fd => Text(Kernel.SendMessage(fd, data, control, 0, address)));

    public string Shutdown(string name, int how) => With(name, fd => Text(Kernel.Shutdown(fd, how)));

    public string LocalAddress(string name) => With(name, fd =>
    {
        Result result = Kernel.LocalAddress(fd, out SocketAddress address);
        return result.IsOk ? Text(address) : Text(result);
    });

    /// <summary>Receives with all that there is to know.</summary>
    public string Receive(string name, int room, int controlRoom, int flags) => With(name, fd =>
    {
        byte[] control = new byte[controlRoom];
        int told = flags;
        Result result = Kernel.ReceiveMessage(fd, Buffer.AsSpan(0, room), control, ref told, out SocketAddress sender, out int length);
        if (!result.IsOk)
        {
            return Text(result);
        }

        int count = Math.Min(result.Int, room);
        bool isPacket = sender.TryGetPacket(out _, out ushort protocol, out _, out _);
        ReadOnlySpan<byte> octets = Buffer.AsSpan(0, count);
        string content = name[0] == 'i' && count == room ? "cut" : name[0] == 'i' ? FrameText.OfTransport(IpProtocol.IcmpV6, octets)
            : !isPacket ? Convert.ToHexString(octets[..Math.Min(count, 40)])
            : name[0] == 'r' ? FrameText.OfFrame(octets) : FrameText.OfPacket(protocol, octets);
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.Value} flags {told & ~0x40:x} from {Text(sender)} control {Control(control.AsSpan(0, length))} {content}");
    });

    /// <summary>A frame comes in at the near end.</summary>
    public string Inject(byte[] frame) => Text(Kernel.Send(wire, frame));

    public string SetUp(string link, bool isUp)
    {
        Demand(new NetlinkRequests().SetUp(link, isUp));
        Pass(TimeSpan.FromMilliseconds(60));
        return "done";
    }

    private static string Text(in SocketAddress address)
    {
        if (address.TryGetInet(out IpAddress ip, out ushort port, out uint scope))
        {
            return $"{ip}:{FrameText.Port(port)}" + (scope == 0 ? "" : "%" + scope.ToString(CultureInfo.InvariantCulture));
        }

        return address.Family == AddressFamily.Packet ? Convert.ToHexString(address.Octets) : address.Length.ToString(CultureInfo.InvariantCulture);
    }

    // Whether a checksum is filled in depends on what an adapter can do.
    private static string Control(ReadOnlySpan<byte> control)
    {
        const byte ChecksumBits = 0x88;
        byte[] copy = control.ToArray();
        bool isAuxiliary = copy.Length >= 20 && MemoryMarshal.Read<int>(copy.AsSpan(8)) == PacketSocket.Level;
        if (isAuxiliary)
        {
            copy[16] &= unchecked((byte)~ChecksumBits);
        }

        return Convert.ToHexString(copy);
    }

    private void Build()
    {
        WriteFile("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
        WriteFile("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
        WriteFile("/proc/sys/net/ipv6/conf/default/router_solicitations", "0");
        WriteFile("/proc/sys/net/ipv6/conf/default/mldv2_unsolicited_report_interval", "1");
        WriteFile("/proc/sys/net/ipv6/mld_qrv", "1");
        WriteFile("/proc/sys/net/ipv4/icmp_ratelimit", "0");
        WriteFile("/proc/sys/net/ipv6/icmp/ratelimit", "0");
        NetlinkRequests requests = new();
        Demand(requests.SetUp("lo", true));
        Demand(requests.AddPair("vb", FarAddress, "va", NearAddress, NetlinkRequests.New));
        Demand(requests.SetGenerationMode(NearLink, 1)); // no link-local addresses: nobody speaks unasked
        Demand(requests.SetGenerationMode(FarLink, 1));
        Demand(requests.SetUp("vb", true));
        Demand(requests.SetUp("va", true));
        Demand(requests.AddAddress(new AddressRequest(NearLink, IpAddress.FromV4(10, 9, 0, 1), 24)
        {
            Broadcast = IpAddress.FromV4(10, 9, 0, 255),
            Flags = NetlinkRequests.New,
        }));
        Demand(requests.AddAddress(new AddressRequest(NearLink, IpAddress.Parse("fd09::1"), 64)
        {
            Flags = NetlinkRequests.New,
            Wishes = AddressFlags.NoDetection,
        }));
        wire = Require(Kernel.Socket(AddressFamily.Packet, SocketType.Raw, 0));
        Kernel.AttachFilter(wire, PacketPrograms.OnlyIncoming);
        Require(Kernel.Bind(wire, SocketAddress.Packet(PacketTaps.AllProtocols, FarLink)));
        Pass(NetlinkStep.FirstLook);
        Happened();
    }
}
