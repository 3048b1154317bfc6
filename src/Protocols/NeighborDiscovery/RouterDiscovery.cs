using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.NeighborDiscovery;

/// <summary>
/// Router discovery on one link (RFC 4861, section 6.3; RFC 7559; RFC 8106): asks for advertisements and keeps what
/// the kernel does not: default routers, DNS servers, search domains, the M and O flags, the captive portal. Addresses are
/// the kernel's own work.
/// </summary>
/// <remarks>
/// <code>
/// Stopped     Started                                  -> Soliciting   first solicitation within 0.1 s
/// Soliciting  TimePassed                               -> Soliciting   SendSolicitation
/// Soliciting  advertisement with a router lifetime     -> Listening
/// Listening   the last default router's lifetime ends  -> Soliciting
/// any         Stopped                                  -> Stopped      all is forgotten
/// </code>
/// <para>Deviations. RFC 4861, section 6.3.7: the first solicitation SHOULD be delayed by up to a second, lest hosts that
/// start together collide; 0.1 s is enough for that on a wire and costs nobody a second. RFC 7559 doubles the interval
/// from the second solicitation on; we ask three times 4 s apart, as RFC 4861 has it, and double then.</para>
/// <para>When four fifths of a DNS server's lifetime are over, one solicitation asks for news of it (RFC 8106, section
/// 5.3.1 lets hosts do so). A router whose lifetimes are short could make us ask without end, so what is not of the first
/// series comes ten seconds after the last one at the soonest. The flags are those of all routers that were heard lately, or-ed: two routers that
/// disagree do not make them flap.</para>
/// <para>Which of several default routers is to be used is said by <see cref="DefaultRouters"/>; whether they answer is found
/// out by the kernel's neighbour unreachability detection, and is an input.</para>
/// </remarks>
public sealed class RouterDiscovery
{
    /// <summary>Most DNS servers that are kept.</summary>
    public const int ServersMax = 8;

    /// <summary>Most search domains that are kept.</summary>
    public const int SearchDomainsMax = 16;

    /// <summary>Most routers that are kept.</summary>
    public const int RoutersMax = 8;

    private const int SolicitationsAtFirst = 3;

    /// <summary>For so long a router's flags count that is no default router (AdvDefaultLifetime of RFC 4861).</summary>
    private const uint FlagsSecondsMin = 1800;

    private static readonly TimeSpan SolicitationDelayMax = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SolicitationInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RepetitionIntervalMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SolicitationIntervalMax = TimeSpan.FromSeconds(3600);

    private readonly LifetimeList<IpAddress> servers = new(ServersMax);
    private readonly LifetimeList<string> searchDomains = new(SearchDomainsMax);
    private readonly DefaultRouters routers = new(RoutersMax);
    private readonly LifetimeList<IpAddress> managed = new(RoutersMax);
    private readonly LifetimeList<IpAddress> other = new(RoutersMax);
    private readonly LifetimeList<string> portal = new(1);
    private readonly BoundedQueue<RouterDiscoveryOutput> outputs = new(8);
    private PseudoRandom random;
    private Instant solicitAt = Instant.Never;
    private Instant repetitionAt = Instant.Zero; // the soonest that routers known before may be asked again
    private TimeSpan interval;
    private int solicitations;

    /// <summary>Router discovery that has not begun.</summary>
    /// <param name="seed">For jitter.</param>
    public RouterDiscovery(ulong seed) => random = new(seed);

    /// <summary>What it does.</summary>
    public RouterDiscoveryState State { get; private set; }

    /// <summary>The DNS servers, in the order they were first heard. Link-local ones are on this link.</summary>
    public IReadOnlyList<IpAddress> Servers => servers.Values;

    /// <summary>The search domains, in the order they were first heard.</summary>
    public IReadOnlyList<string> SearchDomains => searchDomains.Values;

    /// <summary>The default routers, in the order they were first heard.</summary>
    public IReadOnlyList<IpAddress> Routers => routers.Values;

