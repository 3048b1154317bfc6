using System;
using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What can happen to a <see cref="DhcpClient"/>.</summary>
public enum DhcpInputKind
{
    /// <summary>The deadline, or any other moment.</summary>
    TimePassed,

    /// <summary>An address is wanted; the carrier is there.</summary>
    Started,

    /// <summary>A lease from before a restart of the program is still on the link.</summary>
    Adopted,

    /// <summary>No address is wanted any more; the lease stays with the server.</summary>
    Stopped,

    /// <summary>No address is wanted any more; the server is told.</summary>
    Released,

    /// <summary>The carrier went.</summary>
    CarrierLost,

    /// <summary>The carrier came back, or the machine woke up: the link may be on another network.</summary>
    CarrierReturned,

    /// <summary>A message came for the client's port.</summary>
    MessageReceived,

    /// <summary>Nobody on the link has the address of ProbeAddress.</summary>
    AddressFree,

    /// <summary>Somebody on the link has the address, now or after it was in use.</summary>
    AddressInUse,
}

/// <summary>One thing that happened to a <see cref="DhcpClient"/>.</summary>
public readonly ref struct DhcpInput
{
    /// <summary>What happened.</summary>
    public DhcpInputKind Kind { get; private init; }

    /// <summary>With <see cref="DhcpInputKind.MessageReceived"/>: the message.</summary>
    public DhcpPacket Packet { get; private init; }

    /// <summary>With <see cref="DhcpInputKind.MessageReceived"/>: who sent the frame; zero if unknown.</summary>
    public MacAddress Sender { get; private init; }

    /// <summary>With <see cref="DhcpInputKind.Started"/>: the address remembered from before, or 0.0.0.0.
    /// With AddressFree and AddressInUse: the address.</summary>
    public IpAddress Address { get; private init; }

    /// <summary>With <see cref="DhcpInputKind.Adopted"/>: the lease.</summary>
    public DhcpLease? Lease { get; private init; }

    /// <summary>The deadline, or any other moment.</summary>
    public static DhcpInput TimePassed => default;

    /// <summary>No address is wanted any more; the lease stays with the server.</summary>
    public static DhcpInput Stopped => new() { Kind = DhcpInputKind.Stopped };

    /// <summary>No address is wanted any more; the server is told.</summary>
    public static DhcpInput Released => new() { Kind = DhcpInputKind.Released };

    /// <summary>The carrier went.</summary>
    public static DhcpInput CarrierLost => new() { Kind = DhcpInputKind.CarrierLost };

    /// <summary>The carrier came back, or the machine woke up.</summary>
    public static DhcpInput CarrierReturned => new() { Kind = DhcpInputKind.CarrierReturned };

    /// <summary>An address is wanted.</summary>
    /// <param name="remembered">The address of an earlier lease on this network, or 0.0.0.0.</param>
    public static DhcpInput Started(IpAddress remembered = default) =>
        new() { Kind = DhcpInputKind.Started, Address = remembered };

    /// <summary>A lease from before a restart of the program is still on the link.</summary>
    public static DhcpInput Adopted(DhcpLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new() { Kind = DhcpInputKind.Adopted, Lease = lease };
    }

    /// <summary>A message came for the client's port.</summary>
    public static DhcpInput MessageReceived(DhcpPacket packet, MacAddress sender = default) =>
        new() { Kind = DhcpInputKind.MessageReceived, Packet = packet, Sender = sender };

    /// <summary>Nobody on the link has the address.</summary>
    public static DhcpInput AddressFree(IpAddress address) =>
        new() { Kind = DhcpInputKind.AddressFree, Address = address };

    /// <summary>Somebody on the link has the address.</summary>
    public static DhcpInput AddressInUse(IpAddress address) =>
        new() { Kind = DhcpInputKind.AddressInUse, Address = address };
}
