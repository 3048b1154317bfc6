using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Actors.Wire;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Actors.Hosts;

/// <summary>Which hardware address an IP address has: ARP (RFC 826) and neighbour discovery (RFC 4861, section 7) of one host.</summary>
internal sealed class NeighborCache(ActorHost host)
{
    private const int QueueMax = 8;
    private const int EntriesMax = 1024;
    private const int RequestsMax = 3;
    private const byte NeighborHopLimit = 255;
    private static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(10);
    private static readonly IpAddress AllNodes = IpAddress.FromV6(((UInt128)0xFF02 << 112) + 1);

    private readonly Dictionary<IpAddress, Neighbor> entries = [];

    private sealed class Neighbor
    {
        public MacAddress HardwareAddress;
        public Instant ValidUntil;
        public int Requests;
        public Alarm? RetryAlarm;
        public Queue<byte[]>? Waiting;
    }

    public void Forget()
    {
        foreach (Neighbor neighbor in entries.Values)
        {
            neighbor.RetryAlarm?.Cancel();
        }

        entries.Clear();
    }

    /// <summary>Sends a packet to a neighbour, once it is known where that is.</summary>
    public void Send(IpAddress to, ReadOnlySpan<byte> packet)
    {
        if (!entries.TryGetValue(to, out Neighbor? neighbor))
        {
            if (entries.Count >= EntriesMax)
            {
                Forget();
            }

            neighbor = new();
            entries.Add(to, neighbor);
        }

        if (neighbor.ValidUntil > host.Context.Clock.Now)
        {
            host.SendFrame(neighbor.HardwareAddress, to.IsV4 ? EtherTypes.Ipv4 : EtherTypes.Ipv6, packet);
            return;
        }

        neighbor.Waiting ??= new();
        if (neighbor.Waiting.Count < QueueMax)
        {
            neighbor.Waiting.Enqueue(packet.ToArray());
        }

        if (neighbor.RetryAlarm is not { IsSet: true })
        {
            neighbor.Requests = 0;
            Ask(to, neighbor);
        }
    }

    public void Receive(in ArpMessage message)
    {
        bool isForUs = host.Ip.Has(message.Target);
        if (!message.Sender.IsUnspecified)
        {
            Learn(message.Sender, message.SenderHardware, isForUs);
        }

        if (message.Operation == ArpMessage.Request && isForUs && host.AnswersNeighbors)
        {
            host.SendArp(message.SenderHardware, new(
                ArpMessage.Reply, host.HardwareAddress, message.Target, message.SenderHardware, message.Sender));
        }
    }

    /// <summary>Takes a neighbour solicitation or advertisement; false if the packet is another.</summary>
    public bool TryReceive(in IpDatagram packet)
    {
        if (!IcmpMessage.TryParse(packet, out IcmpMessage icmp, out _)
            || icmp.Type is not (IcmpMessage.NeighborSolicitation or IcmpMessage.NeighborAdvertisement))
        {
            return false;
        }

        if (packet.HopLimit != NeighborHopLimit || icmp.Code != 0
            || !NeighborMessage.TryRead(icmp.Type, icmp.Body, out NeighborMessage message))
        {
            return true;
        }

        if (icmp.Type == IcmpMessage.NeighborAdvertisement)
        {
            Learn(message.Target, message.LinkLayer, false);
        }
        else if (host.Ip.Has(message.Target))
        {
            Learn(packet.Source, message.LinkLayer, !packet.Source.IsUnspecified);
            Answer(packet.Source, message.Target);
        }

        return true;
    }

    private void Answer(IpAddress asker, IpAddress target)
    {
        if (host.AnswersNeighbors)
        {
            bool isProbe = asker.IsUnspecified;
            SendNeighbor(IcmpMessage.NeighborAdvertisement, target, isProbe ? AllNodes : asker,
                new(target, host.HardwareAddress, host.IsRouter, !isProbe, true));
        }
    }

    private void Ask(IpAddress to, Neighbor neighbor)
    {
        if (neighbor.Requests++ >= RequestsMax || host.SourceFor(to) is not { } source)
        {
            neighbor.Waiting = null;
            return;
        }

        if (to.IsV4)
        {
            host.SendArp(MacAddress.Broadcast, new(ArpMessage.Request, host.HardwareAddress, source, default, to));
        }
        else
        {
            SendNeighbor(IcmpMessage.NeighborSolicitation, source, NeighborMessage.SolicitedGroupOf(to),
                new(to, host.HardwareAddress));
        }

        VirtualClock clock = host.Context.Clock;
        neighbor.RetryAlarm = clock.Set(clock.Now + RequestInterval, () => Ask(to, neighbor));
    }

    private void SendNeighbor(byte type, IpAddress source, IpAddress destination, in NeighborMessage message)
    {
        Span<byte> body = stackalloc byte[message.Size];
        message.Write(type, body);
        Span<byte> packet = host.Ip.MakeIcmp(source, destination, type, 0, body, NeighborHopLimit);
        if (destination.IsMulticast)
        {
            host.SendFrame(EthernetFrame.GroupOf(destination), EtherTypes.Ipv6, packet);
        }
        else
        {
            Send(destination, packet); // Who asks is on the link, whatever network its address is of.
        }
    }

    private void Learn(IpAddress address, MacAddress hardwareAddress, bool mayAdd)
    {
        if (hardwareAddress.IsZero || hardwareAddress.IsGroup || host.Ip.Has(address))
        {
            return;
        }

        if (!entries.TryGetValue(address, out Neighbor? neighbor))
        {
            if (!mayAdd || entries.Count >= EntriesMax)
            {
                return;
            }

            neighbor = new();
            entries.Add(address, neighbor);
        }

        neighbor.HardwareAddress = hardwareAddress;
        neighbor.ValidUntil = host.Context.Clock.Now + Validity;
        neighbor.RetryAlarm?.Cancel();
        Queue<byte[]>? waiting = neighbor.Waiting;
        neighbor.Waiting = null;
        while (waiting is { Count: > 0 })
        {
            host.SendFrame(hardwareAddress, address.IsV4 ? EtherTypes.Ipv4 : EtherTypes.Ipv6, waiting.Dequeue());
        }
    }
}
