using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network.Checking;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Routers.Checking;

/// <summary>A kernel with a pair of links: <c>va</c> is a host's, which has its link-local address; at <c>vb</c> are routers, whose
/// advertisements are written by hand.</summary>
internal sealed class RouterSide : PairSide, ICheckSide<RouterSide>
{
    public const int HostLink = 2; // va: the pair's peers are numbered in the order of their birth
    public const int RouterLink = 3;

    /// <summary>Of <c>va</c>, under <c>/proc/sys/net/ipv6/conf</c>.</summary>
    public const string Settings = SettingsOfLinks + "va/";

    private const int AddressSize = 8;
    private const int PreferredByDefault = 86_000; // seconds; less what is drawn, up to 599, it is the same in thousands
    private const string NeighborSettings = "/proc/sys/net/ipv6/neigh/va/";

    private static readonly string[] SettingsSeen =
    [
        Settings + "hop_limit", Settings + "mtu", Settings + UseTempAddr, NeighborSettings + "base_reachable_time_ms", NeighborSettings + "retrans_time_ms",
    ];

    private const string UseTempAddr = "use_tempaddr";

    private readonly int wire;
    private readonly TemporaryNames temporary = new();

    private RouterSide(Kernel kernel, Action<TimeSpan> pass)
        : base(kernel, pass)
    {
        wire = Require(kernel.Socket(AddressFamily.Packet, SocketType.Raw, 0));
        Demand(new NetlinkRequests().SetGenerationMode(RouterLink, 1));
        Require(kernel.Bind(wire, SocketAddress.Packet(0, RouterLink)));
        Write("temp_prefered_lft", PreferredByDefault);
        SetUpPair();
    }

    /// <inheritdoc/>
    public static bool ShowsTime => true;

    /// <summary>Addresses are told of by workers, each when it comes to that: what is said of one has its order, and that is all.</summary>
    public static string Ordered(string outcome)
    {
        const string Separator = "\n    ";
        List<string> lines = [];
        List<(string Address, string Line)> addresses = [];
        foreach (string line in outcome.Split(Separator))
        {
            if (AddressIn(line) is { } address)
            {
                addresses.Add((address, line));
            }
            else
            {
                lines.Add(line);
            }
        }

        foreach ((_, string line) in addresses.OrderBy(one => one.Address, StringComparer.Ordinal)) // which keeps what is equal in its order
        {
            lines.Add(line);
        }

        return string.Join(Separator, lines);
    }

    public static RouterSide Open(Kernel kernel, Action<TimeSpan> pass) => new(kernel, pass);

    public override void Dispose()
    {
        Kernel.Close(wire);
        base.Dispose();
    }

    /// <summary>Sends it, and waits for the host to take it in: a kernel under load has it done later.</summary>
    public string Advertise(RouterAdvertisement advertisement)
    {
        const int LooksMax = 200; // not all arrive
        string before = PacketsOfHost();
        Result sent = Kernel.Send(wire, advertisement.ToFrame());
        for (int look = 0; look < LooksMax && sent.IsOk && before.Length > 0 && PacketsOfHost() == before; look++)
        {
            Pass(TimeSpan.FromMilliseconds(1));
        }

        return Text(sent);
    }

