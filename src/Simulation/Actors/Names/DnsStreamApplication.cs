using System;
using System.Collections.Generic;
using Spindle.Simulation.Actors.Hosts;

namespace Spindle.Simulation.Actors.Names;

/// <summary>Queries over one TCP connection: each with its length in front (RFC 1035, section 4.2.2).</summary>
internal sealed class DnsStreamApplication(DnsService service) : ITcpApplication
{
    private const int MessageMax = 4096;

    private readonly List<byte> received = [];

    public void Opened(TcpConnection connection)
    {
    }

    public void Received(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        received.AddRange(octets);
        while (received.Count >= 2)
        {
            int length = received[0] << 8 | received[1];
            if (length > MessageMax)
            {
                connection.Abort();
                return;
            }

            if (received.Count < 2 + length)
            {
                return;
            }

            byte[] query = received.GetRange(2, length).ToArray();
            received.RemoveRange(0, 2 + length);
            if (service.AnswerStream(query) is { } reply)
            {
                connection.Send([(byte)(reply.Length >> 8), (byte)reply.Length, .. reply]);
            }
        }
    }

    public void PeerFinished(TcpConnection connection) => connection.Finish();

    public void Closed(TcpConnection connection, bool isOrderly)
    {
    }
}
