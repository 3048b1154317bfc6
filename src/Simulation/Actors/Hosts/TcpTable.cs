using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Both ends of a connection.</summary>
internal readonly record struct TcpEnds(IpAddress Local, ushort LocalPort, IpAddress Remote, ushort RemotePort);

/// <summary>What a listener does about a client that knocks.</summary>
internal enum TcpWelcome
{
    /// <summary>Take the connection.</summary>
    Accept,

    /// <summary>Answer with a reset, as if nobody listened.</summary>
    Refuse,

    /// <summary>Say nothing.</summary>
    Ignore,
}

/// <summary>The TCP connections of one stack.</summary>
internal sealed class TcpTable(IpStack stack)
{
    /// <summary>More connections than this are refused.</summary>
    public const int ConnectionsMax = 1024;

    private readonly Dictionary<TcpEnds, TcpConnection> connections = [];
    private readonly Dictionary<ushort, (Func<TcpEnds, TcpWelcome> Welcome, Func<ITcpApplication> Make)> listeners = [];
    private ushort lastPort = 49_151;

    public int Count => connections.Count;

    /// <summary>Resets that were sent.</summary>
    public long Refused { get; private set; }

    internal IpStack Stack => stack;

    /// <summary>Listens on a port of all addresses.</summary>
    public void Listen(ushort port, Func<TcpEnds, TcpWelcome> welcome, Func<ITcpApplication> make) =>
        listeners[port] = (welcome, make);

    public void StopListening(ushort port) => listeners.Remove(port);

    /// <summary>Opens a connection from a port of its own.</summary>
    public TcpConnection Connect(IpAddress local, IpAddress remote, ushort remotePort, ITcpApplication application)
    {
        TcpEnds ends;
        do
        {
            lastPort = lastPort == ushort.MaxValue ? (ushort)49_152 : (ushort)(lastPort + 1);
            ends = new(local, lastPort, remote, remotePort);
        }
        while (connections.ContainsKey(ends));

        TcpConnection connection = new(this, ends, application);
        connections.Add(ends, connection);
        connection.OpenActively();
        return connection;
    }

    /// <summary>Takes a segment for one of our addresses.</summary>
    public void Receive(IpAddress local, IpAddress remote, in TcpSegment segment)
    {
        TcpEnds ends = new(local, segment.DestinationPort, remote, segment.SourcePort);
        if (connections.TryGetValue(ends, out TcpConnection? connection))
        {
            connection.Receive(segment);
        }
        else if (segment.Has(TcpFlags.Synchronize) && !segment.Has(TcpFlags.Acknowledge) && !segment.Has(TcpFlags.Reset)
            && listeners.TryGetValue(ends.LocalPort, out var listener) && connections.Count < ConnectionsMax)
        {
            Welcome(ends, segment, listener.Welcome(ends), listener.Make);
        }
        else if (!segment.Has(TcpFlags.Reset))
        {
            SendReset(ends, segment);
        }
    }

    /// <summary>Forgets all connections without a word, as a host does that loses its power.</summary>
    public void Forget()
    {
        foreach (TcpConnection connection in new List<TcpConnection>(connections.Values))
        {
            connection.Vanish();
        }
    }

    internal void Remove(TcpConnection connection) => connections.Remove(connection.Ends);

    private void Welcome(TcpEnds ends, in TcpSegment segment, TcpWelcome welcome, Func<ITcpApplication> make)
    {
        switch (welcome)
        {
            case TcpWelcome.Accept:
                TcpConnection connection = new(this, ends, make());
                connections.Add(ends, connection);
                connection.OpenPassively(segment);
                break;
            case TcpWelcome.Refuse:
                SendReset(ends, segment);
                break;
            case TcpWelcome.Ignore:
                break;
        }
    }

    /// <summary>The answer to a segment for a connection that does not exist (RFC 9293, section 3.10.7.1).</summary>
    private void SendReset(in TcpEnds ends, in TcpSegment segment)
    {
        Refused++;
        bool isAcknowledging = segment.Has(TcpFlags.Acknowledge);
        stack.SendTcp(ends.Local, ends.Remote, new()
        {
            SourcePort = ends.LocalPort,
            DestinationPort = ends.RemotePort,
            Sequence = isAcknowledging ? segment.Acknowledgement : 0,
            Acknowledgement = isAcknowledging ? 0 : segment.Sequence + segment.Length,
            Flags = isAcknowledging ? TcpFlags.Reset : TcpFlags.Reset | TcpFlags.Acknowledge,
        });
    }
}
