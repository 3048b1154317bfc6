using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Kernels;
using Spindle.Loop;
using Spindle.Protocols.Dns;

namespace Spindle.Drivers.Tests.Dns;

/// <summary>What a fake server does with a query; null: nothing.</summary>
internal delegate byte[]? DnsResponder(byte[] query, bool isTcp);

/// <summary>A name server on loopback, UDP and TCP on one port, on the test's own loop.</summary>
internal sealed class FakeDnsServer : IDisposable
{
    private readonly EventLoop loop;
    private readonly Kernel kernel;
    private readonly DnsResponder responder;
    private readonly List<FdSource> sources = [];

    public FakeDnsServer(EventLoop loop, DnsResponder responder)
    {
        this.loop = loop;
        this.responder = responder;
        kernel = loop.Kernel;
        IpAddress address = IpAddress.FromV4(127, 0, 0, 1);
        int tcp = -1;
        int udp = -1;
        while (tcp < 0)
        {
            udp = LoopbackSocket.Open(kernel, SocketType.Datagram, address, out ushort port);
            tcp = LoopbackSocket.Open(kernel, SocketType.Stream, address, out _, port);
            Server = new(address, port);
            if (tcp < 0)
            {
                kernel.Close(udp);
            }
        }

        sources.Add(loop.AddFd(udp, FdEvents.Readable, OnDatagram));
        sources.Add(loop.AddFd(tcp, FdEvents.Readable, OnConnection));
    }

    public DnsServer Server { get; private set; }

    /// <summary>Where the queries came from, in order.</summary>
    public List<SocketAddress> Clients { get; } = [];

    /// <summary>The queries' ids, in order.</summary>
    public List<ushort> Ids { get; } = [];

    public void Dispose()
    {
        foreach (FdSource source in sources)
        {
            source.Remove();
            kernel.Close(source.Fd);
        }
    }

    /// <summary>The response to a query: the same question, this code, these addresses.</summary>
    public static byte[] Respond(byte[] query, int code = 0, bool isTruncated = false, params string[] addresses)
    {
        List<byte> octets = [.. query];
        octets[2] = (byte)(0x81 | (isTruncated ? 2 : 0));
        octets[3] = (byte)(0x80 | code);
        octets[7] = (byte)addresses.Length;
        foreach (string text in addresses)
        {
            IpAddress address = IpAddress.Parse(text);
            byte[] data = new byte[address.Size];
            address.Write(data);
            octets.AddRange([0xC0, 12, 0, (byte)(address.IsV4 ? 1 : 28), 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data]);
        }

        return [.. octets];
    }

    private void OnDatagram(FdSource source, FdEvents ready)
    {
        byte[] buffer = new byte[1024];
        Result received = kernel.ReceiveFrom(source.Fd, buffer, 0, out SocketAddress client);
        if (received.IsOk)
        {
            Clients.Add(client);
            Ids.Add((ushort)(buffer[0] << 8 | buffer[1]));
            if (responder(buffer[..received.Int], false) is { } response)
            {
                kernel.SendTo(source.Fd, response, 0, client);
            }
        }
    }

    private void OnConnection(FdSource source, FdEvents ready)
    {
        Result accepted = kernel.Accept(source.Fd, out SocketAddress client);
        Assert.True(accepted.IsOk);
        Clients.Add(client);
        sources.Add(loop.AddFd(accepted.Int, FdEvents.Readable, OnStream));
    }

    private void OnStream(FdSource source, FdEvents ready)
    {
        byte[] buffer = new byte[1024];
        Result received = kernel.Receive(source.Fd, buffer);
        if (!received.IsOk || received.Int < 2)
        {
            sources.Remove(source);
            source.Remove();
            kernel.Close(source.Fd);
            return;
        }

        if (responder(buffer[2..received.Int], true) is { } response)
        {
            // In two pieces, cut inside the length: a stream has no message borders.
            byte[] stream = [(byte)(response.Length >> 8), (byte)response.Length, .. response];
            kernel.Send(source.Fd, stream.AsSpan(0, 1));
            TimerSource timer = loop.AddTimer((self, _) =>
            {
                self.Remove();
                kernel.Send(source.Fd, stream.AsSpan(1));
            });
            timer.ArmAfter(TimeSpan.FromMilliseconds(1));
        }
    }
}
