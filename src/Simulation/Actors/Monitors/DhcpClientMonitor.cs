using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds a DHCP client's messages against RFC 2131: forms (table 5), order, times and rates.</summary>
/// <remarks>
/// Our client sends its first retransmissions sooner than section 4.1 says, and says so; what is held against it here is that it
/// doubles its delays, and stays below a rate.
/// </remarks>
internal sealed class DhcpClientMonitor
{
    private const int TransactionsMax = 64;
    private static readonly TimeSpan RepeatDelayMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DeclinePause = TimeSpan.FromSeconds(10); // Section 3.1, step 5.
    private static readonly TimeSpan PoliteRenewal = TimeSpan.FromSeconds(60); // Section 4.4.5.
    private static readonly TimeSpan LongLease = TimeSpan.FromMinutes(16);
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(3); // Three questions of the kernel's for the next hop.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly LinkMonitor link;
    private readonly DhcpMessageForm form;
    private readonly Dictionary<uint, Exchange> exchanges = [];
    private readonly Queue<uint> order = new();
    private readonly RateGauge rate = new(60, TimeSpan.FromSeconds(60));
    private Instant declinedAt = Instant.Zero - TimeSpan.FromDays(1);
    private Lease? lease;
    private uint current;

    private sealed class Exchange
    {
        public Instant SentAt;

        /// <summary>When it may have been sent, as its sender sees it: what is for one host may have waited for that host's address.</summary>
        public Instant FirstRequestAt = Instant.Never;
        public byte SentType;
        public int SentInARow; // of one type, to one or to all
        public ushort DiscoverSeconds;
        public IpAddress Requested;
        public IpAddress Server;
        public bool IsAnswered;
        public bool IsBroadcast;
        public readonly HashSet<(IpAddress Server, IpAddress Address)> Offers = [];
    }

    /// <summary>What the client must think it has; null if that is not sure.</summary>
    private sealed record Lease(IpAddress Address, IpAddress Server, Instant GivenAt, Instant RenewsAt, Instant RebindsAt, TimeSpan Span);

    public DhcpClientMonitor(LinkMonitor link)
    {
        this.link = link;
        form = new DhcpMessageForm(link);
    }

    /// <summary>Addresses that servers gave.</summary>
    public AddressGrants Grants { get; } = new();

    /// <summary>Routes that servers gave.</summary>
    public RouteGrants Routes { get; } = new();

    /// <summary>Messages sent, by type (1 to 8).</summary>
    public long[] Counts { get; } = new long[9];

    public void Restarted()
    {
        rate.Reset();
        lease = null;
        declinedAt = Instant.Zero - TimeSpan.FromDays(1);
    }

    public void Sent(in EthernetFrame frame, in IpDatagram packet, in UdpMessage datagram)
    {
        if (!BootMessage.TryParse(datagram.Payload, out BootMessage message, out string problem))
        {
            link.Violate("DHCP messages are well formed (RFC 2131, section 2)", problem);
            return;
        }

        form.Check(frame, packet, datagram, message);
        byte type = message.Type;
        Counts[type < 9 ? type : 0]++;
        if (rate.Exceeds(link.Now))
        {
            link.Violate("at most 60 DHCP messages a minute", "");
        }

        switch (type)
        {
            case DhcpOptions.Discover:
                CheckPause();
                Note(message, type, true).DiscoverSeconds = message.Seconds;
                break;
            case DhcpOptions.Request:
                SentRequest(packet, message);
                break;
            case DhcpOptions.Decline when message.TryFindAddress(DhcpOptions.RequestedAddress, out IpAddress declined):
                declinedAt = link.Now;
                Grants.Revoke(declined, link.Now);
                lease = null;
                break;
            case DhcpOptions.Release:
                Grants.Revoke(message.ClientAddress, link.Now);
                lease = null;
                break;
        }
    }

