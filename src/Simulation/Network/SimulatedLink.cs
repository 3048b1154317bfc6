using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>A network device of the simulated machine.</summary>
/// <remarks>Its settings are changed by netlink or by the functions of <see cref="NetworkStack"/>, which tell who listens.</remarks>
internal sealed class SimulatedLink : IStation
{
    /// <summary>RFC 4861, section 10: REACHABLE_TIME.</summary>
    public const uint ReachableByDefault = 30_000;

    /// <summary>RFC 4861, section 10: RETRANS_TIMER.</summary>
    public const uint RetransByDefault = 1000;

    private readonly NetworkStack stack;
    private ICable? cable;

    internal SimulatedLink(NetworkStack stack, int index, string name, LinkKind kind, MacAddress address)
    {
        this.stack = stack;
        Index = index;
        Name = name;
        Kind = kind;
        MacAddress = address;
        Mtu = Ipv6Mtu = LinkDefaults.Mtu(kind);
        Settings = new LinkSettings(stack.SettingsByDefault, kind);
    }

    internal NetworkStack Stack => stack;

    public int Index { get; }

    public string Name { get; internal set; }

    public LinkKind Kind { get; }

    public MacAddress MacAddress { get; internal set; }

    /// <summary>The one it was born with; zero if that was nobody's choice.</summary>
    public MacAddress PermanentMacAddress { get; init; }

    /// <summary>As netlink tells them: <see cref="LinkFlags.Running"/> and <see cref="LinkFlags.LowerUp"/> follow the carrier.</summary>
    public LinkFlags Flags => LinkDefaults.Flags(Kind)
        | (IsUp ? LinkFlags.Up : 0)
        | (IsUp && HasCarrier ? LinkFlags.LowerUp : 0)
        | (IsRunning ? LinkFlags.Running : 0)
        | (WantsAll ? LinkFlags.Promiscuous : 0)
        | (WantsAllMulticast ? LinkFlags.AllMulticast : 0);

    /// <summary>What the driver says of the line.</summary>
    public bool HasCarrier { get; internal set; }

    /// <summary>RFC 2863's state as the machine has noticed it, which is a moment after the carrier.</summary>
    public OperationalState State { get; internal set; }

    /// <summary>How often the carrier came.</summary>
    public uint CarrierUps { get; internal set; }

    /// <summary>How often the carrier went.</summary>
    public uint CarrierDowns { get; internal set; }

    /// <summary>IFLA_INET6_ADDR_GEN_MODE.</summary>
    public byte GenerationMode { get; internal set; }

    /// <summary>Its IPv6 settings; <see cref="NetworkStack.Set"/> changes them.</summary>
    public LinkSettings Settings { get; internal set; }

    /// <summary>IPv6 is switched off by its setting.</summary>
    public bool IsV6Disabled => Settings[LinkSetting.DisableIpv6] != 0;

    /// <summary>It can speak IPv4: its MTU is not below 68 (RFC 791).</summary>
    public bool HasV4 { get; internal set; } = true;

    /// <summary>It can speak IPv6: of the links with too small an MTU the loopback alone.</summary>
    public bool HasV6 { get; internal set; } = true;

    /// <summary>Its IPv6 side has been set up since it was switched on.</summary>
    internal bool SpeaksV6 { get; set; }

    internal bool HasPendingState { get; set; }

    /// <summary>It is being removed.</summary>
    internal bool IsLeaving { get; set; }

    internal List<InterfaceAddress> Addresses4 { get; } = [];

    internal List<InterfaceAddress> Addresses6 { get; } = [];

    public uint Mtu { get; internal set; }

    /// <summary>The longest packet of IPv6: routers may want it shorter than <see cref="Mtu"/>.</summary>
    public uint Ipv6Mtu { get; internal set; }

    /// <summary>Until when a neighbour that has answered counts as there, on average (RFC 4861, section 6.3.2): routers say so.</summary>
    public uint ReachableMilliseconds { get; internal set; } = ReachableByDefault;

