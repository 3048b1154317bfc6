using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Monitors;
using Spindle.Simulation.Actors.Wire;

namespace Simulation.Tests.Actors;

/// <summary>The monitor judges a request for a page by the stream, not by the segments that it happens to go out in.</summary>
public sealed class HttpMonitorTests
{
    private const string Right = "GET /online/status.html HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\nConnection: close\r\n\r\n";
    private const string Endless = "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\nConnection: close\r\n";

    private static readonly MacAddress Ours = TestSegment.Mac(9);
    private static readonly IpAddress Server = IpAddress.Parse("192.0.2.1");
    private static readonly IpAddress Local = IpAddress.Parse("192.0.2.100");

    private readonly TestSegment segment = new();
    private readonly LinkMonitor monitor;
    private readonly IpStack stack;

    private bool isDaemonWell = true;

    public HttpMonitorTests()
    {
        monitor = new(segment.Context, "eth0", Ours) { ChecksAddresses = () => isDaemonWell };
        monitor.AddConfigured(Local);
        stack = new IpStack(segment.Context, "eth0", new Output(monitor));
    }

    [Theory]
    [InlineData(Right, null)]
    [InlineData("GET /online/status.html HTTP/1.0\r\nHost: x\r\nUser-Agent: y\r\nConnection: close\r\n\r\n", "request line")]
    [InlineData("GET /online/status.html HTTP/1.1\r\nUser-Agent: y\r\nConnection: close\r\nAccept: */*\r\n\r\n", "Host")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\nConnection: close\r\nCookie: z\r\n\r\n", "other fields")]
    [InlineData(Endless, "end")]
    public void A_wrong_request_for_a_page_is_seen_in_whatever_segments_it_goes_out(string text, string? wrong)
    {
        for (int cut = 1; cut <= text.Length; cut++)
        {
            Open();
            uint next = Send(Send(100, text[..cut]), text[cut..]);
            Finish(next);
            AssertSeen(wrong);
        }
    }

    [Fact]
    public void A_segment_that_is_sent_again_counts_once()
    {
        Open();
        uint next = Send(100, Right[..40]);
        Send(100, Right[..40]);
        Send(next, Right[40..]);
        Send(100, Right);
        AssertSeen(null);
        Assert.Equal(1, monitor.Http.Requests);
    }

    [Fact]
    public void A_second_request_on_the_same_connection_is_seen()
    {
        Open();
        Send(Send(100, Right), Right);
        AssertSeen("more than a request");
    }

    [Fact]
    public void Half_a_request_is_left_by_a_daemon_that_is_killed_or_reset_and_by_no_other()
    {
        Open();
        Finish(Send(100, Right[..40]));
        AssertSeen("Host");
        isDaemonWell = false;
        Open();
        Finish(Send(100, Right[..40]));
        AssertSeen(null);
        isDaemonWell = true;
        Open();
        Send(100, Right[..40]);
        Send(140, "", TcpFlags.Reset);
        Finish(140);
        AssertSeen(null);
    }

    [Fact]
    public void Connections_are_told_apart()
    {
        Open(4000);
        Open(4001);
        Send(100, Right[..40], port: 4000);
        Send(100, Right[..30], port: 4001);
        Send(140, Right[40..], port: 4000);
        Send(130, Right[30..], port: 4001);
        AssertSeen(null);
        Assert.Equal(2, monitor.Http.Requests);
    }

    private int seen;

    private void AssertSeen(string? wrong)
    {
        IReadOnlyList<Spindle.Simulation.World.Violation> kept = segment.Violations.Kept;
        string text = kept.Count > seen ? kept[^1].ToString() : "";
        Assert.Equal(wrong is null ? 0 : 1, kept.Count - seen);
        Assert.Contains(wrong ?? "", text, StringComparison.Ordinal);
        seen = kept.Count;
    }

    private void Open(ushort port = 4000) => Send(99, "", TcpFlags.Synchronize, port);

    private void Finish(uint sequence) => Send(sequence, "", TcpFlags.Finish | TcpFlags.Acknowledge);

    private uint Send(uint sequence, string text, TcpFlags flags = TcpFlags.Acknowledge, ushort port = 4000)
    {
        TcpSegment tcp = new()
        {
            SourcePort = port,
            DestinationPort = 80,
            Sequence = sequence,
            Flags = flags,
            Payload = Encoding.ASCII.GetBytes(text),
        };
        stack.SendTcp(Local, Server, tcp);
        return sequence + (uint)text.Length;
    }

    private sealed class Output(LinkMonitor monitor) : IPacketOutput
    {
        public void Send(ReadOnlySpan<byte> packet, IpAddress destination)
        {
            byte[] frame = new byte[EthernetFrame.HeaderSize + packet.Length];
            EthernetFrame.WriteHeader(frame, TestSegment.Mac(1), Ours, EtherTypes.Ipv4);
            packet.CopyTo(frame.AsSpan(EthernetFrame.HeaderSize));
            monitor.Sent(frame);
        }
    }
}