    public string Write(string setting, int value) => WriteFile(Settings + setting, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>What is drawn for a link makes no temporary address's preferred lifetime shorter: seconds show.</summary>
    public string DrawNoDesync()
    {
        const uint Fine = 10;
        temporary.Step = Fine;
        return Write("max_desync_factor", 0);
    }

    /// <summary>Removes the first temporary address that is there.</summary>
    public string DeleteTemporary()
    {
        IpAddress? first = null;
        Dump(MessageType.GetAddress, AddressSize, [], message =>
        {
            bool isTemporary = ((message.FindUInt32(AddressSize, AddressMessages.Flags) ?? 0) & (uint)AddressFlags.Secondary) != 0;
            first ??= isTemporary ? message.FindAddress(AddressSize, AddressMessages.Address, 16) : null;
            return null;
        });
        return first is { } address ? Ask(new NetlinkRequests().DeleteAddress(new AddressRequest(HostLink, address, TemporaryAddresses.PrefixLength))) : "none";
    }

    /// <inheritdoc/>
    public override string Happened()
    {
        const string Separator = "\n    ";
        return string.Join(Separator, base.Happened().Split(Separator).Select(temporary.Apply));
    }

    /// <summary>All that advertisements can change: addresses, routes with the time they have left, routers, settings.</summary>
    public string Look()
    {
        List<string> lines = [];
        Dump(MessageType.GetAddress, AddressSize, lines, message => MessageText.Of(message) is { } text ? temporary.Apply(text) : null);
        Dump(MessageType.GetRoute, 12, lines, message => RouteText(message) is { } text ? temporary.Apply(text) : null);
        Dump(MessageType.GetNeighbour, 12, lines, NeighborText);
        lines.Sort(StringComparer.Ordinal);
        foreach (string file in SettingsSeen)
        {
            lines.Add($"{file} {Read(file)}");
        }

        return string.Join("\n    ", lines);
    }

    // Of a message on an address, or on the route to one of the machine's own.
    private static string? AddressIn(string line)
    {
        bool isAddress = line.StartsWith("new address", StringComparison.Ordinal) || line.StartsWith("del address", StringComparison.Ordinal);
        bool isOwn = line.Contains(" type 2 /128 ", StringComparison.Ordinal);
        string mark = isAddress ? " address " : " to ";
        int place = isAddress || isOwn ? line.LastIndexOf(mark, StringComparison.Ordinal) : -1;
        return place < 0 ? null : line[(place + mark.Length)..].Split(' ')[0];
    }

    private static string? RouteText(MessageReader message)
    {
        if (message.Family != Family.V6 || MessageText.Of(message) is not { } text)
        {
            return null;
        }

        long left = message.TryFind(RouteMessages.FixedSize, RouteMessages.CacheInfo, out ReadOnlySpan<byte> cache) && cache.Length >= 12
            ? BinaryPrimitives.ReadInt32LittleEndian(cache[8..]) : 0;
        const int TicksPerSecond = 100;
        const int Step = 10 * TicksPerSecond; // time passes on the running kernel
        return left == 0 ? text : left < 0 ? text + " over" : string.Create(CultureInfo.InvariantCulture, $"{text} expires {(left + Step - 1) / Step * Step / TicksPerSecond}");
    }

    private static string? NeighborText(MessageReader message)
    {
        const int Group = 0x40;
        ReadOnlySpan<byte> octets = message.Payload;
        ushort state = BinaryPrimitives.ReadUInt16LittleEndian(octets[8..]);
        if (message.Family != Family.V6 || BinaryPrimitives.ReadInt32LittleEndian(octets[4..]) != HostLink || state is 0 or Group
            || !message.TryFind(12, 1, out ReadOnlySpan<byte> destination) || !IpAddress.TryRead(destination, out IpAddress address))
        {
            return null;
        }

        string station = message.TryFind(12, 2, out ReadOnlySpan<byte> found) ? Convert.ToHexString(found) : "none";
        return string.Create(CultureInfo.InvariantCulture, $"neighbour {address} {station} state {state:x} flags {octets[10]:x}");
    }

    private void Dump(MessageType type, int fixedSize, List<string> lines, Func<MessageReader, string?> text)
    {
        byte[] fixedPart = new byte[fixedSize];
        fixedPart[0] = Family.V6;
        int length = Send(new MessageBuilder(type, MessageFlags.Request | MessageFlags.Dump).Octets(fixedPart).ToArray());
        while (true)
        {
            ReadOnlySpan<byte> rest = Buffer.AsSpan(0, length);
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                if (message.Type is MessageType.Done or MessageType.Error)
                {
                    return;
                }

                if (text(message) is { } line)
                {
                    lines.Add(line);
                }
            }

            length = Require(Kernel.Receive(Requests, Buffer));
        }
    }

    // How many IPv6 packets the host was given; empty on a kernel that does not say, and does all at once.
    private string PacketsOfHost()
    {
        string counters = Read("/proc/thread-self/net/dev_snmp6/va");
        int start = counters.IndexOf("Ip6InReceives", StringComparison.Ordinal);
        return start < 0 ? "" : counters[start..].Split('\n', 2)[0];
    }

    private string Read(string path)
    {
        Result read = Kernel.ReadFile(path, Buffer);
        return read.IsOk ? Encoding.ASCII.GetString(Buffer, 0, read.Int).TrimEnd() : Text(read);
    }
}
