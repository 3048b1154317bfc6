using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network;

/// <summary>An address of a link. Tables change it; others look.</summary>
internal sealed class InterfaceAddress(SimulatedLink link, IpAddress local, byte prefixLength)
{
    public SimulatedLink Link { get; } = link;

    /// <summary>The machine's own address.</summary>
    public IpAddress Local { get; } = local;

    /// <summary>Bits of the network part.</summary>
    public byte PrefixLength { get; } = prefixLength;

    /// <summary>The other end of a point-to-point link; else the same as <see cref="Local"/>.</summary>
    public IpAddress Peer { get; set; } = local;

    /// <summary>IPv4: the broadcast address; unspecified for none.</summary>
    public IpAddress Broadcast { get; set; } = IpAddress.AnyV4;

    /// <summary>IPv4: the name, as a rule the link's.</summary>
    public string Label { get; set; } = "";

    public RouteScope Scope { get; set; }

    public AddressFlags Flags { get; set; }

    /// <summary>Who has set it (<c>IFA_PROTO</c>); 0 for nobody in particular.</summary>
    public byte Protocol { get; set; }

    /// <summary>Of the routes that it brings; 0 for the usual one.</summary>
    public uint Metric { get; set; }

    /// <summary>Until when it may be used for new connections.</summary>
    public Instant PreferredUntil { get; set; } = Instant.Never;

    /// <summary>Until when it is there.</summary>
    public Instant ValidUntil { get; set; } = Instant.Never;

    public Instant CreatedAt { get; set; }

    public Instant UpdatedAt { get; set; }

    /// <summary>The network it is in: its peer's, where it has one (IPv4).</summary>
    public IpPrefix Network => new IpPrefix(Peer, PrefixLength).Network;

    /// <summary>The network that its own address is in, whoever its peer is (IPv6).</summary>
    public IpPrefix Network6 => new IpPrefix(Local, PrefixLength).Network;

    public bool IsSecondary => (Flags & AddressFlags.Secondary) != 0;

    /// <summary>Made by the kernel beside a public one (RFC 8981).</summary>
    public bool IsTemporary => Local.IsV6 && IsSecondary;

    public bool IsTentative => (Flags & AddressFlags.Tentative) != 0;

    public bool IsDuplicate => (Flags & AddressFlags.DetectionFailed) != 0;

    public bool IsDeprecated => (Flags & AddressFlags.Deprecated) != 0;

    public bool IsPermanent => (Flags & AddressFlags.Permanent) != 0;

    /// <summary>May be the source of packets: it is neither tentative nor somebody else's.</summary>
    public bool IsUsable => !IsTentative && !IsDuplicate;

    /// <summary>Of a temporary address: the one that it was made of, while that is there.</summary>
    public InterfaceAddress? Public { get; set; }

    /// <summary>Of a temporary address: the time has come for the next one, made or not.</summary>
    public bool HasSuccessor { get; set; }

    /// <summary>How many temporary addresses were tried of it, since one has got old.</summary>
    public int TemporaryTries { get; set; }

    /// <summary>When its next lifetime ends.</summary>
    public Alarm? Next { get; set; }

    public override string ToString() => $"{Local}/{PrefixLength}";
}
