using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Monitors;

/// <summary>Holds the requests of the online check against RFC 9112, and against what ConnMan sends.</summary>
internal sealed class HttpMonitor(LinkMonitor link)
{
    private const int ConnectionsMax = 256;

    /// <summary>Where the first octet of a connection stands in the sequence space.</summary>
    private readonly Dictionary<(IpAddress Destination, ushort Port), uint> firsts = [];

    public long Requests { get; private set; }

    public void Sent(in IpDatagram packet, in TcpSegment segment)
    {
        (IpAddress, ushort) connection = (packet.Destination, segment.SourcePort);
        if (segment.Has(TcpFlags.Synchronize))
        {
            if (firsts.Count >= ConnectionsMax)
            {
                firsts.Clear();
            }

            firsts[connection] = segment.Sequence + 1;
        }
        else if (segment.Payload.Length > 0 && firsts.TryGetValue(connection, out uint first) && first == segment.Sequence)
        {
            firsts.Remove(connection);
            Requests++;
            Check(Encoding.Latin1.GetString(segment.Payload));
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
            : !text.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? "end"
            : lines.Length != 6 ? "other fields"
            : "";
        if (wrong.Length > 0)
        {
            link.Violate("a status page is asked for as ConnMan does (RFC 9112, section 3)", $"{wrong}: {text}");
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
}
