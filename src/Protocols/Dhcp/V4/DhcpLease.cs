using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a server has given for a time, checked. Equal if everything in it is.</summary>
public sealed record DhcpLease
{
    /// <summary>Our address with the length of the subnet.</summary>
    public required IpPrefix Address { get; init; }

    /// <summary>The server (option 54).</summary>
    public required IpAddress ServerIdentifier { get; init; }

    /// <summary>Where the acknowledgement came from on the link: the server or its relay; zero if unknown.</summary>
    public MacAddress ServerHardwareAddress { get; init; }

    /// <summary>Routers, best first; empty where option 121 is present, which wins (RFC 3442).</summary>
    public IReadOnlyList<IpAddress> Routers { get; init; } = [];

    /// <summary>Routes of option 121; a default route among them is <see cref="Gateway"/>.</summary>
    public IReadOnlyList<DhcpRoute> ClasslessRoutes { get; init; } = [];

    /// <summary>Name servers, best first.</summary>
    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];

    /// <summary>NTP servers, best first.</summary>
    public IReadOnlyList<IpAddress> NtpServers { get; init; } = [];

    /// <summary>Domain name; null if none was given.</summary>
    public string? DomainName { get; init; }

    /// <summary>Search list (option 119).</summary>
    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    /// <summary>Host name; null if none was given.</summary>
    public string? HostName { get; init; }

    /// <summary>MTU in octets; 0 if none was given.</summary>
    public ushort Mtu { get; init; }

    /// <summary>Broadcast address of the subnet.</summary>
    public required IpAddress Broadcast { get; init; }

    /// <summary>URI of the captive portal's API (RFC 8910); null if none was given.</summary>
    public string? CaptivePortalUri { get; init; }

    /// <summary>URL of a proxy auto-configuration file; null if none was given.</summary>
    public string? ProxyAutoConfigurationUrl { get; init; }

    /// <summary>When the lease began: the moment the request was sent that the server acknowledged
    /// (RFC 2131, section 4.4.1), on the client's clock.</summary>
    public required Instant AcquiredAt { get; init; }

    /// <summary>How long it lasts; <see cref="TimeSpan.MaxValue"/> for ever.</summary>
    public required TimeSpan LeaseTime { get; init; }

    /// <summary>T1, from <see cref="AcquiredAt"/>; <see cref="TimeSpan.MaxValue"/> never.</summary>
    public required TimeSpan RenewalTime { get; init; }

    /// <summary>T2, from <see cref="AcquiredAt"/>; <see cref="TimeSpan.MaxValue"/> never.</summary>
    public required TimeSpan RebindingTime { get; init; }

    /// <summary>What was left out or corrected.</summary>
    public DhcpLeaseDefects Defects { get; init; }

    /// <summary>The server's message, from which <see cref="TryRestore"/> makes this lease again.</summary>
    public ReadOnlyMemory<byte> Acknowledgement { get; init; }

    /// <summary>When it ends; <see cref="Instant.Never"/> if it does not.</summary>
    public Instant ExpiresAt => AcquiredAt + LeaseTime;

    /// <summary>When the client begins to renew.</summary>
    public Instant RenewsAt => AcquiredAt + RenewalTime;

    /// <summary>When the client begins to ask any server.</summary>
    public Instant RebindsAt => AcquiredAt + RebindingTime;

    /// <summary>Router of the default route: that of option 121, else the first of option 3; null if there is none.
    /// It may lie outside of the subnet and then needs a route of its own (<see cref="IsGatewayOnSubnet"/>).</summary>
    public IpAddress? Gateway
    {
        get
        {
            foreach (DhcpRoute route in ClasslessRoutes)
            {
                if (route.Destination.Length == 0)
                {
                    return route.Router;
                }
            }

            return Routers.Count > 0 ? Routers[0] : null;
        }
    }

    /// <summary>True if there is a gateway and the subnet contains it.</summary>
    public bool IsGatewayOnSubnet => Gateway is { } gateway && Address.Contains(gateway);

    /// <summary>True if it has ended.</summary>
    public bool IsExpired(Instant now) => now >= ExpiresAt;

    /// <summary>Makes a lease from a stored acknowledgement.</summary>
    /// <param name="acknowledgement">What <see cref="Acknowledgement"/> held.</param>
    /// <param name="acquiredAt">When the lease began, on the clock that the client runs on.</param>
    /// <param name="lease">The lease; null if false is returned.</param>
    /// <returns>False if the octets are no acknowledgement that the client would follow.</returns>
    public static bool TryRestore(ReadOnlySpan<byte> acknowledgement, Instant acquiredAt, out DhcpLease? lease)
    {
        lease = null;
        return DhcpPacket.TryParse(acknowledgement, out DhcpPacket packet, out _)
            && packet.IsReply && packet.Type == DhcpMessageType.Acknowledge
            && DhcpLeaseReader.TryRead(packet, default, acquiredAt, out lease) == DhcpRefusal.None;
    }

    /// <summary>True if the other lease configures the link in the same way; times and server do not count.</summary>
    public bool HasSameConfiguration(DhcpLease? other) =>
        other is not null
        && Address == other.Address && Broadcast == other.Broadcast && Mtu == other.Mtu
        && HostName == other.HostName && DomainName == other.DomainName
        && CaptivePortalUri == other.CaptivePortalUri
        && ProxyAutoConfigurationUrl == other.ProxyAutoConfigurationUrl
        && Routers.IsSameAs(other.Routers) && ClasslessRoutes.IsSameAs(other.ClasslessRoutes)
        && NameServers.IsSameAs(other.NameServers) && NtpServers.IsSameAs(other.NtpServers)
        && SearchDomains.IsSameAs(other.SearchDomains);

    /// <inheritdoc/>
    public bool Equals(DhcpLease? other) =>
        HasSameConfiguration(other)
        && ServerIdentifier == other!.ServerIdentifier && ServerHardwareAddress == other.ServerHardwareAddress
        && AcquiredAt == other.AcquiredAt && LeaseTime == other.LeaseTime
        && RenewalTime == other.RenewalTime && RebindingTime == other.RebindingTime && Defects == other.Defects
        && Acknowledgement.Span.SequenceEqual(other.Acknowledgement.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, ServerIdentifier, AcquiredAt, LeaseTime);
}
