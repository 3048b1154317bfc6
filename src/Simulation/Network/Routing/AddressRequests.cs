using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>RTM_NEWADDR and RTM_DELADDR.</summary>
internal static class AddressRequests
{
    private const int FixedSize = 8;
    private const int V4Size = 4;
    private const int V6Size = 16;

    // What of an address's flags is somebody's wish, for IPv6.
    private const AddressFlags Wishes = AddressFlags.NoDetection | AddressFlags.Optimistic | AddressFlags.Home
        | AddressFlags.ManageTemporary | AddressFlags.NoPrefixRoute | AddressFlags.MulticastAutoJoin;

    public static Answer Set(NetworkStack stack, MessageReader message) => message.Family switch
    {
        _ when message.Payload.Length < FixedSize => Answer.Fail(Errno.EINVAL),
        Family.V4 => Set4(stack, message),
        Family.V6 => Set6(stack, message),
        _ => Answer.Fail(Errno.EOPNOTSUPP),
    };

    public static Answer Delete(NetworkStack stack, MessageReader message) => message.Family switch
    {
        _ when message.Payload.Length < FixedSize => Answer.Fail(Errno.EINVAL),
        Family.V4 => Delete4(stack, message),
        Family.V6 => Delete6(stack, message),
        _ => Answer.Fail(Errno.EOPNOTSUPP),
    };

