using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What a bridge or a bond says of itself beyond what every link has.</summary>
public abstract record LinkDetails;

/// <summary>A bridge.</summary>
/// <param name="IsSpanningTreeOn">It speaks the spanning tree protocol.</param>
/// <param name="ForwardDelayHundredths">How long a port waits until it forwards, in hundredths of a second.</param>
public sealed record BridgeDetails(bool IsSpanningTreeOn, uint ForwardDelayHundredths) : LinkDetails;

/// <summary>A bond.</summary>
/// <param name="Mode">The bonding driver's number: 0 is balance-rr, 1 active-backup, up to 6, balance-alb.</param>
public sealed record BondDetails(byte Mode) : LinkDetails
{
    /// <summary>The port that is used now, or 0.</summary>
    public int ActiveIndex { get; init; }

    /// <summary>How often the ports' carrier is looked at, in milliseconds; 0: never.</summary>
    public uint MiiIntervalMilliseconds { get; init; }

    /// <summary>How long a carrier must last, in milliseconds.</summary>
    public uint UpDelayMilliseconds { get; init; }

    /// <summary>How long a loss must last, in milliseconds.</summary>
    public uint DownDelayMilliseconds { get; init; }

    /// <summary>The carrier is what the driver reports (<c>use_carrier</c>).</summary>
    public bool UsesCarrier { get; init; }

    /// <summary>How often the target is asked for, in milliseconds; 0: never.</summary>
    public uint ArpIntervalMilliseconds { get; init; }

    /// <summary>The first neighbour that is asked for.</summary>
    public IpAddress? ArpTarget { get; init; }

    /// <summary>Whose answers count: bit 0 the active port's, bit 1 the others'.</summary>
    public uint ArpValidation { get; init; }
}
