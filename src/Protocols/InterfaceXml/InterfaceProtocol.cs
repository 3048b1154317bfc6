using System;
using System.Collections.Immutable;
using Spindle.Basics;

namespace Spindle.Protocols.InterfaceXml;

/// <summary>How an interface gets its addresses of one family (<c>&lt;protocol family=''&gt;</c>).</summary>
/// <param name="Family">Of every address below.</param>
public sealed record InterfaceProtocol(IpFamily Family)
{
    /// <summary>Ask a DHCP server (<c>&lt;dhcp/&gt;</c>).</summary>
    public bool Dhcp { get; init; }

    /// <summary>Take the resolvers that the DHCP server names (<c>peerdns</c>); null when not said or without DHCP.</summary>
    public bool? PeerDns { get; init; }

    /// <summary>IPv6 stateless address configuration (<c>&lt;autoconf/&gt;</c>); false for IPv4.</summary>
    public bool Autoconf { get; init; }

    /// <summary>Static addresses, in the document's order.</summary>
    public ImmutableArray<InterfaceAddress> Addresses { get; init; } = [];

    /// <summary>The default route's next hop (<c>&lt;route gateway=''/&gt;</c>), if any.</summary>
    public IpAddress? Gateway { get; init; }

    /// <inheritdoc/>
    public bool Equals(InterfaceProtocol? other) => other is not null && Family == other.Family && Dhcp == other.Dhcp
        && PeerDns == other.PeerDns && Autoconf == other.Autoconf && Gateway == other.Gateway
        && Addresses.IsSameAs(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Family, Dhcp, Autoconf, Gateway, Addresses.Length);
}
