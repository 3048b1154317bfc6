using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>Turns an offer or acknowledgement into a lease, or says why it is refused.</summary>
internal ref struct DhcpLeaseReader
{
    private const int AddressesMax = 16;
    private const ushort MtuMin = 576;
    private static readonly TimeSpan LeaseTimeMin = TimeSpan.FromSeconds(10);

    private readonly DhcpPacket packet;
    private readonly Span<byte> scratch;
    private IpPrefix address;
    private DhcpLeaseDefects defects;

    private DhcpLeaseReader(DhcpPacket packet, Span<byte> scratch)
    {
        this.packet = packet;
        this.scratch = scratch;
    }

    /// <summary>Reads and checks the whole lease.</summary>
    public static DhcpRefusal TryRead(
        DhcpPacket packet, MacAddress serverHardwareAddress, Instant acquiredAt, out DhcpLease? lease)
    {
        lease = null;
        DhcpLeaseReader reader = new(packet, new byte[packet.Octets.Length]);
        DhcpRefusal refusal = reader.CheckAddress(out IpAddress server);
        if (refusal != DhcpRefusal.None)
        {
            return refusal;
        }

        if (!reader.TryReadSeconds(DhcpOptionCode.LeaseTime, out TimeSpan leaseTime) || leaseTime == TimeSpan.Zero)
        {
            return DhcpRefusal.LeaseTimeInvalid;
        }

        lease = reader.Read(server, serverHardwareAddress, acquiredAt, leaseTime);
        return DhcpRefusal.None;
    }

    /// <summary>Checks what an offer must have: a server, an address that a host can bear, and a time (section 4.3.1, MUST).</summary>
    public static DhcpRefusal CheckOffer(DhcpPacket packet, out IpAddress server)
    {
        DhcpLeaseReader reader = new(packet, stackalloc byte[512]);
        DhcpRefusal refusal = reader.CheckAddress(out server);
        return refusal != DhcpRefusal.None ? refusal
            : reader.TryReadSeconds(DhcpOptionCode.LeaseTime, out TimeSpan leaseTime) && leaseTime != TimeSpan.Zero ? DhcpRefusal.None
            : DhcpRefusal.LeaseTimeInvalid;
    }

    /// <summary>Checks option 54.</summary>
    public static DhcpRefusal CheckServer(DhcpPacket packet, out IpAddress server)
    {
        server = default;
        if (!packet.TryGetOption(DhcpOptionCode.ServerIdentifier, stackalloc byte[512], out ReadOnlySpan<byte> value))
        {
            return DhcpRefusal.ServerIdentifierMissing;
        }

        return value.Length == 4 && IpAddress.TryRead(value, out server) && IsHost(server) && !server.IsLoopback
            ? DhcpRefusal.None
            : DhcpRefusal.ServerIdentifierInvalid;
    }

    private DhcpRefusal CheckAddress(out IpAddress server)
    {
        DhcpRefusal refusal = CheckServer(packet, out server);
        IpAddress yours = packet.YourAddress;
        if (refusal == DhcpRefusal.None)
        {
            refusal = yours.IsUnspecified ? DhcpRefusal.AddressMissing
                : yours.IsLoopback ? DhcpRefusal.AddressLoopback
                : yours.IsMulticast ? DhcpRefusal.AddressMulticast
                : !IsHost(yours) ? DhcpRefusal.AddressReserved
                : yours == server ? DhcpRefusal.AddressOfServer
                : DhcpRefusal.None;
        }

        if (refusal != DhcpRefusal.None)
        {
            return refusal;
        }

        if (!TryReadNetmask(out byte length))
        {
            return DhcpRefusal.NetmaskInvalid;
        }

        address = new(yours, length);
        return DhcpRouteReader.IsHostOf(address, yours) ? DhcpRefusal.None : DhcpRefusal.AddressNotAHost;
    }

    private bool TryReadNetmask(out byte length)
    {
        if (!packet.TryGetOption(DhcpOptionCode.SubnetMask, scratch, out ReadOnlySpan<byte> value))
        {
            defects |= DhcpLeaseDefects.NetmaskMissing;
            uint bits = packet.YourAddress.ToV4();
            length = bits < 0x8000_0000 ? (byte)8 : bits < 0xC000_0000 ? (byte)16 : (byte)24;
            return true;
        }

        length = 0;
        return value.Length == 4 && IpAddress.TryRead(value, out IpAddress netmask)
            && IpPrefix.TryLengthOfNetmask(netmask, out length) && length >= 8;
    }

    private DhcpLease Read(
        IpAddress server, MacAddress serverHardwareAddress, Instant acquiredAt, TimeSpan leaseTime)
    {
        if (leaseTime < LeaseTimeMin)
        {
            leaseTime = LeaseTimeMin;
            defects |= DhcpLeaseDefects.LeaseTimeRaised;
        }

        ReadRenewalTimes(leaseTime, out TimeSpan renewal, out TimeSpan rebinding);
        bool hasClassless = TryReadRoutes(out IReadOnlyList<DhcpRoute> routes);
        IReadOnlyList<IpAddress> routers = hasClassless
            ? []
            : DhcpRouteReader.Sort(
                ReadHosts(DhcpOptionCode.Router, DhcpLeaseDefects.RouterInvalid), address, ref defects);
        return new()
        {
            Address = address,
            ServerIdentifier = server,
            ServerHardwareAddress = serverHardwareAddress,
            ClasslessRoutes = routes,
            Routers = routers,
            NameServers = ReadHosts(DhcpOptionCode.DomainNameServer, DhcpLeaseDefects.NameServerInvalid),
            NtpServers = ReadHosts(DhcpOptionCode.NtpServers, DhcpLeaseDefects.NtpServerInvalid),
            DomainName = ReadName(DhcpOptionCode.DomainName, DhcpLeaseDefects.DomainNameInvalid),
            HostName = ReadName(DhcpOptionCode.HostName, DhcpLeaseDefects.HostNameInvalid),
            SearchDomains = ReadSearchDomains(),
            Mtu = ReadMtu(),
            Broadcast = ReadBroadcast(),
            CaptivePortalUri = ReadUri(DhcpOptionCode.CaptivePortal, DhcpLeaseDefects.CaptivePortalInvalid),
            ProxyAutoConfigurationUrl =
                ReadUri(DhcpOptionCode.ProxyAutoConfiguration, DhcpLeaseDefects.ProxyAutoConfigurationInvalid),
            AcquiredAt = acquiredAt,
            LeaseTime = leaseTime,
            RenewalTime = renewal,
            RebindingTime = rebinding,
            Acknowledgement = packet.Octets.ToArray(),
            Defects = defects,
        };
    }

    private void ReadRenewalTimes(TimeSpan leaseTime, out TimeSpan renewal, out TimeSpan rebinding)
    {
        if (leaseTime == TimeSpan.MaxValue)
        {
            renewal = rebinding = TimeSpan.MaxValue;
            return;
        }

        TimeSpan renewalDefault = leaseTime / 2;
        TimeSpan rebindingDefault = leaseTime * 7 / 8;
        bool hasRenewal = TryReadSeconds(DhcpOptionCode.RenewalTime, out renewal);
        bool hasRebinding = TryReadSeconds(DhcpOptionCode.RebindingTime, out rebinding);
        renewal = hasRenewal ? renewal : renewalDefault;
        rebinding = hasRebinding ? rebinding : rebindingDefault;
        if (renewal > TimeSpan.Zero && renewal < rebinding && rebinding < leaseTime)
        {
            return;
        }

        renewal = renewalDefault;
        rebinding = rebindingDefault;
        defects |= DhcpLeaseDefects.RenewalTimesInvalid;
    }

    private IReadOnlyList<IpAddress> ReadHosts(DhcpOptionCode code, DhcpLeaseDefects defect)
    {
        if (!packet.TryGetOption(code, scratch, out ReadOnlySpan<byte> value))
        {
            return [];
        }

        List<IpAddress> hosts = [];
        defects |= value.Length % 4 != 0 || value.IsEmpty ? defect : DhcpLeaseDefects.None;
        for (; value.Length >= 4 && hosts.Count < AddressesMax; value = value[4..])
        {
            IpAddress.TryRead(value[..4], out IpAddress host);
            if (!IsHost(host) || host.IsLoopback)
            {
                defects |= defect;
            }
            else if (!hosts.Contains(host))
            {
                hosts.Add(host);
            }
        }

        return hosts;
    }

    private bool TryReadRoutes(out IReadOnlyList<DhcpRoute> routes)
    {
        routes = [];
        return packet.TryGetOption(DhcpOptionCode.ClasslessStaticRoute, scratch, out ReadOnlySpan<byte> value)
            && DhcpRouteReader.TryRead(value, address, ref defects, out routes);
    }

    private string? ReadName(DhcpOptionCode code, DhcpLeaseDefects defect)
    {
        if (!packet.TryGetOption(code, scratch, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        if (DomainNameText.TryRead(value, out string name))
        {
            return name;
        }

        defects |= defect;
        return null;
    }

    private IReadOnlyList<string> ReadSearchDomains()
    {
        if (!packet.TryGetOption(DhcpOptionCode.DomainSearch, scratch, out ReadOnlySpan<byte> value))
        {
            return [];
        }

        if (!DomainNameText.TryReadSearchList(value, out string[] names))
        {
            defects |= DhcpLeaseDefects.DomainSearchMalformed;
        }

        return names;
    }

    private string? ReadUri(DhcpOptionCode code, DhcpLeaseDefects defect)
    {
        if (!packet.TryGetOption(code, scratch, out ReadOnlySpan<byte> value))
        {
            return null;
        }

        if (DomainNameText.TryReadUri(value, out string uri))
        {
            return uri;
        }

        defects |= defect;
        return null;
    }

    private ushort ReadMtu()
    {
        if (!packet.TryGetOption(DhcpOptionCode.InterfaceMtu, scratch, out ReadOnlySpan<byte> value))
        {
            return 0;
        }

        if (value.Length == 2 && BinaryPrimitives.ReadUInt16BigEndian(value) >= MtuMin)
        {
            return BinaryPrimitives.ReadUInt16BigEndian(value);
        }

        defects |= DhcpLeaseDefects.MtuInvalid;
        return 0;
    }

    private IpAddress ReadBroadcast()
    {
        if (packet.TryGetOption(DhcpOptionCode.BroadcastAddress, scratch, out ReadOnlySpan<byte> value)
            && (value.Length != 4 || BinaryPrimitives.ReadUInt32BigEndian(value) != address.Broadcast.ToV4()))
        {
            defects |= DhcpLeaseDefects.BroadcastInvalid;
        }

        return address.Broadcast;
    }

    private readonly bool TryReadSeconds(DhcpOptionCode code, out TimeSpan span)
    {
        span = default;
        if (!packet.TryGetOption(code, scratch, out ReadOnlySpan<byte> value) || value.Length != 4)
        {
            return false;
        }

        uint seconds = BinaryPrimitives.ReadUInt32BigEndian(value);
        span = seconds == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>True unless it is of 0/8, a group, or of 240/4 with the limited broadcast.</summary>
    internal static bool IsHost(IpAddress address) => address.ToV4() is >= 0x0100_0000 and < 0xE000_0000;
}
