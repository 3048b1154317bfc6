namespace Spindle.Simulation.Network.Internet;

/// <summary>What became of packets, as <c>/proc/net/snmp</c> counts it.</summary>
internal sealed class InternetCounters
{
    /// <summary>Headers that are none: broken, cut, or with a wrong checksum.</summary>
    public long HeaderErrors { get; set; }

    /// <summary>Packets for others; this machine is no router.</summary>
    public long NotForUs { get; set; }

    /// <summary>Packets from an address that cannot send any: this machine's own, or a group's.</summary>
    public long Martians { get; set; }

    /// <summary>Packets of protocols that nobody speaks.</summary>
    public long UnknownProtocols { get; set; }

    public long FragmentsReceived { get; set; }

    /// <summary>Fragments whose packet never became whole.</summary>
    public long FragmentsDropped { get; set; }

    public long PacketsReassembled { get; set; }

    /// <summary>ICMP messages with a wrong checksum, or too short.</summary>
    public long IcmpErrors { get; set; }

    /// <summary>Datagrams with a wrong checksum, or too short.</summary>
    public long UdpErrors { get; set; }

    /// <summary>Datagrams for ports where nobody is.</summary>
    public long UdpNoPorts { get; set; }

    /// <summary>Datagrams for which a socket had no room.</summary>
    public long UdpNoRoom { get; set; }

    /// <summary>Segments with a wrong checksum, or too short.</summary>
    public long TcpErrors { get; set; }

    /// <summary>ARP packets that are none.</summary>
    public long ArpErrors { get; set; }

    /// <summary>Neighbours that did not answer.</summary>
    public long NeighborFailures { get; set; }
}
