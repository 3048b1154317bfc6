using Spindle.Basics;

namespace Spindle.Model;

/// <summary>What the kernel says of a link.</summary>
/// <param name="Index">The kernel's number.</param>
/// <param name="Name">Its present name.</param>
/// <param name="Mac">Its address.</param>
public sealed record LinkFacts(int Index, string Name, MacAddress Mac)
{
    /// <summary>True for Ethernet framing (ARPHRD_ETHER).</summary>
    public bool IsEthernet { get; init; } = true;

    /// <summary>The kind of virtual link (<c>veth</c>, <c>bridge</c>, …); empty for hardware.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The kind of device that its driver claims (<c>wlan</c>, <c>wwan</c>, <c>vlan</c>, …); empty if none.</summary>
    public string DeviceType { get; init; } = "";

    /// <summary>The link that this one is a port of; 0: none.</summary>
    public int MasterIndex { get; init; }

    /// <summary>The VLAN number, for links of that kind.</summary>
    public int? VlanId { get; init; }

    /// <summary>The port of a switch chip (DSA).</summary>
    public int? SwitchPort { get; init; }

    /// <summary>Switched on (IFF_UP).</summary>
    public bool IsUp { get; init; }

    /// <summary>The cable is in (IFF_LOWER_UP).</summary>
    public bool HasCarrier { get; init; }

    /// <summary>Octets in a packet at most.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>The ident of the service on this link: <c>ethernet_0123456789ab_cable</c>.</summary>
    public string ServiceIdent
    {
        get
        {
            string port = SwitchPort is { } number ? $"_p{number:x2}" : "";
            string vlan = VlanId is { } id ? $"_{id:x3}" : "";
            return $"ethernet_{Mac.ToIdent()}{port}{vlan}_cable";
        }
    }
}

/// <summary>What the kernel says of an address on a link.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Prefix">The address and its network's length.</param>
public sealed record AddressFacts(int LinkIndex, IpPrefix Prefix)
{
    /// <summary>Set by us: carries our protocol number.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Not usable yet (duplicate address detection runs) or never (a duplicate was found).</summary>
    public bool IsTentative { get; init; }

    /// <summary>Old; kept for open connections.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Made for privacy (RFC 8981).</summary>
    public bool IsTemporary { get; init; }
}
