using System;
using System.Text;
using Spindle.Simulation.Actors.Hosts;

namespace Simulation.Tests.Actors;

/// <summary>Says one thing when the connection stands, and keeps what it hears.</summary>
internal sealed class TalkApplication(string said, bool finishesAfter = false, bool echoes = false) : ITcpApplication
{
    public StringBuilder Heard { get; } = new();

    public bool IsOpened { get; private set; }

    public bool HasPeerFinished { get; private set; }

    public bool? IsClosedOrderly { get; private set; }

    public void Opened(TcpConnection connection)
    {
        IsOpened = true;
        connection.Send(Encoding.Latin1.GetBytes(said));
        if (finishesAfter)
        {
            connection.Finish();
        }
    }

    public void Received(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        Heard.Append(Encoding.Latin1.GetString(octets));
        if (echoes)
        {
            connection.Send(octets);
        }
    }

    public void PeerFinished(TcpConnection connection)
    {
        HasPeerFinished = true;
        connection.Finish();
    }

    public void Closed(TcpConnection connection, bool isOrderly) => IsClosedOrderly = isOrderly;
}
