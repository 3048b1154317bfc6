using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds the requests of the online check against RFC 9112, and against what ConnMan sends.</summary>
internal sealed class HttpMonitor(LinkMonitor link)
{
    private const string Rule = "a status page is asked for as ConnMan does (RFC 9112, section 3)";
    private const int ConnectionsMax = 256;

    /// <summary>Far more than any request of the check has.</summary>
    private const int RequestMax = 4096;

    private const string RequestEnd = "\r\n\r\n";

    private readonly Dictionary<(IpAddress Destination, ushort Port), Request> requests = [];

    /// <summary>Whole requests that went by.</summary>
    public long Requests { get; private set; }

    /// <summary>A segment to a web server. What a request is stands in the stream, however it was cut into segments.</summary>
    public void Sent(in IpDatagram packet, in TcpSegment segment)
    {
        (IpAddress, ushort) connection = (packet.Destination, segment.SourcePort);
        if (segment.Has(TcpFlags.Synchronize))
        {
            if (requests.Count >= ConnectionsMax)
            {
                requests.Clear();
            }

            requests[connection] = new Request(segment.Sequence + 1);
            return;
        }

        if (!requests.TryGetValue(connection, out Request? request))
        {
            return;
        }

        if (request.Take(segment.Sequence, segment.Payload))
        {
            Judge(request);
        }

        if (segment.Has(TcpFlags.Finish) || segment.Has(TcpFlags.Reset))
        {
            requests.Remove(connection);
            CheckEnd(request, segment);
        }
    }

    private void Judge(Request request)
    {
        string text = request.Text;
        if (request.IsJudged)
        {
            link.Violate(Rule, $"more than a request: {text}");
        }
        else if (text.Contains(RequestEnd, StringComparison.Ordinal) || text.Length > RequestMax)
        {
            request.IsJudged = true;
            Requests++;
            Check(text);
        }
    }

    // A daemon that is killed, or whose writes fall short, leaves half a request; no other does. A reset may leave any part unsent.
    private void CheckEnd(Request request, in TcpSegment last)
    {
        if (last.Has(TcpFlags.Finish) && request is { IsJudged: false, Text.Length: > 0 } && link.ChecksAddresses())
        {
            Check(request.Text);
        }
    }

    private void Check(string text)
    {
        string[] lines = text.Split("\r\n");
        string[] words = lines[0].Split(' ');
        string wrong = words.Length != 3 || words[0] != "GET" || !words[1].StartsWith('/') || words[2] != "HTTP/1.1" ? "request line"
            : CountOf(lines, "Host:") != 1 ? "Host"
            : CountOf(lines, "User-Agent:") != 1 ? "User-Agent"
            : CountOf(lines, "Connection: close") != 1 ? "Connection"
            : !text.EndsWith(RequestEnd, StringComparison.Ordinal) ? "end"
            : lines.Length != 6 ? "other fields"
            : "";
        if (wrong.Length > 0)
        {
            link.Violate(Rule, $"{wrong}: {text}");
        }
    }

    private static int CountOf(string[] lines, string start)
    {
        int count = 0;
        foreach (string line in lines)
        {
            count += line.StartsWith(start, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return count;
    }

    /// <summary>What a connection has sent so far, in the order of its sequence space.</summary>
    private sealed class Request(uint first)
    {
        private readonly StringBuilder text = new();

        public string Text => text.ToString();

        public bool IsJudged { get; set; }

        /// <summary>Takes what is new of a segment.</summary>
        /// <returns>False if all of it was sent before, or there is nothing in it.</returns>
        public bool Take(uint sequence, ReadOnlySpan<byte> payload)
        {
            int known = (int)(first + (uint)text.Length - sequence);
            if (known < 0 || known >= payload.Length)
            {
                return false;
            }

            text.Append(Encoding.Latin1.GetString(payload[known..]));
            return true;
        }
    }
}
