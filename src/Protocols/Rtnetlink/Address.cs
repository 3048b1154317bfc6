using System;
using System.Runtime.InteropServices;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>An address on a link as the kernel describes it in RTM_NEWADDR.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Address
{
    /// <summary>A lifetime without end, in seconds.</summary>
    public const uint Forever = uint.MaxValue;

    // Compact on purpose: there may be ten thousands of them.
    private readonly UInt128 local;
    private readonly UInt128 peer;
    private readonly uint broadcast;
    private readonly IpFamily family;

    /// <summary>An address that lives for ever.</summary>
    public Address()
    {
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Our end. Setting it makes it the peer too, as it is on links that are not point-to-point.</summary>
    public IpAddress Local
    {
        get => From(local);
        init
        {
            family = value.Family;
            local = value.ToBits();
            peer = local;
        }
    }

    /// <summary>The other end of a point-to-point link; else <see cref="Local"/> again. Set after it.</summary>
    public IpAddress Peer
    {
        get => From(peer);
        init => peer = value.ToBits();
    }

    /// <summary>Bits of the network part of <see cref="Peer"/>, 0 to 32 or 128.</summary>
    public byte PrefixLength { get; init; }

    /// <summary>IPv4: the broadcast address, or 0.0.0.0 for none.</summary>
    public IpAddress Broadcast
    {
        get => IpAddress.FromV4(broadcast);
        init => broadcast = value.ToV4();
    }

    /// <summary>How far it reaches.</summary>
    public Scope Scope { get; init; }

    /// <summary>Its flags.</summary>
    public AddressFlags Flags { get; init; }

    /// <summary>Seconds that it stays, from when this was said, or <see cref="Forever"/>.</summary>
    public uint ValidSeconds { get; init; } = Forever;

    /// <summary>Seconds that it is used for new connections, from when this was said, or <see cref="Forever"/>.</summary>
    public uint PreferredSeconds { get; init; } = Forever;

    /// <summary>Who made it (<c>IFA_PROTO</c>): 0 unknown, 1 kernel loopback, 2 kernel by RA, 3 kernel link-local.</summary>
    public byte Protocol { get; init; }

    /// <summary>Metric of the route to its prefix, or 0 for the kernel's own choice.</summary>
    public uint RouteMetric { get; init; }

    /// <summary>IPv4: its label, the link's name or that with <c>:something</c>; empty if none.</summary>
    public string Label { get => field ?? ""; init; } = "";

    /// <summary>Our end with the length of its network.</summary>
    public IpPrefix Prefix => new(Local, PrefixLength);

    /// <summary>What makes it the same address to the kernel.</summary>
    public AddressKey Key => new(this);

    /// <summary>True if both are the same but for the seconds that are left.</summary>
    public bool IsSameButLifetimes(in Address other) =>
        this with { ValidSeconds = other.ValidSeconds, PreferredSeconds = other.PreferredSeconds } == other;

    private IpAddress From(UInt128 bits) =>
        family == IpFamily.V4 ? IpAddress.FromV4((uint)bits) : IpAddress.FromV6(bits);
}
