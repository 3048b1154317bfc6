namespace Spindle.Simulation.Network;

/// <summary>What went through a link, as <c>struct rtnl_link_stats64</c> counts it.</summary>
internal sealed class LinkCounters
{
    public ulong ReceivedPackets { get; set; }

    public ulong SentPackets { get; set; }

    public ulong ReceivedOctets { get; set; }

    public ulong SentOctets { get; set; }

    public ulong ReceiveErrors { get; set; }

    public ulong SendErrors { get; set; }

    public ulong ReceiveDropped { get; set; }

    public ulong SendDropped { get; set; }

    public ulong MulticastReceived { get; set; }
}
