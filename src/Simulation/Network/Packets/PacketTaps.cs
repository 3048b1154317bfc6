using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network.Packets;

/// <summary>The machine's packet sockets: they see the frames of its links.</summary>
/// <remarks>What comes in goes to all whose protocol fits; what goes out only to those of ETH_P_ALL, and never to its own sender.</remarks>
internal sealed class PacketTaps
{
    /// <summary>ETH_P_ALL.</summary>
    public const ushort AllProtocols = 3;

    private readonly List<PacketSocket> sockets = [];
    private PacketSocket? sender;
    private ushort sentProtocol;

    /// <summary>True if a frame would be seen by anybody.</summary>
    public bool IsAnybodyThere => sockets.Count > 0;

    public void Add(PacketSocket socket) => sockets.Add(socket);

    public void Remove(PacketSocket socket) => sockets.Remove(socket);

    /// <summary>A packet socket sends; it does not see that itself, and others see the protocol that it has named.</summary>
    public void Transmit(PacketSocket from, SimulatedLink link, ReadOnlySpan<byte> frame, ushort protocol)
    {
        PacketSocket? before = sender;
        sender = from;
        sentProtocol = protocol;
        link.Transmit(frame);
        sender = before;
    }

    /// <summary>A frame leaves.</summary>
    public void Sent(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (sockets.Count > 0)
        {
            Deliver(link, frame, sender is null ? LinkHeader.ProtocolOf(link, frame) : sentProtocol, PacketKind.Outgoing, sender);
        }
    }

    /// <summary>A frame has come in.</summary>
    public void Received(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (sockets.Count > 0)
        {
            Deliver(link, frame, LinkHeader.ProtocolOf(link, frame), KindOf(link, frame), null);
        }
    }

    /// <summary>The link goes down or away: who is bound to it is told.</summary>
    public void LinkDown(SimulatedLink link)
    {
        foreach (PacketSocket socket in sockets.ToArray())
        {
            socket.LinkDown(link);
        }
    }

    /// <summary>The link is up again.</summary>
    public void LinkUp(SimulatedLink link)
    {
        foreach (PacketSocket socket in sockets)
        {
            socket.LinkUp(link);
        }
    }

    /// <summary>Whom an incoming frame is for.</summary>
    public static PacketKind KindOf(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (LinkHeader.SizeOf(link) == 0 || frame.Length < LinkHeader.EthernetSize)
        {
            return PacketKind.Host;
        }

        MacAddress destination = MacAddress.Read(frame);
        return destination == MacAddress.Broadcast && link.Kind != LinkKind.Loopback ? PacketKind.Broadcast // lo has no broadcast address
            : destination.IsGroup ? PacketKind.Multicast
            : destination == link.MacAddress ? PacketKind.Host : PacketKind.OtherHost;
    }

    // Nothing that a socket does on delivery opens or closes another: wakes mark, and run later.
    private void Deliver(SimulatedLink link, ReadOnlySpan<byte> frame, ushort protocol, PacketKind kind, PacketSocket? except)
    {
        foreach (PacketSocket socket in sockets)
        {
            if (socket != except && socket.Sees(link, protocol, kind))
            {
                socket.Deliver(link, frame, protocol, kind);
            }
        }
    }
}
