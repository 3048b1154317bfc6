using System.Collections.Generic;
using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Raw sockets: each gets a copy of every packet of its protocol.</summary>
internal sealed class RawPorts
{
    private readonly List<RawSocket> sockets = [];

    public void Add(RawSocket socket) => sockets.Insert(0, socket);

    public void Remove(RawSocket socket) => sockets.Remove(socket);

    /// <summary>True if anybody took it.</summary>
    public bool Deliver(IpPacket packet)
    {
        bool isHeard = false;
        foreach (RawSocket socket in sockets)
        {
            if (socket.Wants(packet))
            {
                isHeard = true;
                socket.Deliver(packet);
            }
        }

        return isHeard;
    }
}
