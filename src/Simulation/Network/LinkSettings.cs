using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Network;

/// <summary>The values of <see cref="LinkSetting"/>, of a link, of <c>default</c> or of <c>all</c>.</summary>
internal sealed class LinkSettings
{
    private const int Hops = 64;
    private const int Metric = 1024;
    private const int AddressesMax = 16;
    private const int RouterInterval = 4;       // RTR_SOLICITATION_INTERVAL
    private const int RouterIntervalMax = 3600; // MAX_RTR_SOLICITATION_INTERVAL
    private const int RouterDelay = 1;          // MAX_RTR_SOLICITATION_DELAY
    private const int TempValid = 7 * 86_400;
    private const int TempPreferred = 86_400;
    private const int Desync = 600;
    private const int Retries = 3;
    private const int Advance = 2;
    private const int TicksPerSecond = 250; // a time that the kernel keeps in ticks has this bound

    private readonly int[] values;

    /// <summary>What a machine boots with.</summary>
    public LinkSettings() => values = [0, 0, 1, 1, 1, 1, -1, Metric, 0, 1, 1, Hops, 1, 1, 0, 0, 1, 0, AddressesMax,
        RouterInterval, RouterIntervalMax, RouterDelay, TempValid, TempPreferred, Desync, Retries, Advance];

    /// <summary>What a link is born with: those of <c>default</c>; what has no hardware address neither checks addresses nor hides behind
    /// temporary ones.</summary>
    public LinkSettings(LinkSettings defaults, LinkKind kind)
    {
        values = [.. defaults.values];
        if (kind is LinkKind.Loopback or LinkKind.Tun)
        {
            this[LinkSetting.UseTempAddr] = -1;
            this[LinkSetting.AcceptDad] = -1;
        }
    }

    public int this[LinkSetting setting]
    {
        get => values[(int)setting];
        set => values[(int)setting] = value;
    }

    /// <summary>Their files.</summary>
    public static IReadOnlyList<(LinkSetting Setting, string File)> Files { get; } =
    [
        (LinkSetting.DisableIpv6, "disable_ipv6"), (LinkSetting.UseTempAddr, "use_tempaddr"), (LinkSetting.AcceptRa, "accept_ra"),
        (LinkSetting.AcceptRaDefRtr, "accept_ra_defrtr"), (LinkSetting.AcceptRaPinfo, "accept_ra_pinfo"), (LinkSetting.Autoconf, "autoconf"),
        (LinkSetting.RouterSolicitations, "router_solicitations"), (LinkSetting.RaDefRtrMetric, "ra_defrtr_metric"),
        (LinkSetting.Forwarding, "forwarding"), (LinkSetting.AcceptDad, "accept_dad"), (LinkSetting.DadTransmits, "dad_transmits"),
        (LinkSetting.HopLimit, "hop_limit"), (LinkSetting.AcceptRaRtrPref, "accept_ra_rtr_pref"),
        (LinkSetting.AcceptRaMinHopLimit, "accept_ra_min_hop_limit"), (LinkSetting.AcceptRaRtInfoMinPlen, "accept_ra_rt_info_min_plen"),
        (LinkSetting.AcceptRaRtInfoMaxPlen, "accept_ra_rt_info_max_plen"), (LinkSetting.AcceptRaMtu, "accept_ra_mtu"),
        (LinkSetting.AcceptRaMinLft, "accept_ra_min_lft"), (LinkSetting.MaxAddresses, "max_addresses"),
        (LinkSetting.RouterSolicitationInterval, "router_solicitation_interval"),
        (LinkSetting.RouterSolicitationMaxInterval, "router_solicitation_max_interval"),
        (LinkSetting.RouterSolicitationDelay, "router_solicitation_delay"),
        (LinkSetting.TempValidLft, "temp_valid_lft"), (LinkSetting.TempPreferredLft, "temp_prefered_lft"),
        (LinkSetting.MaxDesyncFactor, "max_desync_factor"),
        (LinkSetting.RegenMaxRetry, "regen_max_retry"), (LinkSetting.RegenMinAdvance, "regen_min_advance"),
    ];

    /// <summary>It has 32 bits without a sign, and is not 0.</summary>
    public static bool IsUnsigned(LinkSetting setting) => setting == LinkSetting.RaDefRtrMetric;

    /// <summary>The values that a setting takes.</summary>
    public static (int Min, int Max) RangeOf(LinkSetting setting) => setting switch
    {
        LinkSetting.HopLimit => (1, 255),
        LinkSetting.RouterSolicitations => (-1, int.MaxValue),
        LinkSetting.RouterSolicitationInterval or LinkSetting.RouterSolicitationMaxInterval or LinkSetting.RouterSolicitationDelay
            => (-(int.MaxValue / TicksPerSecond), int.MaxValue / TicksPerSecond),
        _ => (int.MinValue, int.MaxValue),
    };
}
