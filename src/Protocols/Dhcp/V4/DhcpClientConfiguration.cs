using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a client is told once, at its construction.</summary>
public sealed record DhcpClientConfiguration
{
    /// <summary>Our address on the link.</summary>
    public required MacAddress HardwareAddress { get; init; }

    /// <summary>Client identifier (option 61); empty: hardware type 1 and the hardware address. At most
    /// 255 octets.</summary>
    public ReadOnlyMemory<byte> ClientIdentifier { get; init; }

    /// <summary>Host name to tell the server (option 12), at most 255 characters; null: none.</summary>
    public string? HostName { get; init; }

    /// <summary>Vendor class (option 60), at most 255 characters; null: none.</summary>
    public string? VendorClass { get; init; }

    /// <summary>Two messages instead of four where the server can (RFC 4039).</summary>
    public bool RapidCommit { get; init; } = true;

    /// <summary>Look for the address on the link before using it (RFC 5227). The owner answers
    /// <see cref="DhcpOutputKind.ProbeAddress"/> with the inputs AddressFree or AddressInUse.</summary>
    public bool DetectsConflicts { get; init; }

    /// <summary>Without a lease for so long, <see cref="DhcpOutputKind.NoLeaseYet"/> comes out once.</summary>
    public TimeSpan NoLeaseAfter { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The first retransmission. RFC 2131, section 4.1 says 4 s; on the links of today a reply that has not
    /// come after a third of a second is lost, and an early second message costs 300 octets.</summary>
    public TimeSpan RetransmitDelayMin { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest delay between retransmissions (RFC 2131, section 4.1: 64 s).</summary>
    public TimeSpan RetransmitDelayMax { get; init; } = TimeSpan.FromSeconds(64);

    /// <summary>Largest message we take (option 57), in octets: what an Ethernet frame holds.</summary>
    public ushort MaximumMessageSize { get; init; } = 1472;
}
