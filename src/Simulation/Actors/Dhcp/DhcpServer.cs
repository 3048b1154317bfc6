using System;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Dhcp;

/// <summary>A DHCPv4 server on a host (RFC 2131, section 4.3), as good or bad as its settings say.</summary>
internal sealed class DhcpServer
{
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;
    private static readonly TimeSpan OfferHold = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Quarantine = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProbeWait = TimeSpan.FromMilliseconds(500);

    private readonly ActorHost host;
    private readonly ActorContext context;
    private readonly IpStack? remote;

    /// <param name="host">Where it runs, or where the relay runs that passes everything on to it.</param>
    /// <param name="identifier">Its address, which it is known by.</param>
    /// <param name="pool">What it may give; two servers that share one never give an address twice.</param>
    /// <param name="settings">How it behaves.</param>
    /// <param name="remote">The server's own stack if it is behind a relay: unicast requests come there.</param>
    public DhcpServer(ActorHost host, IpAddress identifier, DhcpPool pool, DhcpServerSettings settings, IpStack? remote = null)
    {
        this.host = host;
        this.remote = remote;
        Identifier = identifier;
        Pool = pool;
        Settings = settings;
        Name = host.Name + " dhcp";
        context = host.Context.Fork(Name);
        host.Ip.BindUdp(ServerPort, (in UdpArrival arrival) => Receive(arrival));
        remote?.BindUdp(ServerPort, (in UdpArrival arrival) => Receive(arrival));
        if (settings.ProbesAddresses)
        {
            host.AddTap(NoteUsers);
        }
    }

    public string Name { get; }

    public IpAddress Identifier { get; }

    public DhcpPool Pool { get; }

    public DhcpServerSettings Settings { get; set; }

    /// <summary>What it sent, by message type (1 to 8); 0 counts what is none.</summary>
    public long[] Sent { get; } = new long[9];

    /// <summary>What it heard, by message type.</summary>
    public long[] Heard { get; } = new long[9];

    /// <summary>Declines, with the address.</summary>
    public IpAddress LastDeclined { get; private set; }

    private Instant Now => context.Clock.Now;

    private void Receive(in UdpArrival arrival)
    {
        if (!BootMessage.TryParse(arrival.Payload, out BootMessage message, out _) || message.Operation != BootMessage.Request)
        {
            return;
        }

        byte type = message.Type;
        Heard[type < 9 ? type : 0]++;
        DhcpServerSettings settings = Settings;
        if (settings.IsSilent || (settings.SilencePerMillion != 0 && context.Choices.Mishap(settings.SilencePerMillion)))
        {
            return;
        }

        switch (type)
        {
            case DhcpOptions.Discover:
                Discover(message);
                break;
            case DhcpOptions.Request:
                Request(message, !arrival.Destination.IsMulticast && arrival.Destination != IpAddress.BroadcastV4);
                break;
            case DhcpOptions.Decline when message.TryFindAddress(DhcpOptions.RequestedAddress, out IpAddress declined):
                LastDeclined = declined;
                Pool.Abandon(declined, Now + Quarantine);
                break;
            case DhcpOptions.Release when Pool.Of(message.ClientKey) is { } binding && binding.Address == message.ClientAddress:
                Pool.Release(message.ClientKey, Now);
                break;
            case DhcpOptions.Inform:
                Send(Make(message, DhcpOptions.Acknowledge, default), message);
                break;
        }
    }

    private void Discover(in BootMessage message)
    {
        string client = message.ClientKey;
        message.TryFindAddress(DhcpOptions.RequestedAddress, out IpAddress wished);
        if (Pool.Choose(client, wished, Now) is not { } address)
        {
            return;
        }

        bool isRapid = Settings.DoesRapidCommit && message.Has(DhcpOptions.RapidCommit);
        bool isLeased = Pool.Of(client) is { State: DhcpBindingState.Leased } earlier && earlier.Until > Now;
        if (!isLeased || isRapid)
        {
            TimeSpan span = isRapid ? Settings.LeaseTime : OfferHold;
            DhcpBindingState state = isRapid ? DhcpBindingState.Leased : DhcpBindingState.Offered;
            Pool.TryBind(client, address, state, Now, span);
        }

        BootReply reply = Make(message, isRapid ? DhcpOptions.Acknowledge : DhcpOptions.Offer, address);
        if (isRapid)
        {
            reply.Add(DhcpOptions.RapidCommit);
        }

        if (Settings.ProbesAddresses && !isLeased)
        {
            Probe(address);
            Send(reply, message, ProbeWait, () => Pool.At(address, Now) is { } at && at.ClientKey == client);
        }
        else
        {
            Send(reply, message);
        }
    }

