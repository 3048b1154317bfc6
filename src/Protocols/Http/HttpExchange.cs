using System;
using Spindle.Basics;

namespace Spindle.Protocols.Http;

/// <summary>Where an exchange is.</summary>
public enum HttpExchangeState : byte
{
    /// <summary>Not begun.</summary>
    Idle,

    /// <summary>An address is being connected to.</summary>
    Connecting,

    /// <summary>The request is out; the head is awaited.</summary>
    AwaitingHead,

    /// <summary>The result is out; the rest of the response is passed over.</summary>
    Draining,

    /// <summary>The connection is closed.</summary>
    Closed,
}

/// <summary>Gets one address over one connection.</summary>
/// <remarks>
/// The result is reported as soon as the head is there: nobody waits for a body.
/// <code>
/// Idle         -> Connecting    Started (Closed if there is no address)
/// Connecting   -> Connecting    refused or too slow, and there is another address
/// Connecting   -> AwaitingHead  Connected
/// Connecting   -> Closed        no address left; time over
/// AwaitingHead -> Draining      the head is there and the body is not all here
/// AwaitingHead -> Closed        the whole response is there; no HTTP; closed; broken; time over
/// Draining     -> Closed        the whole body; too much of it; closed; broken; time over
/// any          -> Closed        Cancelled
/// </code>
/// </remarks>
public sealed class HttpExchange
{
    // At most: close, report; or close, connect.
    private readonly BoundedQueue<HttpExchangeOutput> outputs = new(4);
    private readonly HttpResponseParser parser = new();
    private readonly HttpExchangeOptions options;
    private int nextAddress;
    private Instant connectEndAt = Instant.Never;
    private Instant endAt = Instant.Never;

    /// <summary>An exchange that has not begun.</summary>
    /// <exception cref="ArgumentException">The address is not plain <c>http</c>: there is no TLS here.</exception>
    public HttpExchange(HttpExchangeOptions options)
    {
        if (options.Uri.IsSecure)
        {
            throw new ArgumentException("Only plain http can be fetched.", nameof(options));
        }

        this.options = options;
        Request = new(options.Uri, options.UserAgent);
    }

    /// <summary>Where it is.</summary>
    public HttpExchangeState State { get; private set; }

    /// <summary>What goes out.</summary>
    public HttpRequest Request { get; }

    /// <summary>What came of it; null before.</summary>
    public HttpFetchResult? Result { get; private set; }

    /// <summary>When the next step is due.</summary>
    public Instant Deadline => State switch
    {
        HttpExchangeState.Connecting => Instant.Min(connectEndAt, endAt),
        HttpExchangeState.AwaitingHead or HttpExchangeState.Draining => endAt,
        HttpExchangeState.Idle or HttpExchangeState.Closed => Instant.Never,
    };

    /// <summary>Takes in what happened.</summary>
    public void Step(in HttpExchangeInput input, Instant now)
    {
        if (input.Kind == HttpExchangeInputKind.Cancelled)
        {
            Close();
        }
        else if (input.Kind == HttpExchangeInputKind.Started && State == HttpExchangeState.Idle)
        {
            endAt = now + options.TotalTimeout;
            ConnectNext(HttpFetchOutcome.ConnectFailed, now);
        }
        else if (now >= endAt && State is not (HttpExchangeState.Idle or HttpExchangeState.Closed))
        {
            Finish(HttpFetchOutcome.TimedOut);
        }
        else if (State == HttpExchangeState.Connecting)
        {
            StepConnecting(input.Kind, now);
        }
        else if (State is HttpExchangeState.AwaitingHead or HttpExchangeState.Draining)
        {
            StepConnected(input, now);
        }
    }

    /// <summary>Takes out what is to be done next.</summary>
    public bool TryTake(out HttpExchangeOutput output) => outputs.TryDequeue(out output);

    private void StepConnecting(HttpExchangeInputKind kind, Instant now)
    {
        if (kind == HttpExchangeInputKind.Connected)
        {
            State = HttpExchangeState.AwaitingHead;
            outputs.TryEnqueue(new(HttpExchangeOutputKind.SendRequest));
        }
        else if (kind is HttpExchangeInputKind.ConnectFailed or HttpExchangeInputKind.ConnectionLost)
        {
            ConnectNext(HttpFetchOutcome.ConnectFailed, now);
        }
        else if (kind == HttpExchangeInputKind.TimePassed && now >= connectEndAt)
        {
            ConnectNext(HttpFetchOutcome.TimedOut, now);
        }
    }

    private void ConnectNext(HttpFetchOutcome otherwise, Instant now)
    {
        int left = options.Addresses.Count - nextAddress;
        if (left == 0)
        {
            Finish(otherwise);
            return;
        }

        if (State == HttpExchangeState.Connecting)
        {
            outputs.TryEnqueue(new(HttpExchangeOutputKind.Close));
        }

        State = HttpExchangeState.Connecting;
        connectEndAt = now + (options.ConnectTimeout > TimeSpan.Zero ? options.ConnectTimeout : (endAt - now) / left);
        outputs.TryEnqueue(
            new(HttpExchangeOutputKind.Connect, options.Addresses[nextAddress++], options.Uri.Port));
    }

    private void StepConnected(in HttpExchangeInput input, Instant now)
    {
        switch (input.Kind)
        {
            case HttpExchangeInputKind.Received:
                parser.Read(input.Octets);
                TakeProgress(now);
                break;
            case HttpExchangeInputKind.PeerClosed:
                parser.End();
                TakeProgress(now);
                break;
            case HttpExchangeInputKind.ConnectionLost:
                Finish(HttpFetchOutcome.ConnectionLost);
                break;
            default:
                break;
        }
    }

    private void TakeProgress(Instant now)
    {
        switch (parser.State)
        {
            case HttpResponseState.StatusLine or HttpResponseState.Headers:
                break;
            case HttpResponseState.NotHttp:
                Finish(HttpFetchOutcome.NoStatus);
                break;
            case HttpResponseState.BadHead:
                Finish(HttpFetchOutcome.BadHead);
                break;
            case HttpResponseState.Body when parser.BodySize < options.BodySizeMax:
                Drain(now);
                break;
            case HttpResponseState.Body or HttpResponseState.Complete:
                Finish(HttpFetchOutcome.Responded);
                break;
        }
    }

    private void Drain(Instant now)
    {
        if (State == HttpExchangeState.AwaitingHead)
        {
            State = HttpExchangeState.Draining;
            endAt = now + options.DrainTimeout;
            Report(HttpFetchOutcome.Responded);
        }
    }

    private void Finish(HttpFetchOutcome outcome)
    {
        bool isReported = Result is not null;
        Close();
        if (!isReported)
        {
            Report(outcome);
        }
    }

    private void Report(HttpFetchOutcome outcome)
    {
        Result = new(outcome, outcome == HttpFetchOutcome.Responded ? parser.Head : default);
        outputs.TryEnqueue(new(HttpExchangeOutputKind.Report));
    }

    private void Close()
    {
        if (State is not (HttpExchangeState.Idle or HttpExchangeState.Closed))
        {
            outputs.TryEnqueue(new(HttpExchangeOutputKind.Close));
        }

        State = HttpExchangeState.Closed;
    }
}
