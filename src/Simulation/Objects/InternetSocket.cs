using System;
using System.Runtime.InteropServices;
using Spindle.Basics;
using Spindle.Kernels;
using Spindle.Simulation.Network;
using Spindle.Simulation.Network.Internet;
using Spindle.Simulation.Network.Packets;

namespace Spindle.Simulation.Objects;

/// <summary>A socket of AF_INET or AF_INET6: its own address and the other's.</summary>
internal abstract class InternetSocket(SimulatedMachine machine, AddressFamily family, SocketType type)
    : AddressedSocket(machine, family, type)
{
    private const ushort PrivilegedMax = 1023;

    /// <summary>Its port; 0 for none.</summary>
    public ushort Port { get; set; }

    /// <summary>Levels IPPROTO_IP and IPPROTO_IPV6.</summary>
    public InternetOptions Internet { get; } = new();

    /// <summary>What it was bound to, or what connecting has chosen; unspecified: any.</summary>
    public IpAddress Local { get; protected set; } = family == AddressFamily.Inet ? IpAddress.AnyV4 : IpAddress.AnyV6;

    /// <summary>Whom it is connected to; null: nobody.</summary>
    public IpAddress? Remote { get; protected set; }

    public ushort RemotePort { get; protected set; }

    /// <summary>True if bind has named the port: it is kept whatever comes.</summary>
    protected bool IsPortBound { get; private set; }

    /// <summary>What it sends from, if anything is said about that: what many share is no source.</summary>
    protected IpAddress? SourceBound => Local.IsUnspecified || Local.IsMulticast || Local == IpAddress.BroadcastV4
        || (Local.IsV4 && IsBroadcast(Machine.Network, Local)) ? null : Local;

    /// <summary>Whether it has ports at all.</summary>
    protected virtual bool NeedsPort => true;

    /// <summary>True if bind has given it an address of its own.</summary>
    public bool IsAddressBound { get; protected set; }

    /// <summary>True if bind comes too late.</summary>
    protected virtual bool HasPlace => Port != 0 || Remote is not null;

    protected bool IsV6 => Family == AddressFamily.Inet6;

    /// <summary>True if packets of a version may come here at all.</summary>
    public bool Takes(IpFamily version) => version == IpFamily.V6 ? IsV6 : !IsV6 || (Local == IpAddress.AnyV6 || Local.IsV4) && Internet.V6(InternetOptions.OnlyV6) == 0;

    public override Result BindTo(SimulatedProcess process, in SocketAddress address)
    {
        Result parsed = Parse(address, out IpAddress local, out ushort port, out int scope, isBind: true);
        if (!parsed.IsOk)
        {
            return parsed;
        }

        // IPv6 looks first whether it has one already, IPv4 last.
        Errno error = IsV6 && HasPlace ? Errno.EINVAL : CheckOwn(local, ref scope);
        error = error != Errno.None ? error
            : NeedsPort && port is > 0 and <= PrivilegedMax && !process.IsPrivileged ? Errno.EACCES
            : HasPlace ? Errno.EINVAL : Errno.None;
        if (error != Errno.None)
        {
            return Result.Fail(error);
        }

        Result taken = TakePort(local, port);
        if (taken.IsOk)
        {
            Local = local;
            IsPortBound = port != 0;
            DeviceIndex = scope != 0 ? scope : DeviceIndex; // a scope confines the socket, as SO_BINDTODEVICE does
            IsAddressBound = !local.IsUnspecified;
        }

        return taken;
    }

    public override SocketAddress LocalAddress() => Tell(Local, Port, NeedsScope(Local) ? DeviceIndex : 0);

    public override SocketAddress PeerAddress() => Remote is { } remote ? Tell(remote, RemotePort, NeedsScope(remote) ? DeviceIndex : 0) : default;

    public override Result SetOption(SimulatedProcess process, int level, int option, ReadOnlySpan<byte> value)
    {
        return level is InternetOptions.LevelV4 || (level == InternetOptions.LevelV6 && IsV6)
            ? Internet.Set(this, level, option, value)
            : base.SetOption(process, level, option, value);
    }

    public override Result GetOption(int level, int option, Span<byte> value)
    {
        if (level is not InternetOptions.LevelV4 && !(level == InternetOptions.LevelV6 && IsV6))
        {
            return base.GetOption(level, option, value);
        }

        Result found = Internet.Get(level, option, out int number);
        return found.IsOk ? Number(value, number) : found;
    }

    /// <summary>Gives the socket a port; 0 for one of the kernel's choice.</summary>
    protected abstract Result TakePort(IpAddress local, ushort port);

    /// <summary>An address as this socket tells it: IPv4 ones of an IPv6 socket are mapped (RFC 4291, section 2.5.5.2).</summary>
    protected SocketAddress Tell(IpAddress address, ushort port, int scope)
    {
        IpAddress told = IsV6 && address.IsV4 ? Mapped(address) : address;
        return SocketAddress.Inet(told, port, (uint)scope);
    }

    /// <summary>Reads an address: EINVAL if it is cut, EAFNOSUPPORT if it is another family's.</summary>
    protected Result Parse(in SocketAddress address, out IpAddress ip, out ushort port, out int scope, bool isBind = false)
    {
        const int SizeMinV6 = 24; // RFC 2133's had no scope
        bool isShort = address.Length < (IsV6 ? SizeMinV6 : 16);
        bool isOther = address.Family != Family && !(isBind && address.Family == AddressFamily.Unspecified && !IsV6);
        ip = default;
        port = 0;
        scope = 0;
        if (isShort || isOther)
        {
            return Result.Fail(isShort ? Errno.EINVAL : Errno.EAFNOSUPPORT);
        }

        ReadOnlySpan<byte> octets = address.Octets;
        port = (ushort)(octets[2] << 8 | octets[3]);
        IpAddress.TryRead(IsV6 ? octets.Slice(8, 16) : octets.Slice(4, 4), out ip);
        scope = IsV6 && octets.Length >= 28 && NeedsScope(ip) ? MemoryMarshal.Read<int>(octets[24..]) : 0;
        if (IsV6 && ip.ToBits() >> 32 == 0xFFFF)
        {
            ip = IpAddress.FromV4((uint)ip.ToBits());
        }

        return Result.Ok();
    }

    /// <summary>What is asked of the routes for a destination.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="source">From which address; null for any.</param>
    /// <param name="linkIndex">A link named with this packet; 0 for none.</param>
    /// <param name="query">The question.</param>
    /// <returns>ENODEV if the link is none.</returns>
    protected Result Query(IpAddress destination, IpAddress? source, int linkIndex, out RouteQuery query)
    {
        int index = linkIndex != 0 ? linkIndex : DeviceIndex; // the packet says more than the socket
        if (index == 0 && destination.IsMulticast)
        {
            index = destination.IsV4 ? Internet.V4(InternetOptions.MulticastLink) : Internet.V6(InternetOptions.MulticastLinkV6);
        }

        SimulatedLink? link = index == 0 ? null : Machine.Network.FindLink(index);
        query = new RouteQuery(destination) { Source = source, OutputLink = link, Mark = (uint)Options[SocketOptions.Mark] };
        bool isForeign = source is { IsV4: true } given && !Machine.Network.IsLocal(given); // which IPv4 looks at first
        return index != 0 && link is null ? Result.Fail(isForeign ? Errno.ENETUNREACH : Errno.ENODEV) : Result.Ok();
    }

    /// <summary>Connecting to an address that many links may have confines the socket to one of them, whatever becomes of it.</summary>
    /// <returns>EINVAL without a link, for connect(2) does not guess, and where the socket is confined to another.</returns>
    protected Result Confine(IpAddress destination, int scope)
    {
        if (!NeedsScope(destination))
        {
            return Result.Ok();
        }

        if (scope != 0 && DeviceIndex != 0 && scope != DeviceIndex)
        {
            return Result.Fail(Errno.EINVAL);
        }

        DeviceIndex = scope != 0 ? scope
            : DeviceIndex == 0 && destination.IsMulticast ? Internet.V6(InternetOptions.MulticastLinkV6) : DeviceIndex;
        return DeviceIndex == 0 ? Result.Fail(Errno.EINVAL) : Result.Ok();
    }

    /// <summary>What nobody in particular stands for: IPv4's own source, or the link's; else the loopback.</summary>
    protected IpAddress Unspecified(IpAddress any, IpAddress? source, int linkIndex)
    {
        if (any.IsV6)
        {
            return IpAddress.FromV6(1);
        }

        IpAddress own = source ?? (Machine.Network.FindLink(linkIndex != 0 ? linkIndex : DeviceIndex) is { } link ? Machine.Internet.FirstAddress(link, any) : any);
        return own.IsUnspecified ? IpAddress.FromV4(127, 0, 0, 1) : own;
    }

    /// <summary>True if an address means something on a link alone (RFC 4007): IPv6's link-local ones, and groups that reach as far.</summary>
    protected static bool NeedsScope(IpAddress address)
    {
        const int LinkScope = 2;
        return address.IsV6 && (address.IsLinkLocal || (address.IsMulticast && (int)(address.ToBits() >> 112 & 15) <= LinkScope));
    }

    /// <summary>A packet for the routes and links, with this socket's options.</summary>
    protected IpPacket Packet(IpAddress source, IpAddress destination, byte protocol, ReadOnlyMemory<byte> payload)
    {
        bool isGroup = destination.IsMulticast;
        int hops = destination.IsV4
            ? Internet.V4(isGroup ? InternetOptions.MulticastTimeToLive : InternetOptions.TimeToLive)
            : Internet.V6(isGroup ? InternetOptions.MulticastHopsV6 : InternetOptions.UnicastHopsV6);
        int discover = destination.IsV4 ? Internet.V4(InternetOptions.MtuDiscover) : 1;
        return new IpPacket(source, destination, protocol, payload)
        {
            HopLimit = (byte)hops,
            TrafficClass = (byte)(destination.IsV4 ? Internet.V4(InternetOptions.TypeOfService) : Internet.V6(InternetOptions.TrafficClassV6)),
            PrefersWhole = discover is 1 or 3,
            DontFragment = discover == 2,
            LoopsBack = (destination.IsV4 ? Internet.V4(InternetOptions.MulticastLoop) : Internet.V6(InternetOptions.MulticastLoopV6)) != 0,
        };
    }

    /// <summary>Writes the control data that was asked for.</summary>
    protected void WriteControl(ref ControlWriter writer, IpPacket packet, bool hasPlace)
    {
        if (packet.IsV4 && Internet.V4(InternetOptions.PacketInfo) != 0)
        {
            // struct in_pktinfo: the link, the address that would answer, the destination.
            Span<byte> info = stackalloc byte[12];
            MemoryMarshal.Write(info, hasPlace ? packet.Link?.Index ?? 0 : 0);
            IpAddress answering = hasPlace ? packet.Destination : IpAddress.AnyV4;
            if (hasPlace && packet.IsForMany && packet.Link is { } link)
            {
                answering = Machine.Internet.FirstAddress(link, packet.Source);
            }

            answering.Write(info[4..]);
            packet.Destination.Write(info[8..]);
            writer.Write(InternetOptions.LevelV4, InternetOptions.PacketInfo, info);
        }

        if (packet.IsV4 && Internet.V4(InternetOptions.ReceiveTimeToLive) != 0)
        {
            WriteNumber(ref writer, InternetOptions.LevelV4, InternetOptions.TimeToLive, packet.HopLimit);
        }

        if (IsV6 && Internet.V6(InternetOptions.ReceivePacketInfoV6) != 0)
        {
            Span<byte> info = stackalloc byte[20];
            (packet.IsV4 ? Mapped(packet.Destination) : packet.Destination).Write(info);
            MemoryMarshal.Write(info[16..], hasPlace ? packet.Link?.Index ?? 0 : 0);
            writer.Write(InternetOptions.LevelV6, InternetOptions.PacketInfoV6, info);
        }

        if (!packet.IsV4 && Internet.V6(InternetOptions.ReceiveHopLimitV6) != 0)
        {
            WriteNumber(ref writer, InternetOptions.LevelV6, InternetOptions.HopLimitV6, packet.HopLimit);
        }
    }

    /// <summary>Lets the filter look at what comes behind the network's header.</summary>
    protected bool PassesFilter(IpPacket packet) => Filter is not { } filter || filter.Run(new BpfPacket(packet.Octets)
    {
        FromNetwork = packet.Original.Span,
        Protocol = packet.IsV4 ? LinkHeader.Ipv4 : LinkHeader.Ipv6,
        InterfaceIndex = packet.Link?.Index ?? 0,
        HardwareType = packet.Link is { } link ? LinkHeader.HardwareType(link) : (ushort)0,
    }) != 0;

    private static void WriteNumber(ref ControlWriter writer, int level, int type, int number) =>
        writer.Write(level, type, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));

    private static IpAddress Mapped(IpAddress address) => IpAddress.FromV6(((UInt128)0xFFFF << 32) | address.ToV4());

    // An address to bind to is the machine's own, or one that many have.
    private Errno CheckOwn(IpAddress local, ref int scope)
    {
        NetworkStack network = Machine.Network;
        if (local.IsUnspecified || (local.IsV4 && Internet.V4(InternetOptions.FreeBind) != 0))
        {
            return Errno.None;
        }

        if (local.IsV4)
        {
            return local.IsMulticast || local == IpAddress.BroadcastV4 || network.IsLocal(local) || local.IsLoopback
                || IsBroadcast(network, local) ? Errno.None : Errno.EADDRNOTAVAIL;
        }

        SimulatedLink? link = null;
        if (local.IsLinkLocal)
        {
            scope = scope != 0 ? scope : DeviceIndex;
            link = network.FindLink(scope);
            if (scope == 0 || link is null)
            {
                return scope == 0 ? Errno.EINVAL : Errno.ENODEV;
            }
        }

        if (local.IsLoopback)
        {
            return DeviceIndex == 0 || DeviceIndex == network.Loopback.Index ? Errno.None : Errno.EADDRNOTAVAIL;
        }

        return local.IsMulticast || IsUsable(network, local, link) ? Errno.None : Errno.EADDRNOTAVAIL;
    }

    private static bool IsBroadcast(NetworkStack network, IpAddress local)
    {
        foreach (InterfaceAddress address in network.Addresses(family: IpFamily.V4))
        {
            if (address.Broadcast == local && !local.IsUnspecified)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUsable(NetworkStack network, IpAddress local, SimulatedLink? link)
    {
        foreach (InterfaceAddress address in network.Addresses(link, IpFamily.V6))
        {
            if (address.Local == local && address.IsUsable)
            {
                return true;
            }
        }

        return false;
    }
}