    /// <summary>The default router to be used: one that answers, as far as is known, and is preferred; null if there is none.</summary>
    public IpAddress? Router => routers.InUse;

    /// <summary>True once an advertisement has come.</summary>
    public bool HasHeard { get; private set; }

    /// <summary>M: addresses are to be had from DHCPv6.</summary>
    public bool IsManaged { get; private set; }

    /// <summary>O: other things are to be had from DHCPv6.</summary>
    public bool HasOtherConfiguration { get; private set; }

    /// <summary>Where the captive portal's API is; empty if nobody said.</summary>
    public string CaptivePortalUri => portal.Values.Count > 0 ? portal.Values[0] : "";

    /// <summary>When to step with <see cref="RouterDiscoveryInput.TimePassed"/>.</summary>
    public Instant Deadline => State == RouterDiscoveryState.Stopped
        ? Instant.Never
        : Instant.Min(Instant.Min(solicitAt, RefreshAt), NextEnd);

    private Instant NextEnd => Instant.Min(
        Instant.Min(Instant.Min(servers.EndsAt, searchDomains.EndsAt), Instant.Min(routers.EndsAt, portal.EndsAt)),
        Instant.Min(managed.EndsAt, other.EndsAt));

    private Instant RefreshAt => Instant.Max(Instant.Min(servers.RefreshAt, searchDomains.RefreshAt), repetitionAt);

    /// <summary>Takes in what happened. All outputs must be taken before the next step.</summary>
    public void Step(in RouterDiscoveryInput input, Instant now)
    {
        switch (input.Kind)
        {
            case RouterDiscoveryInputKind.Started:
                Enter(RouterDiscoveryState.Soliciting, now);
                break;
            case RouterDiscoveryInputKind.Stopped:
                Enter(RouterDiscoveryState.Stopped, now);
                break;
            case RouterDiscoveryInputKind.AdvertisementReceived when State != RouterDiscoveryState.Stopped:
                Take(input.Source, input.Advertisement, now);
                break;
            case RouterDiscoveryInputKind.ReachabilityReported when State != RouterDiscoveryState.Stopped:
                Tell(routers.Report(input.Source, input.IsReachable, now), RouterDiscoveryOutput.RoutersChanged);
                break;
            case RouterDiscoveryInputKind.TimePassed when State != RouterDiscoveryState.Stopped:
                Expire(now);
                Solicit(now);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes the next output; false when there are no more for this step.</summary>
    public bool TryTake(out RouterDiscoveryOutput output) => outputs.TryDequeue(out output);

    private void Enter(RouterDiscoveryState next, Instant now)
    {
        RouterDiscoveryState previous = State;
        State = next;
        switch (next)
        {
            case RouterDiscoveryState.Stopped:
                solicitAt = Instant.Never;
                repetitionAt = Instant.Zero;
                Forget();
                break;
            case RouterDiscoveryState.Soliciting:
                solicitations = 0;
                interval = SolicitationInterval;
                solicitAt = now + random.NextBetween(TimeSpan.Zero, SolicitationDelayMax);
                solicitAt = previous == RouterDiscoveryState.Listening ? Instant.Max(solicitAt, repetitionAt) : solicitAt;
                break;
            case RouterDiscoveryState.Listening:
                solicitAt = Instant.Never;
                break;
        }
    }

    private void Forget()
    {
        servers.Clear();
        searchDomains.Clear();
        routers.Clear();
        managed.Clear();
        other.Clear();
        portal.Clear();
        HasHeard = false;
        IsManaged = false;
        HasOtherConfiguration = false;
    }

    private void Solicit(Instant now)
    {
        if (now < solicitAt && now < RefreshAt)
        {
            return;
        }

        Tell(true, RouterDiscoveryOutput.SendSolicitation);
        repetitionAt = now + RepetitionIntervalMin;
        servers.ForgetRefresh(now);
        searchDomains.ForgetRefresh(now);
        if (now < solicitAt)
        {
            return;
        }

        solicitations++;
        if (solicitations > SolicitationsAtFirst)
        {
            interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 2, SolicitationIntervalMax.Ticks));
        }

        // RFC 7559, section 2: a tenth more or less.
        solicitAt = now + random.NextBetween(interval * 0.9, interval * 1.1);
    }