    /// <summary>A datagram for port 68 came to the device, or to another one of the machine.</summary>
    public void Received(ReadOnlySpan<byte> octets, bool isElsewhere)
    {
        bool isWhole = BootMessage.TryParse(octets, out BootMessage message, out _);
        if (octets.Length < BootMessage.FixedSize + 4 || message.Size == 0 || message.Operation != BootMessage.Reply
            || message.ClientHardware != link.HardwareAddress)
        {
            return;
        }

        if (message.Type == DhcpOptions.Acknowledge)
        {
            Routes.Add(message);
        }

        if (!exchanges.TryGetValue(message.TransactionId, out Exchange? exchange))
        {
            return;
        }

        message.TryFindAddress(DhcpOptions.ServerIdentifier, out IpAddress server);
        switch (message.Type)
        {
            case DhcpOptions.Offer:
                exchange.Offers.Add((server, message.YourAddress));
                break;
            case DhcpOptions.Acknowledge when message.TryFindSeconds(DhcpOptions.LeaseTime, out TimeSpan span) && span > TimeSpan.Zero:
                Acknowledged(message, exchange, server, span, isWhole && !isElsewhere); // A client need not listen on other links.
                break;
            case DhcpOptions.Refuse:
                lease = null;
                break;
        }
    }

    private void Acknowledged(in BootMessage message, Exchange exchange, IpAddress server, TimeSpan span, bool isWhole)
    {
        Grants.Add(message.YourAddress, link.Now, span);
        if (exchange.IsAnswered || message.TransactionId != current)
        {
            return; // A reply once more, or too late; the client has moved on.
        }

        exchange.IsAnswered = true;
        bool isPlain = isWhole && IsBeyondDoubt(message) && exchange.SentType == DhcpOptions.Request && message.YourAddress == exchange.Requested
            && !server.IsUnspecified && (exchange.Server.IsUnspecified || exchange.Server == server) && !exchange.FirstRequestAt.IsNever;
        TimeSpan renewal = span == TimeSpan.MaxValue ? span : span / 2;
        TimeSpan rebinding = span == TimeSpan.MaxValue ? span : span / 8 * 7;
        bool hasRenewal = message.TryFindSeconds(DhcpOptions.RenewalTime, out TimeSpan saidRenewal);
        bool hasRebinding = message.TryFindSeconds(DhcpOptions.RebindingTime, out TimeSpan saidRebinding);
        renewal = hasRenewal && saidRenewal < renewal ? saidRenewal : renewal;
        rebinding = hasRebinding && saidRebinding < rebinding ? saidRebinding : rebinding;
        lease = isPlain
            ? new(message.YourAddress, server, link.Now, exchange.FirstRequestAt + renewal, exchange.FirstRequestAt + rebinding, span)
            : null;
    }

    /// <summary>False for what a client may refuse: then it is not sure what lease it has.</summary>
    private bool IsBeyondDoubt(in BootMessage message)
    {
        bool isOtherClients = message.Has(DhcpOptions.ClientIdentifier) && message.ClientKey != form.ClientKey;
        bool hasMask = message.TryFindAddress(DhcpOptions.SubnetMask, out IpAddress mask);
        uint hosts = ~mask.ToV4();
        bool isMask = hasMask && (hosts & (hosts + 1)) == 0 && mask.ToV4() >> 24 == 0xFF;
        bool isForEthernet = message.HardwareType == 1 && message.HardwareSize == MacAddress.Size;
        return isForEthernet && !isOtherClients && (isMask || !message.Has(DhcpOptions.SubnetMask));
    }

    private void SentRequest(in IpDatagram packet, in BootMessage message)
    {
        Exchange? earlier = exchanges.GetValueOrDefault(message.TransactionId);
        bool isUnicast = packet.Destination != IpAddress.BroadcastV4;

        // Made before the broadcast, and overtaken by it while it waited for its server's hardware address.
        bool isOvertaken = isUnicast && earlier is { SentType: DhcpOptions.Request, IsBroadcast: true } && link.Now - earlier.SentAt < Resolution;
        bool isNamed = message.TryFindAddress(DhcpOptions.ServerIdentifier, out IpAddress server);
        bool isWished = message.TryFindAddress(DhcpOptions.RequestedAddress, out IpAddress wished);
        if (!message.ClientAddress.IsUnspecified)
        {
            SentExtension(packet, message, earlier, isOvertaken);
            wished = message.ClientAddress;
        }
        else if (isNamed)
        {
            CheckSelection(message, earlier, server, wished);
        }
        else if (isWished)
        {
            CheckPause();
        }
        else
        {
            link.Violate("a REQUEST names an address (RFC 2131, table 4)", "");
        }

        Exchange exchange = isOvertaken ? earlier! : Note(message, DhcpOptions.Request, !isUnicast);
        exchange.Requested = wished;
        exchange.Server = server;
        exchange.FirstRequestAt = Instant.Min(exchange.FirstRequestAt, isUnicast ? link.Now - Resolution : link.Now);
    }

