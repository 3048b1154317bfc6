using System;
using System.Collections.Generic;
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
internal sealed class TunnelSide : DescriptorSide, ICheckSide<TunnelSide>
{
    private const uint SmallMtu = 1000; // too small for IPv6, which speaks unasked

    private readonly HashSet<string> persistent = new(StringComparer.Ordinal);
    private readonly int talker;

    private TunnelSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass)
    {
        talker = Require(kernel.Socket(AddressFamily.Inet, SocketType.Datagram, 0));
        Require(kernel.Bind(talker, SocketAddress.Inet(IpAddress.AnyV4, 1000)));
        Demand(new NetlinkRequests().SetUp("lo", true));
        Edges.Add("talker", talker);
        Happened();
    }

    public static TunnelSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public override void Dispose()
    {
        Kernel.Close(talker);
        base.Dispose();
    }

    public string Happened()
    {
        Pass(TimeSpan.FromMilliseconds(1));
        StringBuilder text = new();
        Edges.AppendTo(text);
        return text.ToString();
    }

    public string OpenDevice(string name)
    {
        if (Descriptors.ContainsKey(name))
        {
            return "there";
        }

        Result opened = Kernel.Open("/dev/net/tun", FileFlags.Read | FileFlags.Write | FileFlags.NonBlocking);
        Descriptors[name] = opened.IsOk ? opened.Int : throw new NamespaceCheckException($"/dev/net/tun is not to be had here: {opened.Error}");
        return "0";
    }

    /// <summary>Closes; until the kernel has looked at the carrier of a link that stays, what is sent there may wait or be lost.</summary>
    public string Close(string name)
    {
        bool isClosed = Descriptors.Remove(name, out int fd);
        Result closed = isClosed ? Kernel.Close(fd) : Result.Ok();
        if (persistent.Remove(name) && isClosed)
        {
            Pass(NetlinkStep.FirstLook);
        }

        return isClosed ? Text(closed) : "none";
    }

    /// <summary>Watched from now on: before there is a link, nobody would ever be woken.</summary>
    public string Watch(string name) => With(name, fd => Text(Edges.Add(name, fd)));

    public string Attach(string name, string wanted, TunnelKind kind) => With(name, fd =>
    {
        string told = wanted;
        Result result = Kernel.AttachTunnel(fd, ref told, kind);
        if (result.IsOk && IndexOf(told) is > 1 and int index)
        {
            Ask(new NetlinkRequests().SetMtu(index, SmallMtu));
        }

        return $"{Text(result)} {told}";
    });

    public string Persist(string name, bool isPersistent) => With(name, fd =>
    {
        persistent.Add(name);
        return Text(Kernel.PersistTunnel(fd, isPersistent));
    });

    public string Read(string name, int room) => With(name, fd =>
    {
        Result result = Kernel.Read(fd, Buffer.AsSpan(0, room));
        return result.IsOk ? $"{result.Value} {Content(Buffer.AsSpan(0, result.Int))}" : Text(result);
    });

    public string Write(string name, byte[] packet) => With(name, fd => Text(Kernel.Write(fd, packet)));

    /// <summary>Sends a datagram to a host behind a tunnel.</summary>
    public string Talk(IpAddress to, int length) =>
        Text(Kernel.SendMessage(talker, new byte[length], default, 0, SocketAddress.Inet(to, 9)));

    public string Hear()
    {
        int flags = 0;
        Result result = Kernel.ReceiveMessage(talker, Buffer, default, ref flags, out SocketAddress sender, out _);
        return result.IsOk && sender.TryGetInet(out IpAddress ip, out ushort port, out _) ? $"{result.Value} from {ip} {port}" : Text(result);
    }

    public string SetUp(string link, bool isUp) => OnLink(link, index => Ask(new NetlinkRequests().SetUp(index, isUp)));

    public string Delete(string link) => OnLink(link, index => Ask(new NetlinkRequests().Delete(index)));

    public string AddAddress(string link, IpAddress address) => OnLink(link, index => Ask(new NetlinkRequests().AddAddress(
        new AddressRequest(index, address, 24) { Flags = NetlinkRequests.New })));

    /// <summary>What netlink says of a link, once the kernel has looked at its carrier; whose hardware address is drawn.</summary>
    public string Look(string link)
    {
        if (IndexOf(link) is not { } index)
        {
            return "none";
        }

        Pass(NetlinkStep.FirstLook);
        byte[] fixedPart = new byte[16];
        MemoryMarshal.Write(fixedPart.AsSpan(4), index);
        int length = Send(new MessageBuilder(MessageType.GetLink, MessageFlags.Request).Octets(fixedPart).ToArray());
        ReadOnlySpan<byte> answer = Buffer.AsSpan(0, length);
        string text = MessageReader.TryNext(ref answer, out MessageReader message) ? MessageText.Of(message) ?? "" : "";
        int address = text.IndexOf(" address ", StringComparison.Ordinal);
        return address < 0 ? text : text[..address] + text[(address + 21)..];
    }

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

    private int? IndexOf(string link) => Kernel.InterfaceIndex(link) is { IsOk: true } found ? found.Int : null;

    private string OnLink(string link, Func<int, string> call) => IndexOf(link) is { } index ? call(index) : "none";
}
