using System;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Drivers.Packets;

/// <summary>One link's share of a <see cref="PacketSocket"/>. It listens when told so, and can always send.</summary>
public sealed class PacketListener
{
    private readonly PacketSocket socket;
    private readonly PacketHandler handler;

    internal PacketListener(PacketSocket socket, int interfaceIndex, PacketHandler handler)
    {
        this.socket = socket;
        this.handler = handler;
        InterfaceIndex = interfaceIndex;
    }

    /// <summary>The link.</summary>
    public int InterfaceIndex { get; }

    /// <summary>True while packets are wanted.</summary>
    public bool IsListening { get; private set; }

    /// <summary>With ARP: the address that packets must be about.</summary>
    public IpAddress Subject { get; private set; }

    internal bool IsRemoved { get; private set; }

    /// <summary>The next listener on the same link. Kept after removal, so that a walk over the list goes on.</summary>
    internal PacketListener? Next { get; set; }

    /// <summary>Packets are wanted from now on, or about another address.</summary>
    /// <param name="subject">With ARP: the address that packets must be about.</param>
    /// <returns>A failure if the socket cannot be opened or its filter set.</returns>
    public Result Listen(IpAddress subject = default) => Change(true, subject);

    /// <summary>Packets are no longer wanted.</summary>
    public Result Ignore() => Change(false, default);

    /// <summary>Sends on the link.</summary>
    /// <param name="destination">To whom.</param>
    /// <param name="octets">From the network header on.</param>
    public Result Send(MacAddress destination, ReadOnlySpan<byte> octets) =>
        socket.Send(InterfaceIndex, destination, octets);

    /// <summary>Ends it; no packet comes from here on. Legal from its own callback.</summary>
    public void Remove()
    {
        if (!IsRemoved)
        {
            IsRemoved = true;
            Ignore();
            socket.Remove(this);
        }
    }

    internal void Receive(scoped in ReceivedPacket packet) => handler(packet);

    private Result Change(bool isListening, IpAddress subject)
    {
        // What could not be set (ENOMEM) is tried again by whoever asks next.
        if (isListening == IsListening && subject == Subject && socket.IsFilterSet)
        {
            return Result.Ok();
        }

        IsListening = isListening;
        Subject = subject;
        return socket.UpdateFilter();
    }
}
