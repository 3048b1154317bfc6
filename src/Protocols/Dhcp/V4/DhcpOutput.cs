using Spindle.Basics;

namespace Spindle.Protocols.Dhcp.V4;

/// <summary>What a <see cref="DhcpClient"/> wants done, or says.</summary>
public enum DhcpOutputKind
{
    /// <summary>Send the message to all stations, from 0.0.0.0.</summary>
    SendBroadcast,

    /// <summary>Send the message to the server, from our address.</summary>
    SendUnicast,

    /// <summary>Put the lease on the link.</summary>
    LeaseAcquired,

    /// <summary>The lease goes on, perhaps with other content.</summary>
    LeaseRenewed,

    /// <summary>Take the lease off the link.</summary>
    LeaseLost,

    /// <summary>No lease within the time set: do without (RFC 3927) while the client goes on.</summary>
    NoLeaseYet,

    /// <summary>Find out whether somebody on the link has the address (RFC 5227).</summary>
    ProbeAddress,

    /// <summary>A server said something wrong; for the log.</summary>
    MessageRefused,

    /// <summary>The state changed; for the log.</summary>
    StateChanged,
}

/// <summary>Why a lease is lost.</summary>
public enum DhcpLossReason
{
    /// <summary>It ran out.</summary>
    Expired,

    /// <summary>A server refused it (DHCPNAK).</summary>
    Refused,

    /// <summary>Somebody else has the address.</summary>
    Conflict,

    /// <summary>We gave it back.</summary>
    Released,
}

/// <summary>One thing that a <see cref="DhcpClient"/> wants done, or says.</summary>
public readonly record struct DhcpOutput
{
    /// <summary>What it is.</summary>
    public DhcpOutputKind Kind { get; init; }

    /// <summary>With SendBroadcast and SendUnicast: the message.</summary>
    public DhcpMessage? Message { get; init; }

    /// <summary>With SendUnicast: our address.</summary>
    public IpAddress Source { get; init; }

    /// <summary>With SendUnicast: the server.</summary>
    public IpAddress Destination { get; init; }

    /// <summary>With SendUnicast: where the server, or its relay, was last seen on the link; zero if unknown.</summary>
    public MacAddress DestinationHardwareAddress { get; init; }

    /// <summary>With SendUnicast: our address leaves the link next, so the message must not wait for the kernel to look
    /// the server up.</summary>
    public bool IsLast { get; init; }

    /// <summary>With LeaseAcquired, LeaseRenewed and LeaseLost: the lease.</summary>
    public DhcpLease? Lease { get; init; }

    /// <summary>With LeaseLost: why.</summary>
    public DhcpLossReason Reason { get; init; }

    /// <summary>With ProbeAddress: the address. With MessageRefused: the address that was given.</summary>
    public IpAddress Address { get; init; }

    /// <summary>With MessageRefused: why.</summary>
    public DhcpRefusal Refusal { get; init; }

    /// <summary>With MessageRefused: who sent the frame; zero if unknown.</summary>
    public MacAddress Sender { get; init; }

    /// <summary>With StateChanged: the state before.</summary>
    public DhcpClientState From { get; init; }

    /// <summary>With StateChanged: the state now.</summary>
    public DhcpClientState To { get; init; }

    /// <summary>With StateChanged: when something happens next by itself.</summary>
    public Instant NextAt { get; init; }
}
