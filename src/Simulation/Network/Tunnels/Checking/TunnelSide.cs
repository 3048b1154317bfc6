using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Packets;
using Spindle.Simulation.Network.Packets.Checking;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Tunnels.Checking;

/// <summary>A kernel with programs that hold tunnels, and a UDP socket at port 1000 that talks through them.</summary>
internal sealed class TunnelSide : ICheckSide<TunnelSide>
{
    // The kernel looks at carriers at most once a second.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1150);

    private const uint Interests = 0x2007 | (1u << 31); // IN PRI OUT RDHUP, edge-triggered
    private const uint SmallMtu = 1000; // too small for IPv6, which speaks unasked

    private readonly Kernel kernel;
    private readonly Action<TimeSpan> pass;
    private readonly Dictionary<string, int> files = new(StringComparer.Ordinal);
    private readonly List<string> names = [];
    private readonly HashSet<string> persistent = new(StringComparer.Ordinal);
    private readonly byte[] buffer = new byte[1 << 14];
    private readonly int epoll;
    private readonly int netlink;
    private readonly int talker;
    private uint sequence;

    private TunnelSide(Kernel kernel, Action<TimeSpan> pass)
    {
        this.kernel = kernel;
        this.pass = pass;
        epoll = Require(kernel.EpollCreate());
        netlink = Require(kernel.Socket(AddressFamily.Netlink, SocketType.Raw, 0));
        talker = Require(kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0));
        Require(kernel.Bind(talker, SocketAddress.Inet(IpAddress.AnyV4, 1000)));
        Ask(new NetlinkRequests().SetUp("lo", true).Octets);
        names.Add("talker");
        kernel.EpollControl(epoll, EpollOperation.Add, talker, Interests, 0);
        Happened();
    }

    public static TunnelSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public void Dispose()
    {
        foreach (int fd in files.Values)
        {
            kernel.Close(fd);
        }

        kernel.Close(talker);
        kernel.Close(netlink);
        kernel.Close(epoll);
    }

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

        return text.ToString();
    }

    public string OpenDevice(string name)
    {
        if (files.ContainsKey(name))
        {
            return "there";
        }

        Result opened = kernel.Open("/dev/net/tun", FileFlags.Read | FileFlags.Write | FileFlags.NonBlocking);
        files[name] = opened.IsOk ? opened.Int : throw new NamespaceCheckException($"/dev/net/tun is not to be had here: {opened.Error}");
        return "0";
    }

    /// <summary>Closes; until the kernel has looked at the carrier of a link that stays, what is sent there may wait or be lost.</summary>
    public string Close(string name)
    {
        bool isClosed = files.Remove(name, out int fd);
        Result closed = isClosed ? kernel.Close(fd) : Result.Ok();
        if (persistent.Remove(name) && isClosed)
        {
            pass(FirstLook);
        }

        return isClosed ? Text(closed) : "none";
    }

    /// <summary>Watched from now on: before there is a link, nobody would ever be woken.</summary>
    public string Watch(string name) => With(name, fd =>
    {
        names.Add(name);
        return Text(kernel.EpollControl(epoll, EpollOperation.Add, fd, Interests, (ulong)(names.Count - 1)));
    });

    public string Attach(string name, string wanted, TunnelKind kind) => With(name, fd =>
    {
        string told = wanted;
        Result result = kernel.AttachTunnel(fd, ref told, kind);
        if (result.IsOk && IndexOf(told) is > 1 and int index)
        {
            Ask(new NetlinkRequests().SetMtu(index, SmallMtu).Octets);
        }

        return $"{Text(result)} {told}";
    });

    public string Persist(string name, bool isPersistent) => With(name, fd =>
    {
        persistent.Add(name);
        return Text(kernel.PersistTunnel(fd, isPersistent));
    });

    public string Poll(string name) => With(name, fd =>
    {
        PollEntry[] entries = [new PollEntry(fd, 0x27C7)];
        kernel.Poll(entries, TimeSpan.Zero);
        return entries[0].Found.ToString("x", CultureInfo.InvariantCulture);
    });

    public string Read(string name, int room) => With(name, fd =>
    {
        Result result = kernel.Read(fd, buffer.AsSpan(0, room));
        return result.IsOk ? $"{result.Value} {Content(buffer.AsSpan(0, result.Int))}" : Text(result);
    });

    public string Write(string name, byte[] packet) => With(name, fd => Text(kernel.Write(fd, packet)));

    /// <summary>Sends a datagram to a host behind a tunnel.</summary>
    public string Talk(IpAddress to, int length) =>
        Text(kernel.SendMessage(talker, new byte[length], default, 0, SocketAddress.Inet(to, 9)));

    public string Hear()
    {
        int flags = 0;
        Result result = kernel.ReceiveMessage(talker, buffer, default, ref flags, out SocketAddress sender, out _);
        return result.IsOk && sender.TryGetInet(out IpAddress ip, out ushort port, out _) ? $"{result.Value} from {ip} {port}" : Text(result);
    }

    public string SetUp(string link, bool isUp) => OnLink(link, index => Ask(new NetlinkRequests().SetUp(index, isUp).Octets));

    public string Delete(string link) => OnLink(link, index => Ask(new NetlinkRequests().Delete(index).Octets));

    public string AddAddress(string link, IpAddress address) => OnLink(link, index => Ask(new NetlinkRequests().AddAddress(
        new AddressRequest(index, address, 24) { Flags = NetlinkRequests.New }).Octets));

    /// <summary>What netlink says of a link, once the kernel has looked at its carrier; whose hardware address is drawn.</summary>
    public string Look(string link)
    {
        if (IndexOf(link) is not { } index)
        {
            return "none";
        }

        pass(FirstLook);
        MessageBuilder request = new(MessageType.GetLink, MessageFlags.Request, ++sequence);
        byte[] fixedPart = new byte[16];
        MemoryMarshal.Write(fixedPart.AsSpan(4), index);
        request.Octets(fixedPart);
        Require(kernel.Send(netlink, request.ToArray()));
        ReadOnlySpan<byte> answer = buffer.AsSpan(0, Require(kernel.Receive(netlink, buffer)));
        string text = MessageReader.TryNext(ref answer, out MessageReader message) ? MessageText.Of(message) ?? "" : "";
        int address = text.IndexOf(" address ", StringComparison.Ordinal);
        return address < 0 ? text : text[..address] + text[(address + 21)..];
    }

    private static string Text(Result result) => result.IsOk ? result.Value.ToString(CultureInfo.InvariantCulture) : result.Error.ToString();

    // With or without the information in front, packets or frames: the first octets tell.
    private static string Content(ReadOnlySpan<byte> octets)
    {
        bool isInformed = octets.Length >= 4 && octets[0] <= 1 && octets[1] == 0 && octets[2] is 8 or 0x86;
        string front = isInformed ? Convert.ToHexString(octets[..4]) + " " : "";
        ReadOnlySpan<byte> packet = isInformed ? octets[4..] : octets;
        bool isPacket = packet.Length > 0 && packet[0] == 0x45;
        return front + (isPacket ? FrameText.OfPacket(LinkHeader.Ipv4, packet) : Frame(packet));
    }

    // Hardware addresses of tap links are drawn: all but the EtherType and what is behind it, in ARP behind the sender's.
    private static string Frame(ReadOnlySpan<byte> frame) =>
        frame.Length < LinkHeader.EthernetSize ? $"short {frame.Length}"
        : frame[12] == 8 && frame[13] == 6 && frame.Length >= 42 ? "arp " + Convert.ToHexString(frame.Slice(14, 8)) + Convert.ToHexString(frame[28..42])
        : FrameText.OfPacket((ushort)(frame[12] << 8 | frame[13]), frame[14..]);

    private int? IndexOf(string link) => kernel.InterfaceIndex(link) is { IsOk: true } found ? found.Int : null;

    private string OnLink(string link, Func<int, string> call) => IndexOf(link) is { } index ? call(index) : "none";

    private string With(string name, Func<int, string> call) => files.TryGetValue(name, out int fd) ? call(fd) : "none";

    private string Ask(byte[] request)
    {
        byte[] message = [.. request];
        MemoryMarshal.Write(message.AsSpan(8), ++sequence);
        Require(kernel.Send(netlink, message));
        Span<byte> answer = stackalloc byte[4096];
        int length = Require(kernel.Receive(netlink, answer));
        return length >= 20 ? ((Errno)(-MemoryMarshal.Read<int>(answer[16..]))).ToString() : "cut";
    }

    private static int Require(Result result) =>
        result.IsOk ? result.Int : throw new NamespaceCheckException($"the check cannot be set up: {result.Error}");
}
