using System;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>Where an online check is.</summary>
public enum OnlineCheckState : byte
{
    /// <summary>Not running.</summary>
    Idle,

    /// <summary>The host's addresses are looked for.</summary>
    Resolving,

    /// <summary>The page is fetched.</summary>
    Fetching,

    /// <summary>The next check has its time.</summary>
    Waiting,

    /// <summary>There will be no other check unless it is asked for.</summary>
    Done,
}

/// <summary>What an online check knows of its service.</summary>
public enum OnlineCondition : byte
{
    /// <summary>Nothing yet.</summary>
    Unknown,

    /// <summary>The status page answered.</summary>
    Online,

    /// <summary>Somebody wants a login.</summary>
    Portal,

    /// <summary>The last check failed.</summary>
    Failing,

    /// <summary>Continuous: too many failed; so many successes are needed now.</summary>
    CheckFailed,
}

/// <summary>Finds out whether one family of one service leads to the Internet.</summary>
/// <remarks>
/// The first check comes at once. After a failure or a portal the next one waits for the interval's delay, and the
/// interval grows by one to its maximum. Continuous: while online, the delay is that of the maximum, also after a
/// failure, so that the thresholds mean what main.conf says; after too many failures it begins small again.
/// <code>
/// Idle      -> Resolving  Started (Done: mode none, or the host is an address of the other family)
/// Resolving -> Fetching   Resolved
/// Resolving -> Waiting    ResolveFailed
/// Fetching  -> Waiting    Fetched, and there is another check
/// Fetching  -> Done       Fetched: online, and one-shot
/// Waiting   -> Resolving  the delay is over
/// Done      -> Resolving  RecheckRequested; so from every other state but Idle
/// any       -> Idle       Stopped
/// Where the host is an address, Fetching takes the place of Resolving.
/// </code>
/// </remarks>
public sealed class OnlineCheck
{
    // At most: cancel, start; or two reports.
    private readonly BoundedQueue<OnlineCheckOutput> outputs = new(8);
    private readonly OnlineCheckOptions options;
    private readonly int intervalInitial;
    private readonly int intervalMax;
    private int interval;
    private int failures;
    private int successes;
    private Instant retryAt = Instant.Never;

    /// <summary>A check that is not running.</summary>
    /// <exception cref="ArgumentException">The page is not plain <c>http</c>.</exception>
    public OnlineCheck(OnlineCheckOptions options)
    {
        if (options.Uri.IsSecure)
        {
            throw new ArgumentException("The status page must be plain http: a portal could not answer otherwise.", nameof(options));
        }

        this.options = options;
        intervalMax = Math.Max(1, options.IntervalMax);
        intervalInitial = Math.Clamp(options.IntervalInitial, 1, intervalMax);
    }

    /// <summary>Where it is.</summary>
    public OnlineCheckState State { get; private set; }

    /// <summary>What it knows.</summary>
    public OnlineCondition Condition { get; private set; }

    /// <summary>What to show in a browser, as long as somebody wants a login; else null.</summary>
    public string? PortalUrl { get; private set; }

    /// <summary>True from the first request for a browser until a check succeeds.</summary>
    public bool IsBrowserRequested { get; private set; }

    /// <summary>When the next step is due.</summary>
    public Instant Deadline => State == OnlineCheckState.Waiting ? retryAt : Instant.Never;

    private bool IsBusy => State is OnlineCheckState.Resolving or OnlineCheckState.Fetching;