    /// <summary>Between two questions to a neighbour: routers say so.</summary>
    public uint RetransMilliseconds { get; internal set; } = RetransByDefault;

    /// <summary>By how many seconds its temporary addresses are preferred less long than they may be (RFC 8981, section 3.8:
    /// DESYNC_FACTOR); null until it was drawn.</summary>
    internal uint? DesyncSeconds { get; set; }

    /// <summary>The bridge it is a port of.</summary>
    public SimulatedLink? Master { get; internal set; }

    /// <summary>The other end of a veth pair; the link under a VLAN.</summary>
    public SimulatedLink? Peer { get; internal set; }

    /// <summary>Of a VLAN.</summary>
    public ushort VlanId { get; init; }

    public LinkCounters Counters { get; } = new();

    /// <summary>False once it was removed.</summary>
    public bool IsPresent { get; internal set; } = true;

    /// <summary>An administrator wants it to work (IFF_UP).</summary>
    public bool IsUp { get; internal set; }

    /// <summary>Up, and the machine knows of nothing that would keep it from working (IFF_RUNNING).</summary>
    public bool IsRunning => IsUp && (State is OperationalState.Up or OperationalState.Unknown);

    /// <summary>How many ask for all frames (packet sockets, the bridge); told through <see cref="NetworkStack"/>.</summary>
    public int Promiscuity { get; internal set; }

    public int AllMulticast { get; internal set; }

    /// <summary>An administrator has set IFF_PROMISC, which flags show; what packet sockets ask for they do not.</summary>
    public bool WantsAll { get; internal set; }

    public bool WantsAllMulticast { get; internal set; }

    /// <summary>What came in, from the cable or from the other end; asked only while the link is up.</summary>
    public event FrameHandler? Received;

    /// <summary>What went out, by whomever; packet sockets see their machine's own frames.</summary>
    public event FrameHandler? Sent;

    /// <summary>What the plug is in. Setting it is plugging in, null pulls it out.</summary>
    public ICable? Cable
    {
        get => cable;
        set
        {
            cable = value;
            stack.CarrierMayHaveChanged(this);
        }
    }

    /// <summary>What takes frames of a tap or tun device, in place of a cable; setting it is a carrier.</summary>
    public FrameHandler? Program
    {
        get;
        set
        {
            field = value;
            stack.CarrierMayHaveChanged(this);
        }
    }

    /// <summary>A tunnel's link that stays when its program goes (TUNSETPERSIST).</summary>
    public bool IsPersistent { get; set; }

    /// <summary>Sends a frame, from the destination's address on. One that the link cannot take now is lost, and counted.</summary>
    public void Transmit(ReadOnlySpan<byte> frame)
    {
        if (!IsUp || !HasCarrier)
        {
            Counters.SendDropped++;
            return;
        }

        Counters.SentPackets++;
        Counters.SentOctets += (ulong)frame.Length;
        Sent?.Invoke(this, frame);
        stack.Wires.Carry(this, frame);
    }

    /// <inheritdoc/>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        if (!IsUp)
        {
            Counters.ReceiveDropped++;
            return;
        }

        Counters.ReceivedPackets++;
        Counters.ReceivedOctets += (ulong)frame.Length;
        Counters.MulticastReceived += frame.Length > 0 && (frame[0] & 1) != 0 ? 1u : 0u;
        Received?.Invoke(this, frame);
        stack.Wires.Arrived(this, frame);
    }

    /// <summary>IPv6 is set up as if the link were new.</summary>
    internal void ForgetV6()
    {
        Settings = new LinkSettings(stack.SettingsByDefault, Kind);
        ReachableMilliseconds = ReachableByDefault;
        RetransMilliseconds = RetransByDefault;
        DesyncSeconds = null;
    }

    /// <inheritdoc/>
    public void CarrierChanged(bool isUp) => stack.CarrierMayHaveChanged(this);

    public override string ToString() => $"{Index}: {Name}";
}
