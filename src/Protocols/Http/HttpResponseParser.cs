using System;

namespace Spindle.Protocols.Http;

/// <summary>How far a response was read.</summary>
public enum HttpResponseState : byte
{
    /// <summary>The status line is awaited.</summary>
    StatusLine,

    /// <summary>Headers are read.</summary>
    Headers,

    /// <summary>The head is known; the body is passed over.</summary>
    Body,

    /// <summary>All of it came.</summary>
    Complete,

    /// <summary>What came is no HTTP response.</summary>
    NotHttp,

    /// <summary>The head is too large, or ended half way.</summary>
    BadHead,
}

/// <summary>Reads one response piece by piece (RFC 9112): interim responses and the body are passed over.</summary>
/// <remarks>
/// Bare line feeds, folded header lines, missing reason phrases and lengths that contradict each other are borne with:
/// whoever intercepts a connection is seldom careful.
/// </remarks>
public sealed class HttpResponseParser
{
    /// <summary>The most octets of a head, interim responses included.</summary>
    public const int HeadSizeMax = 32 * 1024;

    /// <summary>The most octets of one header, unfolded.</summary>
    public const int LineSizeMax = 8 * 1024;

    /// <summary>The most headers.</summary>
    public const int HeadersMax = 128;

    private readonly HttpBodyReader body = new();
    private byte[] line = new byte[256];
    private int lineLength;
    private int segmentLength;
    private int headSize;
    private int headerCount;
    private bool isLineEnded;

    /// <summary>How far it is.</summary>
    public HttpResponseState State { get; private set; }

    /// <summary>The head; meaningful in <see cref="HttpResponseState.Body"/> and <see cref="HttpResponseState.Complete"/>.</summary>
    public HttpResponseHead Head { get; private set; }

    /// <summary>True once the head is known.</summary>
    public bool HasHead => State is HttpResponseState.Body or HttpResponseState.Complete;

    /// <summary>Octets of the body that were passed over.</summary>
    public long BodySize => body.Size;

    private bool IsReadingHead => State is HttpResponseState.StatusLine or HttpResponseState.Headers;

    /// <summary>Takes in the next piece. What comes after the response's end is passed over.</summary>
    public void Read(ReadOnlySpan<byte> octets)
    {
        int at = 0;
        while (at < octets.Length && IsReadingHead)
        {
            TakeHeadOctet(octets[at++]);
        }

        if (State == HttpResponseState.Body && body.Read(octets[at..]))
        {
            State = HttpResponseState.Complete;
        }
    }

    /// <summary>The peer sends no more.</summary>
    public void End()
    {
        State = State switch
        {
            HttpResponseState.StatusLine => HttpResponseState.NotHttp,
            HttpResponseState.Headers => HttpResponseState.BadHead,
            HttpResponseState.Body => HttpResponseState.Complete,
            HttpResponseState.Complete or HttpResponseState.NotHttp or HttpResponseState.BadHead => State,
        };
    }

    private void TakeHeadOctet(byte octet)
    {
        if (++headSize > HeadSizeMax)
        {
            State = HttpResponseState.BadHead;
        }
        else if (octet == '\n')
        {
            EndSegment();
        }
        else
        {
            if (isLineEnded)
            {
                BeginSegment(octet);
            }

            Append(octet);
        }
    }

    /// <summary>A line feed: the end of a line, which the next line may still continue, or of the head.</summary>
    private void EndSegment()
    {
        if (segmentLength > 0 && line[lineLength - 1] == '\r')
        {
            lineLength--;
            segmentLength--;
        }

        bool isEmpty = segmentLength == 0;
        segmentLength = 0;
        if (!isEmpty)
        {
            isLineEnded = true;
            if (State == HttpResponseState.StatusLine)
            {
                // Nothing can continue a status line, and its verdict should not wait for the next octet.
                TakeLine();
            }
        }
        else if (State == HttpResponseState.Headers)
        {
            TakeLine();
            EndHead();
        }
    }

    private void BeginSegment(byte octet)
    {
        bool isFolded = octet is (byte)' ' or (byte)'\t' && lineLength > 0 && State == HttpResponseState.Headers;
        if (!isFolded && octet != '\r')
        {
            TakeLine();
        }

        isLineEnded = false;
    }

    private void Append(byte octet)
    {
        if (lineLength == LineSizeMax)
        {
            State = HttpResponseState.BadHead;
            return;
        }

        if (lineLength == line.Length)
        {
            Array.Resize(ref line, line.Length * 2);
        }

        line[lineLength++] = octet;
        segmentLength++;
        if (State == HttpResponseState.StatusLine && !HttpStatusLine.MayBegin(line.AsSpan(0, lineLength)))
        {
            State = HttpResponseState.NotHttp;
        }
    }

    private void TakeLine()
    {
        ReadOnlySpan<byte> text = line.AsSpan(0, lineLength);
        lineLength = 0;
        isLineEnded = false;
        if (State == HttpResponseState.StatusLine)
        {
            bool isStatus = HttpStatusLine.TryRead(text, out int statusCode);
            Head = new(statusCode, false, null);
            State = isStatus ? HttpResponseState.Headers : HttpResponseState.NotHttp;
        }
        else if (State == HttpResponseState.Headers && !text.IsEmpty)
        {
            State = ++headerCount > HeadersMax ? HttpResponseState.BadHead : State;
            TakeHeader(text);
        }
    }

    private void TakeHeader(ReadOnlySpan<byte> text)
    {
        if (!HttpHeader.TryRead(text, out HttpHeader header))
        {
            return;
        }

        if (header.Is("X-ConnMan-Status"))
        {
            Head = Head with { HasConnManStatus = true };
        }
        else if (header.Is("Location"))
        {
            Head = Head with { Location = Head.Location ?? header.ToText() };
        }
        else
        {
            body.TakeHeader(header);
        }
    }

    private void EndHead()
    {
        if (State != HttpResponseState.Headers)
        {
            return;
        }

        // 101 would end HTTP on this connection; we never ask for that, so it is passed over like the others.
        bool isInterim = Head.StatusCode is >= 100 and <= 199;
        if (isInterim)
        {
            State = HttpResponseState.StatusLine;
            body.Reset();
            return;
        }

        State = body.Begin(Head.StatusCode) ? HttpResponseState.Complete : HttpResponseState.Body;
    }
}
