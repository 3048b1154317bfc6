using System;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>What sits on a <see cref="TcpConnection"/>: a server's answer to one client, or a client.</summary>
internal interface ITcpApplication
{
    /// <summary>The handshake is over.</summary>
    void Opened(TcpConnection connection);

    /// <summary>Octets arrived, in order and once.</summary>
    void Received(TcpConnection connection, ReadOnlySpan<byte> octets);

    /// <summary>The peer sends no more; we still may.</summary>
    void PeerFinished(TcpConnection connection);

    /// <summary>It is over.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isOrderly">False if it was reset, or the peer went silent.</param>
    void Closed(TcpConnection connection, bool isOrderly);
}
