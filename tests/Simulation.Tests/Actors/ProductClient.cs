using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Arp;
using Spindle.Protocols.Dhcp.V4;
using Spindle.Simulation.Actors.Hosts;
using Spindle.Simulation.Actors.Monitors;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Simulation.Tests.Actors;

/// <summary>The product's DHCP and conflict machines on a host, in the way the drivers join them, with a monitor at its device.</summary>
internal sealed class ProductClient
{
    private readonly TestSegment segment;
    private readonly DhcpClient dhcp;
    private readonly AddressConflictDetector detector;
    private Alarm? alarm;

    public ProductClient(TestSegment segment, string name, byte number, bool detectsConflicts = false, ulong seed = 99)
    {
        this.segment = segment;
        Host = new ActorHost(segment.Context.Fork(name), name, TestSegment.Mac(number));
        Monitor = new LinkMonitor(segment.Context, name, Host.HardwareAddress);
        Host.Attach(Monitor.Watch(segment.PlugIn(Monitor.Watch(Host))));
        Host.AddTap(Hear);
        dhcp = new DhcpClient(
            new() { HardwareAddress = Host.HardwareAddress, DetectsConflicts = detectsConflicts, HostName = name }, seed);
        detector = new AddressConflictDetector(Host.HardwareAddress, AddressDefence.DefendOnce, seed);
    }

    public ActorHost Host { get; }

    public LinkMonitor Monitor { get; }

    /// <summary>What happened, one word each.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What is on the link.</summary>
    public DhcpLease? Lease { get; private set; }

    public DhcpClientState State => dhcp.State;

    public void Start(IpAddress remembered = default) => Step(DhcpInput.Started(remembered));

    public void Release() => Step(DhcpInput.Released);

    public void ReturnCarrier()
    {
        Monitor.Restarted();
        Step(DhcpInput.CarrierLost);
        Step(DhcpInput.CarrierReturned);
    }

    private Instant Now => segment.Clock.Now;

    private void Step(in DhcpInput input)
    {
        dhcp.Step(input, Now);
        Drain();
    }

    private void StepDetector(in AddressConflictInput input)
    {
        detector.Step(input, Now);
        Drain();
    }

    private void Drain()
    {
        bool isMore = true;
        while (isMore)
        {
            isMore = false;
            while (dhcp.TryTake(out DhcpOutput output))
            {
                isMore = true;
                Do(output);
            }

            while (detector.TryTake(out AddressConflictOutput output))
            {
                isMore = true;
                Do(output);
            }
        }

        alarm?.Cancel();
        Instant next = Instant.Min(dhcp.Deadline, detector.Deadline);
        alarm = next.IsNever ? null : segment.Clock.Set(next, () =>
        {
            dhcp.Step(DhcpInput.TimePassed, Now);
            detector.Step(AddressConflictInput.TimePassed, Now);
            Drain();
        });
    }

    private void Do(in DhcpOutput output)
    {
        switch (output.Kind)
        {
            case DhcpOutputKind.SendBroadcast:
                byte[] datagram = new byte[UdpDatagram.HeadersSize + output.Message!.Size];
                output.Message.Write(datagram.AsSpan(UdpDatagram.HeadersSize));
                UdpDatagram.WriteHeaders(datagram, IpAddress.AnyV4, IpAddress.BroadcastV4, 68, 67);
                Host.SendFrame(MacAddress.Broadcast, EtherTypes.Ipv4, datagram);
                break;
            case DhcpOutputKind.SendUnicast:
                byte[] message = new byte[output.Message!.Size];
                output.Message.Write(message);
                Host.Ip.SendUdp(output.Source, 68, output.Destination, 67, message);
                break;
            case DhcpOutputKind.ProbeAddress:
                detector.Step(AddressConflictInput.ProbeWanted(output.Address), Now);
                break;
            case DhcpOutputKind.LeaseAcquired:
                if (Lease is not null)
                {
                    Host.RemoveAddress(Lease.Address);
                }

                Lease = output.Lease;
                Host.AddAddress(Lease!.Address);
                Host.GatewayV4 = Lease.Gateway;
                Story.Add("acquired");
                break;
            case DhcpOutputKind.LeaseRenewed:
                Lease = output.Lease;
                Story.Add("renewed");
                break;
            case DhcpOutputKind.LeaseLost:
                detector.Step(AddressConflictInput.Stopped, Now);
                Host.RemoveAddress(Lease!.Address);
                Lease = null;
                Story.Add("lost " + output.Reason);
                break;
            case DhcpOutputKind.NoLeaseYet:
                Story.Add("none yet");
                break;
            case DhcpOutputKind.MessageRefused:
                Story.Add("refused");
                break;
            case DhcpOutputKind.StateChanged:
                break;
        }
    }

    private void Do(in AddressConflictOutput output)
    {
        switch (output.Kind)
        {
            case AddressConflictOutputKind.Send:
                byte[] octets = new byte[ArpPacket.Size];
                output.Packet.Write(octets);
                Host.SendFrame(MacAddress.Broadcast, EtherTypes.Arp, octets);
                break;
            case AddressConflictOutputKind.AddressFree:
                dhcp.Step(DhcpInput.AddressFree(output.Address), Now);
                break;
            case AddressConflictOutputKind.AddressInUse:
            case AddressConflictOutputKind.AddressLost:
                Story.Add("conflict");
                dhcp.Step(DhcpInput.AddressInUse(output.Address), Now);
                break;
            case AddressConflictOutputKind.AddressDefended:
                Story.Add("defended");
                break;
        }
    }

    private bool Hear(in EthernetFrame frame)
    {
        bool isForUs = frame.Destination == Host.HardwareAddress || frame.Destination.IsGroup;
        if (isForUs && frame.EtherType == EtherTypes.Arp && ArpPacket.TryRead(frame.Payload, out ArpPacket arp, out _))
        {
            StepDetector(AddressConflictInput.PacketReceived(arp));
        }
        else if (isForUs && frame.EtherType == EtherTypes.Ipv4
            && UdpDatagram.TryParse(frame.Payload, false, out UdpDatagram datagram, out _) && datagram.DestinationPort == 68
            && DhcpPacket.TryParse(datagram.Payload, out DhcpPacket packet, out _))
        {
            dhcp.Step(DhcpInput.MessageReceived(packet, frame.Source), Now);
            Drain();
        }

        return false;
    }
}
