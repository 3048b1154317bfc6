using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>What to get, from where, and for how long.</summary>
public sealed record HttpExchangeOptions
{
    /// <summary>What to get; plain <c>http</c>.</summary>
    public required HttpUri Uri { get; init; }

    /// <summary>Where the host is, the best first.</summary>
    public required IReadOnlyList<IpAddress> Addresses { get; init; }

    /// <summary>What we call ourselves.</summary>
    public string UserAgent { get; init; } = HttpRequest.UserAgentDefault;

    /// <summary>How long an address has to take the connection. Zero: until the kernel gives up, but the addresses
    /// share the whole time, so that a silent one does not cost the others theirs.</summary>
    public TimeSpan ConnectTimeout { get; init; }

    /// <summary>When there must be a head.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the body is read after the head, so that the connection ends in order.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much of the body is read before the connection is closed all the same, in octets.</summary>
    public long BodySizeMax { get; init; } = 64 * 1024;
}
