using Spindle.Basics;

namespace Spindle.Protocols.Arp;

/// <summary>What can happen to an <see cref="AddressConflictDetector"/>.</summary>
public enum AddressConflictInputKind
{
    /// <summary>The deadline, or any other moment.</summary>
    TimePassed,

    /// <summary>An address is to be probed, then announced and watched.</summary>
    ProbeWanted,

    /// <summary>An address is already ours: it is announced and watched, not probed.</summary>
    WatchWanted,

    /// <summary>An ARP packet came.</summary>
    PacketReceived,

    /// <summary>The packet that was to be sent last could not be. A probe counts for nothing then, and is sent again.</summary>
    SendFailed,

    /// <summary>The address is no longer of interest.</summary>
    Stopped,
}

/// <summary>One thing that happened to an <see cref="AddressConflictDetector"/>.</summary>
/// <param name="Kind">What.</param>
/// <param name="Address">With ProbeWanted and WatchWanted: the address.</param>
/// <param name="Packet">With PacketReceived: the packet.</param>
public readonly record struct AddressConflictInput(
    AddressConflictInputKind Kind, IpAddress Address = default, ArpPacket Packet = default)
{
    /// <summary>The deadline, or any other moment.</summary>
    public static AddressConflictInput TimePassed => default;

    /// <summary>The packet that was to be sent last could not be.</summary>
    public static AddressConflictInput SendFailed => new(AddressConflictInputKind.SendFailed);

    /// <summary>The address is no longer of interest.</summary>
    public static AddressConflictInput Stopped => new(AddressConflictInputKind.Stopped);

    /// <summary>An address is to be probed, then announced and watched.</summary>
    public static AddressConflictInput ProbeWanted(IpAddress address) =>
        new(AddressConflictInputKind.ProbeWanted, address);

    /// <summary>An address is already ours.</summary>
    public static AddressConflictInput WatchWanted(IpAddress address) =>
        new(AddressConflictInputKind.WatchWanted, address);

    /// <summary>An ARP packet came, from somebody else than this machine.</summary>
    public static AddressConflictInput PacketReceived(ArpPacket packet) =>
        new(AddressConflictInputKind.PacketReceived, default, packet);
}