    private void Request(in BootMessage message, bool isUnicast)
    {
        string client = message.ClientKey;
        bool isNamed = message.TryFindAddress(DhcpOptions.ServerIdentifier, out IpAddress server);
        bool isWished = message.TryFindAddress(DhcpOptions.RequestedAddress, out IpAddress wished);
        if (isNamed && server != Identifier)
        {
            if (Pool.Of(client) is { State: DhcpBindingState.Offered })
            {
                Pool.Release(client, Now); // Another server was chosen.
            }
        }
        else if (Settings.RefusesAll)
        {
            Refuse(message);
        }
        else if (isNamed)
        {
            Grant(message, client, wished, isCertain: true);
        }
        else if (isWished)
        {
            Reboot(message, client, wished);
        }
        else if (!message.ClientAddress.IsUnspecified)
        {
            Extend(message, client, isUnicast);
        }
    }

    /// <summary>INIT-REBOOT: silence if nothing is known of the client (RFC 2131, section 4.3.2).</summary>
    private void Reboot(in BootMessage message, string client, IpAddress wished)
    {
        DhcpBinding? own = Pool.Of(client);
        if (!Pool.Network.Contains(wished))
        {
            Refuse(message);
        }
        else if (own is not null || Settings.IsAuthoritative)
        {
            Grant(message, client, wished, isCertain: own is not null && own.Address == wished);
        }
    }

    private void Extend(in BootMessage message, string client, bool isUnicast)
    {
        IpAddress address = message.ClientAddress;
        switch (Settings.Renewal)
        {
            case DhcpRenewalPolicy.Ignore:
            case DhcpRenewalPolicy.IgnoreUnicast when isUnicast:
                break;
            case DhcpRenewalPolicy.Extend:
            case DhcpRenewalPolicy.IgnoreUnicast:
                Grant(message, client, address, isCertain: Pool.Of(client) is { } own && own.Address == address);
                break;
            case DhcpRenewalPolicy.Refuse:
                Pool.Release(client, Now);
                Refuse(message);
                break;
            case DhcpRenewalPolicy.Move:
                Pool.Evict(client, Now + Quarantine);
                Refuse(message);
                break;
            case DhcpRenewalPolicy.AcknowledgeAnother:
                IpAddress another = IpAddress.FromV4(address.ToV4() ^ 1);
                Send(Make(message, DhcpOptions.Acknowledge, another), message);
                break;
        }
    }

    private void Grant(in BootMessage message, string client, IpAddress address, bool isCertain)
    {
        bool mayBe = isCertain || Settings.IsAuthoritative;
        if (mayBe && Pool.TryBind(client, address, DhcpBindingState.Leased, Now, Settings.LeaseTime))
        {
            context.Trace.Note(Name, "leases " + address);
            Send(Make(message, DhcpOptions.Acknowledge, address), message);
        }
        else if (Settings.IsAuthoritative)
        {
            Refuse(message);
        }
    }

    private void Refuse(in BootMessage message)
    {
        BootReply reply = Start(message, DhcpOptions.Refuse);
        reply.Add(DhcpOptions.Message, "no");
        Send(reply, message);
    }

    private BootReply Start(in BootMessage message, byte type)
    {
        BootReply reply = new()
        {
            TransactionId = message.TransactionId,
            Flags = message.Flags,
            Relay = remote is null ? default : host.SourceFor(Pool.First) ?? default,
            ClientHardware = message.ClientHardware,
        };
        reply.Add(DhcpOptions.MessageType, type).Add(DhcpOptions.ServerIdentifier, Identifier);
        if (Settings.EchoesClientIdentifier
            && message.TryFind(DhcpOptions.ClientIdentifier, stackalloc byte[512], out ReadOnlySpan<byte> identifier))
        {
            reply.Add(DhcpOptions.ClientIdentifier, identifier);
        }

        return reply;
    }

    /// <summary>An offer or an acknowledgement (RFC 2131, table 3).</summary>
    private BootReply Make(in BootMessage message, byte type, IpAddress address)
    {
        DhcpServerSettings settings = Settings;
        BootReply reply = Start(message, type);
        reply.YourAddress = address;
        reply.ClientAddress = type == DhcpOptions.Acknowledge ? message.ClientAddress : default;
        if (!address.IsUnspecified)
        {
            reply.Add(DhcpOptions.LeaseTime, settings.LeaseTime);
            AddTime(reply, DhcpOptions.RenewalTime, settings.RenewalTime);
            AddTime(reply, DhcpOptions.RebindingTime, settings.RebindingTime);
        }

        reply.Add(DhcpOptions.SubnetMask, Pool.Network.Netmask);
        reply.Add(DhcpOptions.BroadcastAddress, Pool.Network.Broadcast);
        reply.AddAll(DhcpOptions.Router, settings.Routers);
        reply.AddAll(DhcpOptions.NameServers, settings.NameServers);
        reply.AddAll(DhcpOptions.NtpServers, settings.NtpServers);
        AddText(reply, DhcpOptions.DomainName, settings.DomainName);
        AddText(reply, DhcpOptions.CaptivePortal, settings.CaptivePortalUri);
        if (settings.Mtu != 0)
        {
            reply.Add(DhcpOptions.Mtu, (byte)(settings.Mtu >> 8), (byte)settings.Mtu);
        }

        if (settings.ClasslessRoutes is { } routes)
        {
            reply.Add(DhcpOptions.ClasslessRoutes, routes);
        }

        return reply;
    }