    private static int IndexOf(MessageReader message) => BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);

    private static Answer Set4(NetworkStack stack, MessageReader message)
    {
        byte length = message.Payload[1];
        if (length > V4Size * 8)
        {
            return Answer.Fail(Errno.EINVAL, "ipv4: Invalid prefix length");
        }

        if (message.FindAddress(FixedSize, AddressMessages.Local, V4Size) is not { } local)
        {
            return Answer.Fail(Errno.EINVAL, "ipv4: Local address is not supplied");
        }

        SimulatedLink? link = stack.FindLink(IndexOf(message));
        InterfaceAddress wanted = New(stack, message, link ?? stack.Loopback, local, length);
        wanted.Peer = message.FindAddress(FixedSize, AddressMessages.Address, V4Size) ?? local;
        wanted.Broadcast = message.FindAddress(FixedSize, AddressMessages.Broadcast, V4Size) ?? IpAddress.AnyV4;
        wanted.Label = message.FindText(FixedSize, AddressMessages.Label) ?? wanted.Link.Name;
        if (!TrySetLifetimes(stack, message, wanted))
        {
            return Answer.Fail(Errno.EINVAL, "ipv4: address lifetime invalid");
        }

        if (local.IsUnspecified)
        {
            return Answer.Done; // which adds nothing, to no link either
        }

        if (link is null || !link.HasV4)
        {
            return link is null ? Answer.Fail(Errno.ENODEV, "ipv4: Device not found") : Answer.Fail(Errno.ENOBUFS);
        }

        InterfaceAddress? there = link.Addresses4.Find(other => Addresses4.IsSameNetwork(other, wanted) && other.Local == local);
        if (there is null)
        {
            return stack.Addresses4.Add(wanted);
        }

        return MayChange(message) ? stack.Addresses4.Change(there, wanted) : Answer.Fail(Errno.EEXIST, "ipv4: Address already assigned");
    }

    private static Answer Set6(NetworkStack stack, MessageReader message)
    {
        if (LocalOf6(message) is not { } local)
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: address not supplied");
        }

        byte length = message.Payload[1];
        SimulatedLink? link = stack.FindLink(IndexOf(message));
        InterfaceAddress wanted = New(stack, message, link ?? stack.Loopback, local, length);
        wanted.Flags &= Wishes;
        wanted.Scope = ScopeOf(local);
        wanted.Peer = message.FindAddress(FixedSize, AddressMessages.Local, V6Size) is not null
            && message.FindAddress(FixedSize, AddressMessages.Address, V6Size) is { IsUnspecified: false } peer ? peer : local;
        if (!TrySetLifetimes(stack, message, wanted))
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: address lifetime invalid");
        }

        if (link is null)
        {
            return Answer.Fail(Errno.ENODEV, "ipv6: Unable to find the interface");
        }

        if (!link.HasV6)
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: IPv6 is disabled on this device");
        }

        InterfaceAddress? there = link.Addresses6.Find(other => other.Local == local);
        if (there is null && (wanted.Flags & AddressFlags.ManageTemporary) != 0 && length != TemporaryAddresses.PrefixLength)
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: address with \"mngtmpaddr\" flag must have a prefix length of 64");
        }

        if (link.IsV6Disabled)
        {
            return Answer.Fail(Errno.EACCES, "ipv6: IPv6 is disabled on this device");
        }

        if (there is not null)
        {
            return MayChange(message) ? stack.Addresses6.Change(there, wanted) : Answer.Fail(Errno.EEXIST, "ipv6: address already assigned");
        }

        return length > V6Size * 8 ? Answer.Fail(Errno.EINVAL, "ipv6: Invalid prefix length") : stack.Addresses6.Add(wanted);
    }

    private static Answer Delete4(NetworkStack stack, MessageReader message)
    {
        if (stack.FindLink(IndexOf(message)) is not { HasV4: true } link)
        {
            return Answer.Fail(Errno.ENODEV, "ipv4: Device not found");
        }

        IpAddress? local = message.FindAddress(FixedSize, AddressMessages.Local, V4Size);
        IpAddress? peer = message.FindAddress(FixedSize, AddressMessages.Address, V4Size);
        string? label = message.FindText(FixedSize, AddressMessages.Label);
        byte length = message.Payload[1];
        InterfaceAddress? found = link.Addresses4.Find(address =>
            (local is null || address.Local == local) && (label is null || address.Label == label)
            && (peer is null || (address.PrefixLength == length && address.Network.Contains(peer.Value))));
        if (found is null)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL, "ipv4: Address not found");
        }

        stack.Addresses4.Remove(found);
        return Answer.Done;
    }

    private static Answer Delete6(NetworkStack stack, MessageReader message)
    {
        if (LocalOf6(message) is not { } local)
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: address not supplied");
        }

        byte length = message.Payload[1];
        if (length > V6Size * 8)
        {
            return Answer.Fail(Errno.EINVAL, "ipv6: Invalid prefix length");
        }

        if (stack.FindLink(IndexOf(message)) is not { } link)
        {
            return Answer.Fail(Errno.ENODEV, "ipv6: Unable to find the interface");
        }

        if (!link.HasV6)
        {
            return Answer.Fail(Errno.ENXIO, "ipv6: IPv6 is disabled on this device");
        }

        if (link.Addresses6.Find(address => address.Local == local && address.PrefixLength == length) is not { } found)
        {
            return Answer.Fail(Errno.EADDRNOTAVAIL, "ipv6: address not found");
        }

        if ((found.Flags & AddressFlags.ManageTemporary) != 0)
        {
            stack.Temporary.Remove(found);
        }

        stack.Addresses6.Remove(found);
        return Answer.Done;
    }

    private static InterfaceAddress New(NetworkStack stack, MessageReader message, SimulatedLink link, IpAddress local, byte length) =>
        new(link, local, length)
        {
            Flags = (AddressFlags)(message.FindUInt32(FixedSize, AddressMessages.Flags) ?? message.Payload[2]),
            Scope = (RouteScope)message.Payload[3],
            Metric = message.FindUInt32(FixedSize, AddressMessages.Metric) ?? 0,
            Protocol = message.FindByte(FixedSize, AddressMessages.Protocol) ?? 0,
            CreatedAt = stack.Machine.Monotonic.Now,
        };

    private static bool TrySetLifetimes(NetworkStack stack, MessageReader message, InterfaceAddress address)
    {
        uint preferred = AddressLifetimes.Forever;
        uint valid = AddressLifetimes.Forever;
        if (message.TryFind(FixedSize, AddressMessages.CacheInfo, out ReadOnlySpan<byte> lifetimes) && lifetimes.Length >= 8)
        {
            preferred = BinaryPrimitives.ReadUInt32LittleEndian(lifetimes);
            valid = BinaryPrimitives.ReadUInt32LittleEndian(lifetimes[4..]);
        }

        stack.Lifetimes.Set(address, preferred, valid);
        return valid != 0 && preferred <= valid;
    }

    private static bool MayChange(MessageReader message) => message.Has(MessageFlags.Replace) && !message.Has(MessageFlags.Exclusive);

    private static IpAddress? LocalOf6(MessageReader message) =>
        message.FindAddress(FixedSize, AddressMessages.Local, V6Size) ?? message.FindAddress(FixedSize, AddressMessages.Address, V6Size);

    private static RouteScope ScopeOf(IpAddress address)
    {
        const uint SiteLocal = 0xFEC0 >> 6;
        return address.IsLoopback ? RouteScope.Host : address.IsLinkLocal ? RouteScope.Link
            : (uint)(address.ToBits() >> 118) == SiteLocal ? RouteScope.Site : RouteScope.Universe;
    }
}
