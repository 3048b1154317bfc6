using System;
using System.Buffers.Binary;
using System.Globalization;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Makes the links that RTM_NEWLINK asks for.</summary>
internal static class LinkCreation
{
    private const int FixedSize = 16;
    private const int NameMax = 15;

    public static Answer Create(NetworkStack stack, MessageReader message)
    {
        ReadOnlySpan<byte> attributes = message.Payload[FixedSize..];
        if (!MessageReader.TryFind(attributes, LinkAttributes.Info, out ReadOnlySpan<byte> info)
            || !MessageReader.TryFind(info, LinkAttributes.InfoKind, out ReadOnlySpan<byte> kind))
        {
            return Answer.Fail(Errno.EOPNOTSUPP);
        }

        MessageReader.TryFind(info, LinkAttributes.InfoData, out ReadOnlySpan<byte> data);
        string text = MessageReader.Text(kind);
        if (NameOf(stack, attributes, text) is not { } name || !LinkControl.IsName(name))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        MacAddress? given = AddressOf(attributes);
        if (given is { } wrong && (wrong.IsGroup || wrong.IsZero))
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL);
        }

        return text switch
        {
            "veth" => CreatePair(stack, name, given, data),
            "vlan" => CreateVlan(stack, name, attributes, data),
            "bridge" => CreatePlain(stack, name, LinkKind.Bridge, given),
            "dummy" => CreatePlain(stack, name, LinkKind.Dummy, given),
            _ => Answer.Fail(Errno.EOPNOTSUPP, "Unknown device type"),
        };
    }

    private static Answer CreatePlain(NetworkStack stack, string name, LinkKind kind, MacAddress? given)
    {
        bool looksAtPorts = kind == LinkKind.Bridge && given is not null;
        stack.AddLink(name, kind, given ?? Draw(stack), looksAtPorts ? stack.Control.DropCarrier : null);
        return Answer.Done;
    }

    private static Answer CreatePair(NetworkStack stack, string name, MacAddress? given, ReadOnlySpan<byte> data)
    {
        MessageReader.TryFind(data, LinkAttributes.PairPeer, out ReadOnlySpan<byte> peer);
        ReadOnlySpan<byte> attributes = peer.Length > FixedSize ? peer[FixedSize..] : default;
        MessageReader.TryFind(attributes, LinkAttributes.Name, out ReadOnlySpan<byte> peerText);
        string peerName = MessageReader.Text(peerText);
        if (peerName.Length > NameMax)
        {
            return Answer.Fail(Errno.ERANGE, "Attribute failed policy validation");
        }

        peerName = peerName.Length == 0 ? FreeName(stack, "veth", name) : peerName;
        if (!LinkControl.IsName(peerName))
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (stack.FindLink(peerName) is not null)
        {
            return Answer.Fail(Errno.EEXIST);
        }

        MacAddress peerAddress = AddressOf(attributes) ?? Draw(stack);
        if (peerName == name)
        {
            // The peer takes the name first.
            stack.Control.Remove(stack.AddLink(peerName, LinkKind.Veth, peerAddress));
            return Answer.Fail(Errno.EEXIST);
        }

        stack.Control.AddPair(name, given ?? Draw(stack), peerName, peerAddress);
        return Answer.Done;
    }

    private static Answer CreateVlan(NetworkStack stack, string name, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> data)
    {
        if (!MessageReader.TryFind(data, LinkAttributes.VlanId, out ReadOnlySpan<byte> id) || id.Length < 2
            || !MessageReader.TryFind(attributes, LinkAttributes.Link, out ReadOnlySpan<byte> parent) || parent.Length < 4)
        {
            return Answer.Fail(Errno.EINVAL);
        }

        if (stack.FindLink(BinaryPrimitives.ReadInt32LittleEndian(parent)) is not { } under)
        {
            return Answer.Fail(Errno.ENODEV);
        }

        ushort number = BinaryPrimitives.ReadUInt16LittleEndian(id);
        foreach (SimulatedLink other in stack.Links)
        {
            if (other.Kind == LinkKind.Vlan && other.Peer == under && other.VlanId == number)
            {
                return Answer.Fail(Errno.EEXIST);
            }
        }

        stack.AddLink(name, LinkKind.Vlan, AddressOf(attributes) ?? under.MacAddress, link => link.Peer = under, number);
        return Answer.Done;
    }

    private static string? NameOf(NetworkStack stack, ReadOnlySpan<byte> attributes, string kind) =>
        MessageReader.TryFind(attributes, LinkAttributes.Name, out ReadOnlySpan<byte> name)
            ? MessageReader.Text(name)
            : FreeName(stack, kind, "");

    private static string FreeName(NetworkStack stack, string kind, string taken)
    {
        for (int number = 0; ; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
            if (stack.FindLink(name) is null && name != taken)
            {
                return name;
            }
        }
    }

    private static MacAddress? AddressOf(ReadOnlySpan<byte> attributes) =>
        MessageReader.TryFind(attributes, LinkAttributes.Address, out ReadOnlySpan<byte> mac) && mac.Length >= MacAddress.Size
            ? MacAddress.Read(mac) : null;

    // Locally administered, for one station.
    public static MacAddress Draw(NetworkStack stack)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        foreach (ref byte octet in octets)
        {
            octet = (byte)stack.Draw(256);
        }

        octets[0] = (byte)((octets[0] & 0xFC) | 2);
        octets[5] = (byte)(octets[5] + stack.Links.Count);
        return MacAddress.Read(octets);
    }
}
