using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Asks for routers: when a link's first link-local address may be used, and again after ever longer pauses for as long as
/// none answers (RFC 7559).</summary>
/// <remarks>
/// As Linux 6.18 does: once it stops, for want of an address, because advertisements are not accepted, or because
/// <see cref="LinkSetting.RouterSolicitations"/> is reached, only a new link-local address begins again; a lost carrier changes nothing; what has
/// answered counts until the link is switched off.
/// </remarks>
internal sealed class RouterSolicitations
{
    private const byte Solicitation = 133;
    private const byte HopLimit = 255;
    private const int HeaderSize = 16;
    private const uint Million = 1_000_000;
    private const uint Spread = 100_000; // RFC 7559, section 2: RAND is up to a tenth

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(4); // no timer waits for less
    private static readonly IpAddress AllRouters = IpAddress.Parse("ff02::2");

    private readonly NetworkStack network;
    private readonly Dictionary<SimulatedLink, Series> all = [];

    public RouterSolicitations(NetworkStack network)
    {
        this.network = network;
        network.AddressSettled += Begin;
        network.Ipv6Ended += End;
        network.LinkRemoved += End;
    }

    /// <summary>A router has been heard on the link.</summary>
    public void Answered(SimulatedLink link)
    {
        if (all.TryGetValue(link, out Series? series))
        {
            series.IsAnswered = true;
            series.Next.Cancel();
        }
    }

    private void Begin(InterfaceAddress address)
    {
        SimulatedLink link = address.Link;
        bool isFirst = address.Local is { IsV6: true, IsLinkLocal: true } && link.Kind != LinkKind.Loopback
            && !link.Addresses6.Exists(other => other != address && other.Local.IsLinkLocal && other.IsUsable);
        if (!isFirst || !RouterAdvertisements.Accepts(link) || link.Settings[LinkSetting.RouterSolicitations] == 0)
        {
            return;
        }

        if (!all.TryGetValue(link, out Series? series))
        {
            all[link] = series = new Series(network.Machine.Monotonic, one => Again(link, one));
        }

        series.Sent = 1;
        series.Pause = Around(Seconds(link, LinkSetting.RouterSolicitationInterval));
        Send(link, address.Local);
        Wait(series, series.Pause);
    }

    private void End(SimulatedLink link)
    {
        if (all.Remove(link, out Series? series))
        {
            series.Next.Cancel();
        }
    }

    private void Again(SimulatedLink link, Series series)
    {
        int max = link.Settings[LinkSetting.RouterSolicitations];
        bool goesOn = link.SpeaksV6 && RouterAdvertisements.Accepts(link) && (max < 0 || series.Sent < max);
        if (!goesOn || link.Addresses6.Find(static address => address.Local.IsLinkLocal && address.IsUsable) is not { } own)
        {
            return;
        }

        TimeSpan longest = Seconds(link, LinkSetting.RouterSolicitationMaxInterval);
        TimeSpan next = series.Pause + Around(series.Pause);
        series.Pause = next > longest ? Around(longest) : next;
        series.Sent++;
        Send(link, own.Local);
        Wait(series, series.Sent == max ? Seconds(link, LinkSetting.RouterSolicitationDelay) : series.Pause);
    }

    private void Wait(Series series, TimeSpan pause)
    {
        if (!series.IsAnswered)
        {
            series.Next.Set(network.Machine.Monotonic.Now + (pause > Tick ? pause : Tick));
        }
    }

    private static TimeSpan Seconds(SimulatedLink link, LinkSetting setting) => TimeSpan.FromSeconds(Math.Max(link.Settings[setting], 0));

    // As long, or up to a tenth more or less.
    private TimeSpan Around(TimeSpan span) => span * ((Million - Spread + network.Draw((2 * Spread) + 1)) / (double)Million);

    private static void Send(SimulatedLink link, IpAddress own)
    {
        byte[] message = new byte[HeaderSize];
        message[0] = Solicitation;
        message[8] = 1; // source link-layer address
        message[9] = 1;
        link.MacAddress.Write(message.AsSpan(10));
        TransportChecksum.Fill(own, AllRouters, IpProtocol.IcmpV6, message, 2);
        IpPacket packet = new(own, AllRouters, IpProtocol.IcmpV6, message) { HopLimit = HopLimit };
        Ipv6Layer.SendDirectly(link, Ipv6Layer.MulticastMac(AllRouters), packet);
    }

    private sealed class Series
    {
        public Series(VirtualClock clock, Action<Series> again) => Next = new Alarm(clock, () => again(this));

        /// <summary>The next solicitation.</summary>
        public Alarm Next { get; }

        public int Sent { get; set; }

        public TimeSpan Pause { get; set; }

        public bool IsAnswered { get; set; }
    }
}
