using System;
using System.Collections.Generic;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds a resolver's queries against RFC 1035 and RFC 5452.</summary>
internal sealed class DnsMonitor(LinkMonitor link)
{
    private const int Sample = 64;
    private const int DistinctMin = 48;

    private readonly HashSet<ushort> ports = [];
    private readonly HashSet<ushort> ids = [];
    private readonly RateGauge rate = new(600, TimeSpan.FromSeconds(60));
    private int sampled;

    public long Queries { get; private set; }

    public void Restarted() => rate.Reset();

    public void Sent(in IpDatagram packet, in UdpMessage datagram)
    {
        Queries++;
        if (!DnsInquiry.TryRead(datagram.Payload, out DnsInquiry inquiry, out string problem))
        {
            link.Violate("queries are well formed (RFC 1035, section 4.1)", problem);
            return;
        }

        if (!inquiry.IsRecursionDesired || inquiry.Class != 1)
        {
            link.Violate("a stub asks for recursion, in class IN (RFC 1035, section 4.1.1)", inquiry.ToString());
        }

        if (inquiry.Name.Length == 0)
        {
            link.Violate("a query has a name", $"from {packet.Source}");
        }

        if (rate.Exceeds(link.Now))
        {
            link.Violate("at most 600 queries a minute", "");
        }

        CheckSpread(datagram.SourcePort, inquiry.Id);
    }

    /// <summary>Ports and ids must not be guessable (RFC 5452, section 9.2): of 64 most are different.</summary>
    private void CheckSpread(ushort port, ushort id)
    {
        ports.Add(port);
        ids.Add(id);
        if (++sampled < Sample)
        {
            return;
        }

        if (ports.Count < DistinctMin || ids.Count < DistinctMin)
        {
            link.Violate("ports and ids of queries vary (RFC 5452, section 9.2)", $"{ports.Count} ports, {ids.Count} ids in {Sample}");
        }

        ports.Clear();
        ids.Clear();
        sampled = 0;
    }
}