    /// <summary>Takes in what happened.</summary>
    public void Step(in OnlineCheckInput input, Instant now)
    {
        switch (input.Kind)
        {
            case OnlineCheckInputKind.Started when State == OnlineCheckState.Idle:
                Begin(now);
                break;
            case OnlineCheckInputKind.Stopped:
                Stop();
                break;
            case OnlineCheckInputKind.RecheckRequested when State != OnlineCheckState.Idle:
                Recheck(now);
                break;
            case OnlineCheckInputKind.TimePassed when now >= Deadline:
                Check(now);
                break;
            case OnlineCheckInputKind.Resolved when State == OnlineCheckState.Resolving:
                State = OnlineCheckState.Fetching;
                outputs.TryEnqueue(new(OnlineCheckOutputKind.StartFetch, input.Addresses));
                break;
            case OnlineCheckInputKind.ResolveFailed when State == OnlineCheckState.Resolving:
                Fail(OnlineCondition.Failing, new(HttpFetchOutcome.ResolveFailed), now);
                break;
            case OnlineCheckInputKind.Fetched when State == OnlineCheckState.Fetching:
                Judge(input.Result, now);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes out what is to be done next.</summary>
    public bool TryTake(out OnlineCheckOutput output) => outputs.TryDequeue(out output);

    private void Begin(Instant now)
    {
        interval = intervalInitial;
        failures = successes = 0;
        Condition = OnlineCondition.Unknown;
        PortalUrl = null;
        IsBrowserRequested = false;
        Check(now);
    }

    private void Stop()
    {
        if (IsBusy)
        {
            outputs.TryEnqueue(new(OnlineCheckOutputKind.CancelFetch));
        }

        State = OnlineCheckState.Idle;
        Condition = OnlineCondition.Unknown;
        PortalUrl = null;
    }

    private void Recheck(Instant now)
    {
        if (IsBusy)
        {
            outputs.TryEnqueue(new(OnlineCheckOutputKind.CancelFetch));
        }

        interval = intervalInitial;
        Check(now);
    }

    private void Check(Instant now)
    {
        if (options.Mode == OnlineCheckMode.None)
        {
            State = OnlineCheckState.Done;
        }
        else if (options.Uri.Literal is not { } literal)
        {
            State = OnlineCheckState.Resolving;
            outputs.TryEnqueue(new(OnlineCheckOutputKind.StartResolve));
        }
        else if (literal.Family == options.Family)
        {
            State = OnlineCheckState.Fetching;
            outputs.TryEnqueue(new(OnlineCheckOutputKind.StartFetch, [literal]));
        }
        else
        {
            Fail(OnlineCondition.Failing, new(HttpFetchOutcome.ResolveFailed), now);
            State = OnlineCheckState.Done;
        }
    }

    private void Judge(in HttpFetchResult result, Instant now)
    {
        OnlineVerdict verdict = OnlineVerdict.Of(options.Uri, result);
        switch (verdict.Kind)
        {
            case OnlineVerdictKind.Online:
                Succeed(now);
                break;
            case OnlineVerdictKind.Portal:
                PortalUrl = verdict.PortalUrl;
                Fail(OnlineCondition.Portal, result, now);
                RequestBrowserOnce();
                break;
            case OnlineVerdictKind.Failure:
                Fail(OnlineCondition.Failing, result, now);
                break;
        }
    }

    private void Succeed(Instant now)
    {
        failures = 0;
        successes++;
        PortalUrl = null;
        IsBrowserRequested = false;
        bool isTrusted = Condition != OnlineCondition.CheckFailed || successes >= options.SuccessesThreshold;
        if (isTrusted && Condition != OnlineCondition.Online)
        {
            Condition = OnlineCondition.Online;
            outputs.TryEnqueue(new(OnlineCheckOutputKind.ReportOnline));
        }

        if (options.Mode == OnlineCheckMode.OneShot)
        {
            State = OnlineCheckState.Done;
        }
        else
        {
            Wait(now);
        }
    }

    private void Fail(OnlineCondition condition, in HttpFetchResult result, Instant now)
    {
        successes = 0;
        failures++;
        PortalUrl = condition == OnlineCondition.Portal ? PortalUrl : null;
        outputs.TryEnqueue(new(OnlineCheckOutputKind.ReportFailure, Result: result));
        bool isContinuous = options.Mode == OnlineCheckMode.Continuous;
        if (isContinuous && failures >= options.FailuresThreshold && Condition != OnlineCondition.CheckFailed)
        {
            Condition = OnlineCondition.CheckFailed;
            interval = intervalInitial;
            outputs.TryEnqueue(new(OnlineCheckOutputKind.ReportCheckFailed));
        }
        else if (!isContinuous || Condition is not (OnlineCondition.Online or OnlineCondition.CheckFailed))
        {
            Condition = condition;
        }

        Wait(now);
    }

    private void Wait(Instant now)
    {
        bool isOnline = Condition == OnlineCondition.Online;
        State = OnlineCheckState.Waiting;
        retryAt = now + OnlineCheckInterval.DelayOf(options.IntervalStyle, isOnline ? intervalMax : interval);
        interval = isOnline ? interval : Math.Min(interval + 1, intervalMax);
    }

    private void RequestBrowserOnce()
    {
        // A portal's address often carries a new token each time: to ask at every check would open one window after another.
        if (!IsBrowserRequested)
        {
            IsBrowserRequested = true;
            outputs.TryEnqueue(new(OnlineCheckOutputKind.RequestBrowser, Url: PortalUrl!));
        }
    }
}