    private static void AddTime(BootReply reply, byte code, TimeSpan? span)
    {
        if (span is { } given)
        {
            reply.Add(code, given);
        }
    }

    private static void AddText(BootReply reply, byte code, string? text)
    {
        if (text is not null)
        {
            reply.Add(code, text);
        }
    }

    private void Send(BootReply reply, in BootMessage message, TimeSpan wait = default, Func<bool>? stillWanted = null)
    {
        DhcpServerSettings settings = Settings;
        bool isLie = settings.Lie != DhcpLie.None
            && (settings.LiePerMillion >= 1_000_000 || context.Choices.Mishap(settings.LiePerMillion));
        DhcpDispatch dispatch = new(
            message.ClientAddress, message.IsBroadcastWanted, message.ClientHardware, reply.Options[0].Value[0], isLie ? settings.Lie : DhcpLie.None);
        DhcpLies.Apply(dispatch.Lie, reply, Identifier, context.Choices);
        byte[] octets = DhcpLies.Spoil(dispatch.Lie, reply.ToArray(), context.Choices);
        TimeSpan delay = wait + context.Choices.Between(settings.DelayMin, settings.DelayMax);
        IpAddress yours = reply.YourAddress;
        context.Clock.Set(Now + delay, () =>
        {
            if (stillWanted?.Invoke() != false)
            {
                Dispatch(dispatch, yours, octets);
            }
        });
        if (settings.RepeatPerMillion != 0 && context.Choices.Mishap(settings.RepeatPerMillion))
        {
            TimeSpan later = context.Choices.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5));
            context.Clock.Set(Now + delay + later, () => Dispatch(dispatch, yours, octets));
        }
    }

    /// <summary>Where a reply goes: RFC 2131, section 4.1.</summary>
    private void Dispatch(in DhcpDispatch reply, IpAddress yours, byte[] octets)
    {
        Sent[reply.Type < 9 ? reply.Type : 0]++;
        IpAddress source = remote is null ? Identifier : host.SourceFor(Pool.First) ?? Identifier;
        if (reply.Type != DhcpOptions.Refuse && !reply.ClientAddress.IsUnspecified)
        {
            if (remote is not null)
            {
                remote.SendUdp(Identifier, ServerPort, reply.ClientAddress, ClientPort, octets);
            }
            else
            {
                host.Ip.SendUdp(source, ServerPort, reply.ClientAddress, ClientPort, octets);
            }

            return;
        }

        bool isBroadcast = reply.Type == DhcpOptions.Refuse || reply.IsBroadcastWanted || yours.IsUnspecified
            || reply.Lie is DhcpLie.BroadcastAlways or DhcpLie.BroadcastAddress or DhcpLie.MulticastAddress;
        IpAddress destination = isBroadcast ? IpAddress.BroadcastV4 : yours;
        Span<byte> packet = host.Ip.MakeUdp(source, ServerPort, destination, ClientPort, octets);
        if (reply.Lie == DhcpLie.NoUdpChecksum)
        {
            packet.Slice(IpDatagram.HeaderSizeV4 + 6, 2).Clear();
        }
        else if (reply.Lie == DhcpLie.WrongUdpChecksum)
        {
            packet[IpDatagram.HeaderSizeV4 + 6] ^= 0x5A;
        }

        host.SendFrame(isBroadcast ? MacAddress.Broadcast : reply.ClientHardware, EtherTypes.Ipv4, packet);
    }

    private void Probe(IpAddress address) =>
        host.SendArp(MacAddress.Broadcast, new(ArpMessage.Request, host.HardwareAddress, default, default, address));

    /// <summary>Whoever answers for an address that is only offered has it already.</summary>
    private bool NoteUsers(in EthernetFrame frame)
    {
        if (frame.EtherType == EtherTypes.Arp && ArpMessage.TryRead(frame.Payload, out ArpMessage arp)
            && arp.Operation == ArpMessage.Reply && Pool.At(arp.Sender, Now) is { State: DhcpBindingState.Offered } binding
            && !binding.ClientKey.EndsWith(arp.SenderHardware.ToIdent(), StringComparison.OrdinalIgnoreCase))
        {
            Pool.Abandon(arp.Sender, Now + Quarantine);
        }

        return false;
    }

    private readonly record struct DhcpDispatch(
        IpAddress ClientAddress, bool IsBroadcastWanted, MacAddress ClientHardware, byte Type, DhcpLie Lie);
}
