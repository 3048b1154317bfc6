using Spindle.Basics;
using Spindle.Drivers.Packets;
using Spindle.Kernels;
using Spindle.Protocols.Arp;

namespace Spindle.Drivers.Arp;

/// <summary>A machine that speaks ARP about one address at a time, on the loop.</summary>
public abstract class ArpDriver : PacketDriver
{
    private readonly ArpTransport transport;
    private readonly MacAddress hardwareAddress;
    private readonly PacketListener listener;

    private protected ArpDriver(ArpTransport transport, int interfaceIndex, MacAddress hardwareAddress, string name)
        : base(transport.Loop, interfaceIndex, name)
    {
        this.transport = transport;
        this.hardwareAddress = hardwareAddress;
        listener = transport.AddListener(interfaceIndex, hardwareAddress, OnPacket);
    }

    /// <summary>Where the machine stands.</summary>
    public abstract AddressConflictState State { get; }

    /// <summary>The address that packets are awaited about; null if none are.</summary>
    private protected abstract IpAddress? Awaited { get; }

    private protected Instant Now => transport.Loop.Now;

    private protected abstract void Receive(in ArpPacket packet);

    private protected void Send(in ArpPacket packet) => SendError = ArpTransport.Send(listener, packet).Error;

    private protected sealed override Result Listen() => Awaited is { } address ? listener.Listen(address) : listener.Ignore();

    private protected sealed override void RemoveListener() => transport.RemoveListener(listener, hardwareAddress);

    private void OnPacket(scoped in ReceivedPacket received)
    {
        if (transport.TryRead(received, out ArpPacket packet))
        {
            Receive(packet);
        }
    }
}
