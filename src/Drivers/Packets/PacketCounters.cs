namespace Spindle.Drivers.Packets;

/// <summary>What became of the packets of a <see cref="PacketSocket"/>.</summary>
public sealed class PacketCounters
{
    /// <summary>Packets taken from the socket.</summary>
    public long Received { get; internal set; }

    /// <summary>Packets that a listener was given.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Packets of links on which nobody listens; dropped.</summary>
    public long Unclaimed { get; internal set; }

    /// <summary>Packets larger than any that is of interest; dropped.</summary>
    public long Oversized { get; internal set; }

    /// <summary>Receive calls that failed for another reason than that nothing is there.</summary>
    public long ReceiveErrors { get; internal set; }

    /// <summary>Packets sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Packets that the kernel would not send.</summary>
    public long SendErrors { get; internal set; }

    /// <summary>Times that the filter was replaced.</summary>
    public long FilterChanges { get; internal set; }
}
