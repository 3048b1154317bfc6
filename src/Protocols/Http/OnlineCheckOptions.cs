using System;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>How one family of one service is checked; the defaults are main.conf's.</summary>
public sealed record OnlineCheckOptions
{
    /// <summary>The IPv4 status page (<c>OnlineCheckIPv4URL</c>).</summary>
    public const string UrlDefaultV4 = "http://ipv4.connman.net/online/status.html";

    /// <summary>The IPv6 status page (<c>OnlineCheckIPv6URL</c>).</summary>
    public const string UrlDefaultV6 = "http://ipv6.connman.net/online/status.html";

    /// <summary>The status page; plain <c>http</c>.</summary>
    public required HttpUri Uri { get; init; }

    /// <summary>Which family is checked.</summary>
    public required IpFamily Family { get; init; }

    /// <summary>When it is checked (<c>OnlineCheckMode</c>).</summary>
    public OnlineCheckMode Mode { get; init; } = OnlineCheckMode.OneShot;

    /// <summary>How intervals become delays (<c>OnlineCheckIntervalStyle</c>).</summary>
    public OnlineCheckIntervalStyle IntervalStyle { get; init; } = OnlineCheckIntervalStyle.Geometric;

    /// <summary>The first interval (<c>OnlineCheckInitialInterval</c>), from 1; at most <see cref="IntervalMax"/>.</summary>
    public int IntervalInitial { get; init; } = 1;

    /// <summary>The last interval (<c>OnlineCheckMaxInterval</c>), from 1.</summary>
    public int IntervalMax { get; init; } = 12;

    /// <summary>Continuous: so many failures in a row and the service is not online (<c>OnlineCheckFailuresThreshold</c>).</summary>
    public int FailuresThreshold { get; init; } = 6;

    /// <summary>Continuous: then so many successes in a row and it is again (<c>OnlineCheckSuccessesThreshold</c>).</summary>
    public int SuccessesThreshold { get; init; } = 6;

    /// <summary>How long an address has to take the connection; zero: until the kernel gives up (<c>OnlineCheckConnectTimeout</c>).</summary>
    public TimeSpan ConnectTimeout { get; init; }

    /// <summary>What we call ourselves.</summary>
    public string UserAgent { get; init; } = HttpRequest.UserAgentDefault;
}
