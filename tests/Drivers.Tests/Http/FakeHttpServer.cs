using System;
using System.Collections.Generic;
using System.Text;
using Spindle.Basics;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Kernels;
using Spindle.Loop;

namespace Spindle.Drivers.Tests.Http;

/// <summary>What a fake server does once a request has come.</summary>
internal delegate void HttpResponder(FakeHttpServer server, int connection, string request);

/// <summary>An HTTP server on loopback, on the test's own loop.</summary>
internal sealed class FakeHttpServer : IDisposable
{
    private readonly EventLoop loop;
    private readonly Kernel kernel;
    private readonly HttpResponder responder;
    private readonly FdSource listener;
    private readonly Dictionary<int, FdSource> connections = [];

    public FakeHttpServer(EventLoop loop, IpAddress address, HttpResponder responder)
    {
        this.loop = loop;
        this.responder = responder;
        kernel = loop.Kernel;
        int fd = LoopbackSocket.Open(kernel, SocketType.Stream, address, out ushort port);
        Port = port;
        listener = loop.AddFd(fd, FdEvents.Readable, OnConnection);
    }

    public ushort Port { get; }

    /// <summary>Requests that have come.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Connections that were taken.</summary>
    public int Accepted { get; private set; }

    /// <summary>Connections that the client has ended.</summary>
    public int Ended { get; private set; }

    public void Send(int connection, string text)
    {
        byte[] octets = Encoding.ASCII.GetBytes(text);
        int sent = 0;
        while (sent < octets.Length && kernel.Send(connection, octets.AsSpan(sent)) is { IsOk: true } result)
        {
            sent += result.Int;
        }
    }

    /// <summary>Sends octet after octet, one a millisecond, as long as the connection lasts.</summary>
    public void Drip(int connection, string text)
    {
        int at = 0;
        TimerSource timer = loop.AddTimer((self, _) =>
        {
            if (!connections.ContainsKey(connection))
            {
                self.Remove();
                return;
            }

            Send(connection, text[at].ToString());
            at = (at + 1) % text.Length;
            self.ArmAfter(TimeSpan.FromMilliseconds(1));
        });
        timer.ArmAfter(TimeSpan.Zero);
    }

    public void Hang(int connection)
    {
        connections.Remove(connection, out FdSource? source);
        source!.Remove();
        kernel.Close(connection);
    }

    /// <summary>Breaks the connection: SO_LINGER with no time makes close send a reset.</summary>
    public void Reset(int connection)
    {
        kernel.SetSocketOption(connection, 1, 13, [1, 0, 0, 0, 0, 0, 0, 0]);
        Hang(connection);
    }

    public void Dispose()
    {
        listener.Remove();
        kernel.Close(listener.Fd);
        foreach (int connection in new List<int>(connections.Keys))
        {
            Hang(connection);
        }
    }

    private void OnConnection(FdSource source, FdEvents ready)
    {
        Result accepted = kernel.Accept(source.Fd, out _);
        Assert.True(accepted.IsOk);
        Accepted++;
        connections[accepted.Int] = loop.AddFd(accepted.Int, FdEvents.Readable, OnData);
    }

    private void OnData(FdSource source, FdEvents ready)
    {
        byte[] buffer = new byte[8192];
        Result received = kernel.Receive(source.Fd, buffer);
        if (received.Int > 0)
        {
            Requests.Add(Encoding.ASCII.GetString(buffer, 0, received.Int));
            responder(this, source.Fd, Requests[^1]);
        }
        else if (!received.Is(Errno.EAGAIN))
        {
            Ended++;
            Hang(source.Fd);
        }
    }
}
