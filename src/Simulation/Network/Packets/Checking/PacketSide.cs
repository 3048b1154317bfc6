using System;
using System.Collections.Generic;
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
internal sealed class PacketSide : ICheckSide<PacketSide>
{
    public const int NearLink = 2; // va: the pair's peers are numbered in the order of their birth
    public const int FarLink = 3;

    // The kernel looks at carriers of new links at most once a second.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1150);

    private const uint Interests = 0x2007 | (1u << 31); // IN PRI OUT RDHUP, edge-triggered

    private readonly Kernel kernel;
    private readonly Action<TimeSpan> pass;
    private readonly Dictionary<string, int> sockets = [];
    private readonly List<string> names = [];
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly int epoll;
    private readonly int netlink;
    private int wire = -1;
    private uint sequence;

    private PacketSide(Kernel kernel, Action<TimeSpan> pass)
    {
        this.kernel = kernel;
        this.pass = pass;
        epoll = kernel.EpollCreate().Int;
        netlink = Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
        Build();
    }

    public static MacAddress NearAddress { get; } = MacAddress.Read([2, 0, 0, 0, 9, 1]);

    public static MacAddress FarAddress { get; } = MacAddress.Read([2, 0, 0, 0, 9, 2]);

    public static PacketSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public void Dispose()
    {
        foreach (int fd in sockets.Values)
        {
            kernel.Close(fd);
        }

        kernel.Close(wire);
        kernel.Close(netlink);
        kernel.Close(epoll);
    }

    /// <summary>What has happened since: edges of the sockets by name, and frames at the far end.</summary>
    public string Happened()
    {
        pass(TimeSpan.FromMilliseconds(1));
        SortedDictionary<string, uint> edges = new(StringComparer.Ordinal);
        Span<EpollEvent> events = stackalloc EpollEvent[16];
        Result found = kernel.EpollWait(epoll, events, TimeSpan.Zero);
        for (int index = 0; index < found.Int; index++)
        {
            edges[names[(int)events[index].Data]] = events[index].Events;
        }

        StringBuilder text = new();
        foreach ((string name, uint mask) in edges)
        {
            text.Append(CultureInfo.InvariantCulture, $" {name}:{mask:x}");
        }

        while (kernel.Receive(wire, buffer) is { IsOk: true } frame)
        {
            text.Append("\n    out ").Append(FrameText.OfFrame(buffer.AsSpan(0, frame.Int)));
        }

        return text.ToString();
    }

    public string Open(string name, AddressFamily family, SocketType type, int protocol)
    {
        if (sockets.ContainsKey(name))
        {
            return "there";
        }

        Result opened = kernel.Socket(family, type, protocol);
        if (opened.IsOk)
        {
            sockets[name] = opened.Int;
            names.Add(name);
            kernel.EpollControl(epoll, EpollOperation.Add, opened.Int, Interests, (ulong)(names.Count - 1));
        }

        return Text(opened with { Value = 0 });
    }

    public string Close(string name) => sockets.Remove(name, out int fd) ? Text(kernel.Close(fd)) : "none";

    public string Bind(string name, SocketAddress address) => With(name, fd => Text(kernel.Bind(fd, address)));

    public string Connect(string name, SocketAddress address) => With(name, fd => Text(kernel.Connect(fd, address)));

    public string Set(string name, int level, int option, byte[] value) =>
        With(name, fd => Text(kernel.SetSocketOption(fd, level, option, value)));

    public string Get(string name, int level, int option) => With(name, fd =>
    {
        byte[] value = new byte[16];
        Result result = kernel.GetSocketOption(fd, level, option, value);
        return result.IsOk ? Convert.ToHexString(value[..result.Int]) : Text(result);
    });

    public string Attach(string name, BpfInstruction[] program) => With(name, fd => Text(kernel.AttachFilter(fd, program)));

    public string Send(string name, byte[] data, byte[] control, SocketAddress address) =>
        With(name, fd => Text(kernel.SendMessage(fd, data, control, 0, address)));

    public string Shutdown(string name, int how) => With(name, fd => Text(kernel.Shutdown(fd, how)));

    public string LocalAddress(string name) => With(name, fd =>
    {
        Result result = kernel.LocalAddress(fd, out SocketAddress address);
        return result.IsOk ? Text(address) : Text(result);
    });

    public string Poll(string name) => With(name, fd =>
    {
        PollEntry[] entries = [new PollEntry(fd, 0x27C7)];
        kernel.Poll(entries, TimeSpan.Zero);
        return entries[0].Found.ToString("x", CultureInfo.InvariantCulture);
    });

