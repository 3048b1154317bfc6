using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What makes an address the same address to the kernel.</summary>
/// <remarks>
/// IPv4: link, local address, prefix length and the network of the peer; two of these may differ in any one. IPv6: link
/// and address alone; prefix length and peer may change.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressKey
{
    private readonly UInt128 local;
    private readonly uint peer;
    private readonly int interfaceIndex;
    private readonly byte length;
    private readonly IpFamily family;

    internal AddressKey(in Address address)
    {
        local = address.Local.ToBits();
        interfaceIndex = address.InterfaceIndex;
        family = address.Local.Family;
        if (family == IpFamily.V4)
        {
            peer = address.Peer.ToV4();
            length = address.PrefixLength;
        }
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex => interfaceIndex;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(local, peer, interfaceIndex, length);
}
