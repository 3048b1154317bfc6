using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Dns;
using Spindle.Drivers.Sockets;
using Spindle.Loop;
using Spindle.Protocols.Dns;
using Spindle.Protocols.Http;

namespace Spindle.Drivers.Http;

/// <summary>Called with what an online check has to report: online, browser, failure, check failed. Every call of the
/// driver is legal in it.</summary>
public delegate void OnlineCheckHandler(OnlineCheckDriver driver, in OnlineCheckOutput report);

/// <summary>The online check of one family of one service: an <see cref="OnlineCheck"/> with its resolver, its fetch and
/// its timer.</summary>
public sealed class OnlineCheckDriver : IDisposable
{
    private readonly EventLoop loop;
    private readonly LinkScope link;
    private readonly OnlineCheckOptions options;
    private readonly OnlineCheck check;
    private readonly OnlineCheckHandler handler;
    private readonly TimerSource timer;

    // One end of a resolve or fetch, and what a handler asks for; what does not fit would not matter any more.
    private readonly BoundedQueue<OnlineCheckInput> inputs = new(16);
    private DnsDriver? resolver;
    private HttpDriver? fetch;
    private bool isStepping;
    private bool isDisposed;

    /// <summary>A check that is not running.</summary>
    /// <param name="loop">The loop it runs on.</param>
    /// <param name="link">The service's link.</param>
    /// <param name="options">What to check, and how often.</param>
    /// <param name="handler">Called with reports.</param>
    public OnlineCheckDriver(EventLoop loop, in LinkScope link, OnlineCheckOptions options, OnlineCheckHandler handler)
    {
        this.loop = loop;
        this.link = link;
        this.options = options;
        this.handler = handler;
        check = new(options);
        timer = loop.AddTimer((_, _) => Step(OnlineCheckInput.TimePassed), name: "online check");
    }

    /// <summary>The service's name servers; used from the next time the page's host is resolved.</summary>
    public IReadOnlyList<DnsServer> Servers { get; set; } = [];

    /// <summary>Where the check is.</summary>
    public OnlineCheckState State => check.State;

    /// <summary>What is known of the service.</summary>
    public OnlineCondition Condition => check.Condition;

    /// <summary>What to show in a browser, as long as somebody wants a login; else null.</summary>
    public string? PortalUrl => check.PortalUrl;

    /// <summary>The service has an address of the family: checks at once.</summary>
    public void Start() => Step(OnlineCheckInput.Started);

    /// <summary>The service is not to be checked any more.</summary>
    public void Stop() => Step(OnlineCheckInput.Stopped);

    /// <summary>Checks at once: the browser was closed, or the name servers changed.</summary>
    public void Recheck() => Step(OnlineCheckInput.RecheckRequested);

    /// <summary>Ends it; nothing is reported any more.</summary>
    public void Dispose()
    {
        if (!isDisposed)
        {
            Stop();
            isDisposed = true;
            Cancel();
            timer.Remove();
        }
    }

    private void Step(in OnlineCheckInput input)
    {
        inputs.TryEnqueue(input);
        if (isStepping || isDisposed)
        {
            return;
        }

        isStepping = true;
        try
        {
            while (!isDisposed && inputs.TryDequeue(out OnlineCheckInput next))
            {
                check.Step(next, loop.Now);
                Drain();
            }
        }
        finally
        {
            isStepping = false;
        }

        if (!isDisposed)
        {
            timer.ArmAt(check.Deadline);
        }
    }

    private void Drain()
    {
        while (!isDisposed && check.TryTake(out OnlineCheckOutput output))
        {
            switch (output.Kind)
            {
                case OnlineCheckOutputKind.StartResolve:
                    StartResolve();
                    break;
                case OnlineCheckOutputKind.StartFetch:
                    StartFetch(output.Addresses!);
                    break;
                case OnlineCheckOutputKind.CancelFetch:
                    Cancel();
                    break;
                case OnlineCheckOutputKind.ReportOnline or OnlineCheckOutputKind.RequestBrowser
                    or OnlineCheckOutputKind.ReportFailure or OnlineCheckOutputKind.ReportCheckFailed:
                    handler(this, output);
                    break;
            }
        }
    }

    private void StartResolve()
    {
        DnsQueryOptions query = new() { Host = options.Uri.Host, Family = options.Family, Servers = Servers };
        resolver = new(loop, link, query, (driver, result) =>
        {
            if (ReferenceEquals(driver, resolver))
            {
                resolver = null;
                Step(result.IsResolved ? OnlineCheckInput.Resolved(result.Addresses) : OnlineCheckInput.ResolveFailed);
            }
        });
        resolver.Start();
    }

    private void StartFetch(IReadOnlyList<IpAddress> addresses)
    {
        HttpExchangeOptions exchange = new()
        {
            Uri = options.Uri,
            Addresses = addresses,
            UserAgent = options.UserAgent,
            ConnectTimeout = options.ConnectTimeout,
        };
        fetch?.Dispose();
        fetch = new(loop, link, exchange, (driver, result) =>
        {
            if (ReferenceEquals(driver, fetch))
            {
                Step(OnlineCheckInput.Fetched(result));
            }
        });
        fetch.Start();
    }

    private void Cancel()
    {
        resolver?.Dispose();
        resolver = null;
        fetch?.Dispose();
        fetch = null;
    }
}