    /// <summary>Receives with all that there is to know.</summary>
    public string Receive(string name, int room, int controlRoom, int flags) => With(name, fd =>
    {
        byte[] control = new byte[controlRoom];
        int told = flags;
        Result result = kernel.ReceiveMessage(fd, buffer.AsSpan(0, room), control, ref told, out SocketAddress sender, out int length);
        if (!result.IsOk)
        {
            return Text(result);
        }

        int count = Math.Min(result.Int, room);
        bool isPacket = sender.TryGetPacket(out _, out ushort protocol, out _, out _);
        ReadOnlySpan<byte> octets = buffer.AsSpan(0, count);
        string content = name[0] == 'i' && count == room ? "cut" : name[0] == 'i' ? FrameText.OfTransport(IpProtocol.IcmpV6, octets)
            : !isPacket ? Convert.ToHexString(octets[..Math.Min(count, 40)])
            : name[0] == 'r' ? FrameText.OfFrame(octets) : FrameText.OfPacket(protocol, octets);
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.Value} flags {told & ~0x40:x} from {Text(sender)} control {Control(control.AsSpan(0, length))} {content}");
    });

    /// <summary>A frame comes in at the near end.</summary>
    public string Inject(byte[] frame) => Text(kernel.Send(wire, frame));

    public string SetUp(string link, bool isUp)
    {
        Ask(new NetlinkRequests().SetUp(link, isUp));
        pass(TimeSpan.FromMilliseconds(60));
        return "done";
    }

    private static string Text(Result result) =>
        result.IsOk ? result.Value.ToString(CultureInfo.InvariantCulture) : result.Error.ToString();

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

    private string With(string name, Func<int, string> call) => sockets.TryGetValue(name, out int fd) ? call(fd) : "none";

    private void Build()
    {
        WriteSetting("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
        WriteSetting("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
        WriteSetting("/proc/sys/net/ipv6/conf/default/router_solicitations", "0");
        WriteSetting("/proc/sys/net/ipv6/conf/default/mldv2_unsolicited_report_interval", "1");
        WriteSetting("/proc/sys/net/ipv6/mld_qrv", "1");
        WriteSetting("/proc/sys/net/ipv4/icmp_ratelimit", "0");
        WriteSetting("/proc/sys/net/ipv6/icmp/ratelimit", "0");
        NetlinkRequests requests = new();
        Ask(requests.SetUp("lo", true));
        Ask(requests.AddPair("vb", FarAddress, "va", NearAddress, NetlinkRequests.New));
        Ask(requests.SetGenerationMode(NearLink, 1)); // no link-local addresses: nobody speaks unasked
        Ask(requests.SetGenerationMode(FarLink, 1));
        Ask(requests.SetUp("vb", true));
        Ask(requests.SetUp("va", true));
        Ask(requests.AddAddress(new AddressRequest(NearLink, IpAddress.FromV4(10, 9, 0, 1), 24)
        {
            Broadcast = IpAddress.FromV4(10, 9, 0, 255), Flags = NetlinkRequests.New,
        }));
        Ask(requests.AddAddress(new AddressRequest(NearLink, IpAddress.Parse("fd09::1"), 64)
        {
            Flags = NetlinkRequests.New, Wishes = AddressFlags.NoDetection,
        }));
        wire = Require(kernel.Socket(AddressFamily.Packet, SocketType.Raw, 0));
        kernel.AttachFilter(wire, PacketPrograms.OnlyIncoming);
        Require(kernel.Bind(wire, SocketAddress.Packet(PacketTaps.AllProtocols, FarLink)));
        pass(FirstLook);
        Happened();
    }

    private void Ask(NetlinkStep step)
    {
        byte[] message = [.. step.Octets];
        MemoryMarshal.Write(message.AsSpan(8), ++sequence);
        Require(kernel.Send(netlink, message));
        Span<byte> answer = stackalloc byte[4096];
        int length = Require(kernel.Receive(netlink, answer));
        int error = length >= 20 ? -MemoryMarshal.Read<int>(answer[16..]) : -1;
        if (error != 0)
        {
            throw new NamespaceCheckException($"{step.Text}: {(Errno)error}");
        }
    }

    private void WriteSetting(string path, string value)
    {
        Result file = kernel.Open(path, FileFlags.Write);
        if (file.IsOk)
        {
            kernel.Write(file.Int, Encoding.ASCII.GetBytes(value));
            kernel.Close(file.Int);
        }
    }

    private static int Require(Result result) =>
        result.IsOk ? result.Int : throw new NamespaceCheckException($"the check cannot be set up: {result.Error}");
}
