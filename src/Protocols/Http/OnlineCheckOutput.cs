using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>What is to be done for an online check.</summary>
public enum OnlineCheckOutputKind : byte
{
    /// <summary>Resolve the status page's host, for the checked family, over the service's link.</summary>
    StartResolve,

    /// <summary>Get the status page from these addresses, over the service's link.</summary>
    StartFetch,

    /// <summary>Give up resolving or fetching.</summary>
    CancelFetch,

    /// <summary>The service is online.</summary>
    ReportOnline,

    /// <summary>Somebody wants a login: ask the agent to show this address. Once until the service is online.</summary>
    RequestBrowser,

    /// <summary>This check failed; what is reported of the service does not change.</summary>
    ReportFailure,

    /// <summary>Continuous: too many checks failed (<c>online-check-failed</c>); the service is not online.</summary>
    ReportCheckFailed,
}

/// <summary>One thing to be done for an online check.</summary>
/// <param name="Kind">What.</param>
/// <param name="Addresses">Where to get the page from.</param>
/// <param name="Url">What to show in a browser.</param>
/// <param name="Result">Of a failure: what came of the fetch.</param>
public readonly record struct OnlineCheckOutput(
    OnlineCheckOutputKind Kind,
    IReadOnlyList<IpAddress>? Addresses = null,
    string Url = "",
    HttpFetchResult Result = default);