    private void Take(IpAddress source, RouterAdvertisementPacket packet, Instant now)
    {
        RouterAdvertisementHeader header = packet.Header;
        bool isRouterNews = routers.Note(source, header.RouterLifetimeSeconds, header.Preference, now);
        TakeFlags(source, header, now);
        TakeOptions(packet, now);
        Tell(isRouterNews, RouterDiscoveryOutput.RoutersChanged);
        if (header.RouterLifetimeSeconds > 0 && State == RouterDiscoveryState.Soliciting)
        {
            Enter(RouterDiscoveryState.Listening, now);
        }
        else
        {
            SolicitIfAlone(now);
        }
    }

    private void TakeFlags(IpAddress source, in RouterAdvertisementHeader header, Instant now)
    {
        uint seconds = Math.Max(header.RouterLifetimeSeconds, FlagsSecondsMin);
        managed.Note(source, header.IsManaged ? seconds : 0, now);
        other.Note(source, header.HasOtherConfiguration ? seconds : 0, now);
        TellFlags(isFirst: !HasHeard);
        HasHeard = true;
    }

    private void TakeOptions(RouterAdvertisementPacket packet, Instant now)
    {
        bool isResolverNews = false;
        bool isPortalNews = false;
        NeighborOptions options = packet.Options;
        while (options.TryNext(out NeighborOption option))
        {
            if (RecursiveDnsServers.TryParse(option, out RecursiveDnsServers announced))
            {
                isResolverNews |= TakeServers(announced, now);
            }
            else if (DnsSearchList.TryParse(option, out DnsSearchList list))
            {
                while (list.TryNext(out string domain))
                {
                    isResolverNews |= searchDomains.Note(domain, list.LifetimeSeconds, now);
                }
            }
            else if (CaptivePortal.TryRead(option, out CaptivePortal said) && said.Uri != CaptivePortalUri)
            {
                portal.Clear();
                isPortalNews |= portal.Note(said.Uri, uint.MaxValue, now);
            }
        }

        Tell(isResolverNews, RouterDiscoveryOutput.ResolversChanged);
        Tell(isPortalNews, RouterDiscoveryOutput.CaptivePortalChanged);
    }

    private bool TakeServers(RecursiveDnsServers announced, Instant now)
    {
        bool isNews = false;
        while (announced.TryNext(out IpAddress server))
        {
            if (!server.IsMulticast && !server.IsUnspecified && !server.IsLoopback)
            {
                isNews |= servers.Note(server, announced.LifetimeSeconds, now);
            }
        }

        return isNews;
    }

    private void Expire(Instant now)
    {
        bool isResolverNews = servers.Expire(now) | searchDomains.Expire(now);
        Tell(isResolverNews, RouterDiscoveryOutput.ResolversChanged);
        if (managed.Expire(now) | other.Expire(now))
        {
            TellFlags(isFirst: false);
        }

        Tell(routers.Expire(now), RouterDiscoveryOutput.RoutersChanged);
        SolicitIfAlone(now);
    }

    private void SolicitIfAlone(Instant now)
    {
        if (State == RouterDiscoveryState.Listening && routers.Values.Count == 0)
        {
            Enter(RouterDiscoveryState.Soliciting, now);
        }
    }

    private void TellFlags(bool isFirst)
    {
        bool isManaged = managed.Values.Count > 0;
        bool hasOther = other.Values.Count > 0;
        bool isNews = isFirst || isManaged != IsManaged || hasOther != HasOtherConfiguration;
        IsManaged = isManaged;
        HasOtherConfiguration = hasOther;
        Tell(isNews, RouterDiscoveryOutput.FlagsChanged);
    }

    private void Tell(bool isNews, RouterDiscoveryOutput output)
    {
        if (isNews && !outputs.TryEnqueue(output))
        {
            throw new InvalidOperationException("Outputs must be taken after every step.");
        }
    }
}