    /// <summary>A REQUEST that takes an offer (section 4.4.1, section 3.1, step 3).</summary>
    private void CheckSelection(in BootMessage message, Exchange? exchange, IpAddress server, IpAddress wished)
    {
        if (exchange is null || !exchange.Offers.Contains((server, wished)))
        {
            link.Violate("a REQUEST takes an offer of the same transaction (RFC 2131, section 4.4.1)", $"{wished} of {server}");
        }
        else if (message.Seconds != exchange.DiscoverSeconds)
        {
            link.Violate("a REQUEST has the seconds of its DISCOVER (RFC 2131, section 3.1, step 3)", $"{message.Seconds}, not {exchange.DiscoverSeconds}");
        }
    }

    /// <summary>A REQUEST that extends a lease (sections 4.3.2 and 4.4.5).</summary>
    private void SentExtension(in IpDatagram packet, in BootMessage message, Exchange? earlier, bool isOvertaken)
    {
        bool isBroadcast = packet.Destination == IpAddress.BroadcastV4;
        if (lease is null || lease.Address != message.ClientAddress || earlier is { IsAnswered: true })
        {
            return; // Not sure what the client knows.
        }

        if (!isBroadcast && link.Now - lease.GivenAt < Resolution)
        {
            return; // Made before the lease was given, perhaps: it may have waited for its server's hardware address.
        }

        if (!isBroadcast && packet.Destination != lease.Server)
        {
            link.Violate("a renewal goes to the server that gave the lease (RFC 2131, section 4.4.5)", $"{packet.Destination}, not {lease.Server}");
        }

        Instant from = isBroadcast ? lease.RebindsAt : lease.RenewsAt;
        if (link.Now + Tolerance < from)
        {
            string rule = isBroadcast ? "no rebinding before T2" : "no renewal before T1";
            link.Violate($"{rule} (RFC 2131, section 4.4.5)", $"{from - link.Now} too soon");
        }

        bool isRepeat = earlier is not null && earlier.SentType == DhcpOptions.Request;
        bool isNewPhase = isBroadcast && earlier is { IsBroadcast: false };
        if (isRepeat && !isNewPhase && !isOvertaken && lease.Span >= LongLease && link.Now - earlier!.SentAt < PoliteRenewal - Resolution - Tolerance)
        {
            link.Violate("renewals are at least a minute apart (RFC 2131, section 4.4.5)", (link.Now - earlier.SentAt).ToString());
        }
    }

    // Those for one host may have waited for its hardware address, and are then sent at once: of them so many must have had the time.
    private void CheckPace(Exchange exchange, byte type)
    {
        bool isTooSoon = exchange.IsBroadcast
            ? link.Now - exchange.SentAt < RepeatDelayMin
            : link.Now - exchange.FirstRequestAt < RepeatDelayMin * exchange.SentInARow;
        if (isTooSoon)
        {
            link.Violate("a message is repeated after a quarter of a second at the soonest", $"type {type}, after {link.Now - exchange.SentAt}");
        }
    }

    private void CheckPause()
    {
        if (link.Now < declinedAt + DeclinePause - Tolerance)
        {
            link.Violate("ten seconds of silence follow a DECLINE (RFC 2131, section 3.1, step 5)", (link.Now - declinedAt).ToString());
        }
    }

    private Exchange Note(in BootMessage message, byte type, bool isBroadcast)
    {
        if (!exchanges.TryGetValue(message.TransactionId, out Exchange? exchange))
        {
            exchanges.Add(message.TransactionId, exchange = new());
            order.Enqueue(message.TransactionId);
            if (order.Count > TransactionsMax)
            {
                exchanges.Remove(order.Dequeue());
            }
        }
        else if (exchange.SentType == type && exchange.IsBroadcast == isBroadcast)
        {
            CheckPace(exchange, type);
        }
        else
        {
            exchange.SentInARow = 0;
        }

        current = message.TransactionId;
        exchange.SentAt = link.Now;
        exchange.SentInARow++;
        exchange.SentType = type;
        exchange.IsBroadcast = isBroadcast;
        exchange.IsAnswered = false;
        return exchange;
    }
}
