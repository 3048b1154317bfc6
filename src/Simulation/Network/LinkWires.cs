using System;
using System.Collections.Generic;
using Spindle.Basics;

namespace Spindle.Simulation.Network;

/// <summary>Carries frames between links of one machine: pairs, VLANs, bridges and the loopback need no cable.</summary>
internal sealed class LinkWires(NetworkStack stack)
{
    private const ushort VlanTag = 0x8100;
    private const int AddressesSize = 12;
    private const int TagSize = 4;

    private readonly Queue<(SimulatedLink To, byte[] Frame)> onTheWay = new();
    private bool isSettling;

    /// <summary>What is on the way arrives now: between two packets of one system call, the kernel takes what the first has led to.</summary>
    public void Settle()
    {
        if (!isSettling)
        {
            isSettling = true;
            while (TryDeliver())
            {
                // the next
            }

            isSettling = false;
        }
    }

    /// <summary>A frame leaves a link.</summary>
    public void Carry(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        switch (link.Kind)
        {
            case LinkKind.Loopback: Later(link, frame.ToArray()); break;
            case LinkKind.Veth when link.Peer is { } peer: Later(peer, frame.ToArray()); break;
            case LinkKind.Vlan when link.Peer is { } parent: parent.Transmit(Tagged(frame, link.VlanId)); break;
            case LinkKind.Ethernet: link.Cable?.Send(frame); break;
            case LinkKind.Tap or LinkKind.Tun: link.Program?.Invoke(link, frame); break;
            case LinkKind.Bridge: Flood(link, null, frame); break;
            case LinkKind.Dummy or LinkKind.Veth or LinkKind.Vlan: break;
        }
    }

    /// <summary>A frame came in by a link; what is above the link gets it too.</summary>
    public void Arrived(SimulatedLink link, ReadOnlySpan<byte> frame)
    {
        if (link.Master is { Kind: LinkKind.Bridge } bridge)
        {
            bridge.Receive(frame);
            Flood(bridge, link, frame);
            return;
        }

        if (frame.Length >= AddressesSize + TagSize && (frame[AddressesSize] << 8 | frame[AddressesSize + 1]) == VlanTag)
        {
            ToVlan(link, frame);
        }
    }

    private static byte[] Tagged(ReadOnlySpan<byte> frame, ushort id)
    {
        byte[] tagged = new byte[frame.Length + TagSize];
        frame[..AddressesSize].CopyTo(tagged);
        tagged[AddressesSize] = VlanTag >> 8;
        tagged[AddressesSize + 1] = VlanTag & 0xFF;
        tagged[AddressesSize + 2] = (byte)(id >> 8);
        tagged[AddressesSize + 3] = (byte)id;
        frame[AddressesSize..].CopyTo(tagged.AsSpan(AddressesSize + TagSize));
        return tagged;
    }

    private void ToVlan(SimulatedLink parent, ReadOnlySpan<byte> frame)
    {
        int id = (frame[AddressesSize + 2] << 8 | frame[AddressesSize + 3]) & 0xFFF;
        foreach (SimulatedLink link in stack.Links)
        {
            if (link.Kind == LinkKind.Vlan && link.Peer == parent && link.VlanId == id)
            {
                byte[] plain = new byte[frame.Length - TagSize];
                frame[..AddressesSize].CopyTo(plain);
                frame[(AddressesSize + TagSize)..].CopyTo(plain.AsSpan(AddressesSize));
                link.Receive(plain);
                return;
            }
        }
    }

    // A switch that knows nobody: every port but the one that it came in by.
    private void Flood(SimulatedLink bridge, SimulatedLink? from, ReadOnlySpan<byte> frame)
    {
        foreach (SimulatedLink port in stack.Links)
        {
            if (port.Master == bridge && port != from)
            {
                port.Transmit(frame);
            }
        }
    }

    private void Later(SimulatedLink to, byte[] frame)
    {
        onTheWay.Enqueue((to, frame));
        stack.Machine.Monotonic.Set(stack.Machine.Monotonic.Now, () => TryDeliver());
    }

    private bool TryDeliver()
    {
        bool isThere = onTheWay.TryDequeue(out (SimulatedLink To, byte[] Frame) next);
        if (isThere && next.To.IsPresent)
        {
            next.To.Receive(next.Frame);
        }

        return isThere;
    }
}
