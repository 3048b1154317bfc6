using System;
using System.Buffers.Binary;
using Spindle.Basics;
using Spindle.Kernels;

namespace Spindle.Simulation.Network.Routing;

/// <summary>RTM_NEWLINK, RTM_DELLINK and RTM_GETLINK.</summary>
internal static class LinkRequests
{
    private const int FixedSize = 16;
    private const int NameMax = 15;

    public static Answer Get(NetworkStack stack, MessageReader message, RouteNetlinkSocket from)
    {
        Answer found = Find(stack, message, out SimulatedLink? link, out bool isNamed);
        if (!found.IsOk || link is null)
        {
            return !found.IsOk ? found : Answer.Fail(isNamed ? Errno.ENODEV : Errno.EINVAL);
        }

        from.Answer(LinkMessages.Write(link, MessageType.NewLink, 0, 0, message.Sequence, message.PortId));
        return Answer.Done;
    }

    public static Answer Delete(NetworkStack stack, MessageReader message)
    {
        Answer found = Find(stack, message, out SimulatedLink? link, out bool isNamed);
        if (!found.IsOk || link is null)
        {
            return !found.IsOk ? found : Answer.Fail(isNamed ? Errno.ENODEV : Errno.EINVAL);
        }

        if (link.Kind is LinkKind.Loopback or LinkKind.Ethernet)
        {
            return Answer.Fail(Errno.EOPNOTSUPP);
        }

        stack.Control.Remove(link);
        return Answer.Done;
    }

    public static Answer Set(NetworkStack stack, MessageReader message)
    {
        Answer found = Find(stack, message, out SimulatedLink? link, out bool isNamed);
        if (!found.IsOk)
        {
            return found;
        }

        if (link is null)
        {
            bool mayCreate = message.Type == MessageType.NewLink && message.Has(MessageFlags.Create)
                && BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]) == 0;
            return mayCreate ? LinkCreation.Create(stack, message) : Answer.Fail(Errno.ENODEV);
        }

        bool isNew = message.Type == MessageType.NewLink;
        return isNew && message.Has(MessageFlags.Exclusive) ? Answer.Fail(Errno.EEXIST)
            : isNew && message.Has(MessageFlags.Replace) || HasForeignData(message) ? Answer.Fail(Errno.EOPNOTSUPP)
            : Change(stack, link, message);
    }

    /// <summary>Changes what the message says, one thing after the other; what is done before an error stays done.</summary>
    private static Answer Change(NetworkStack stack, SimulatedLink link, MessageReader message)
    {
        Answer answer = ChangeAddress(stack, link, message);
        if (answer.IsOk && message.FindUInt32(FixedSize, LinkAttributes.Mtu) is { } mtu)
        {
            answer = stack.Control.SetMtu(link, mtu);
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);
        if (answer.IsOk && index > 0 && message.FindText(FixedSize, LinkAttributes.Name) is { Length: > 0 } name)
        {
            answer = stack.Control.Rename(link, name);
        }

        if (answer.IsOk)
        {
            ChangeFlags(stack, link, message);
            answer = ChangeMaster(stack, link, message);
        }

        return answer.IsOk ? ChangeGenerationMode(stack, link, message) : answer;
    }

    private static Answer ChangeAddress(NetworkStack stack, SimulatedLink link, MessageReader message)
    {
        if (!message.TryFind(FixedSize, LinkAttributes.Address, out ReadOnlySpan<byte> mac))
        {
            return Answer.Done;
        }

        return mac.Length < MacAddress.Size ? Answer.Fail(Errno.EINVAL) : stack.Control.SetAddress(link, MacAddress.Read(mac));
    }

    private static void ChangeFlags(NetworkStack stack, SimulatedLink link, MessageReader message)
    {
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(message.Payload[8..]);
        uint change = BinaryPrimitives.ReadUInt32LittleEndian(message.Payload[12..]);

        // An old rule: a message with flags and without a mask sets them all.
        uint mask = change == 0 && flags != 0 ? uint.MaxValue : change;
        if ((mask & (uint)LinkFlags.Promiscuous) != 0)
        {
            ChangePromiscuity(stack, link, (flags & (uint)LinkFlags.Promiscuous) != 0);
        }

        if ((mask & (uint)LinkFlags.Up) != 0)
        {
            stack.Control.SetUp(link, (flags & (uint)LinkFlags.Up) != 0);
        }
    }

    private static void ChangePromiscuity(NetworkStack stack, SimulatedLink link, bool wantsAll)
    {
        if (link.WantsAll != wantsAll)
        {
            link.WantsAll = wantsAll;
            stack.SetPromiscuity(link, wantsAll ? 1 : -1);
        }
    }

    private static Answer ChangeMaster(NetworkStack stack, SimulatedLink link, MessageReader message)
    {
        if (message.FindUInt32(FixedSize, LinkAttributes.Master) is not { } index)
        {
            return Answer.Done;
        }

        SimulatedLink? master = index == 0 ? null : stack.FindLink((int)index);
        return index != 0 && master is null ? Answer.Fail(Errno.EINVAL) : stack.Control.SetMaster(link, master);
    }

    private static Answer ChangeGenerationMode(NetworkStack stack, SimulatedLink link, MessageReader message)
    {
        if (message.TryFind(FixedSize, LinkAttributes.FamilySpecific, out ReadOnlySpan<byte> families)
            && MessageReader.TryFind(families, Family.V6, out ReadOnlySpan<byte> inet6)
            && MessageReader.TryFind(inet6, LinkAttributes.Inet6GenerationMode, out ReadOnlySpan<byte> mode) && mode.Length > 0)
        {
            if (!link.HasV6)
            {
                return Answer.Fail(Errno.EAFNOSUPPORT); // a link with less than 1280 octets
            }

            if (mode[0] > GenerationModes.Random)
            {
                return Answer.Fail(Errno.EINVAL);
            }

            link.GenerationMode = mode[0];
            if (link.IsUp)
            {
                stack.Addresses6.BecomeReady(link);
                stack.Tell.Link(link, MessageType.NewLink, 0);
            }
        }

        return Answer.Done;
    }

    // What a pair was made of cannot be changed.
    private static bool HasForeignData(MessageReader message) =>
        message.TryFind(FixedSize, LinkAttributes.Info, out ReadOnlySpan<byte> info)
        && MessageReader.TryFind(info, LinkAttributes.InfoData, out _);

    private static Answer Find(NetworkStack stack, MessageReader message, out SimulatedLink? link, out bool isNamed)
    {
        link = null;
        isNamed = false;
        if (message.Payload.Length < FixedSize)
        {
            return Answer.Fail(Errno.EINVAL);
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);
        string name = message.FindText(FixedSize, LinkAttributes.Name) ?? "";
        if (name.Length > NameMax)
        {
            return Answer.Fail(Errno.ERANGE, "Attribute failed policy validation");
        }

        isNamed = index > 0 || name.Length > 0 || message.Type is MessageType.NewLink or MessageType.SetLink;
        link = index > 0 ? stack.FindLink(index) : stack.FindLink(name);
        return index < 0 ? Answer.Fail(Errno.EINVAL) : Answer.Done;
    }
}
