using Spindle.Basics;

namespace Spindle.Protocols.Arp;

/// <summary>What an <see cref="AddressConflictDetector"/> wants done, or says.</summary>
public enum AddressConflictOutputKind
{
    /// <summary>Send the packet to all stations.</summary>
    Send,

    /// <summary>Nobody has the address: it may be used from now on.</summary>
    AddressFree,

    /// <summary>Somebody has the address that was probed; the detector is idle.</summary>
    AddressInUse,

    /// <summary>Somebody claimed our address; we stay, and have said so.</summary>
    AddressDefended,

    /// <summary>Somebody claims our address and we give it up; the detector is idle.</summary>
    AddressLost,
}

/// <summary>One thing that an <see cref="AddressConflictDetector"/> wants done, or says.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">The address that is meant.</param>
/// <param name="Packet">With Send: the packet.</param>
/// <param name="Rival">With AddressInUse, AddressDefended and AddressLost: who has it.</param>
public readonly record struct AddressConflictOutput(
    AddressConflictOutputKind Kind, IpAddress Address, ArpPacket Packet = default, MacAddress Rival = default);
