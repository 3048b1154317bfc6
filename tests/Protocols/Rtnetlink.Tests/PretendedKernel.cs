using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

/// <summary>
/// The kernel's side of the talk, with its bad habits: notifications that overtake what they tell, a queue that
/// overruns and then drops until it is read empty, dumps that are made part by part while the tables change, and
/// IPv4 routes that go without a word.
/// </summary>
internal sealed class PretendedKernel(int queueMax)
{
    private const int PartSize = 3;

    private readonly byte[] buffer = new byte[1024];
    private readonly Queue<byte[]> notifications = new();
    private readonly Queue<byte[]> replies = new();
    private readonly List<Action> pending = [];
    private List<byte[]>? dump;
    private NetlinkMessageType dumpType;
    private uint dumpSequence;
    private int dumpPosition;
    private byte dumpFamily;
    private bool isCongested;
    private bool hasOverrun;

    public Dictionary<int, Link> Links { get; } = [];

    public Dictionary<AddressKey, Address> Addresses { get; } = [];

    public List<Route> Routes { get; } = [];

    /// <summary>Dumps say that they were interrupted this many times.</summary>
    public int InterruptionsLeft { get; set; }

    public int DumpsBegun { get; private set; }

    public bool IsQuiet => notifications.Count == 0 && replies.Count == 0 && dump is null && pending.Count == 0
        && !hasOverrun;

    public void SetLink(Link link)
    {
        bool wentDown = Links.TryGetValue(link.Index, out Link old) && old.IsUp && !link.IsUp;
        Links[link.Index] = link;
        Notify(LinkMessage.Write(buffer, NetlinkMessageType.NewLink, NetlinkFlags.None, 0, link));
        if (wentDown)
        {
            Routes.RemoveAll(route => route.Family == IpFamily.V4 && route.OutputInterface == link.Index);
        }
    }

    public void SetAddress(Address address)
    {
        Addresses[address.Key] = address;
        Notify(AddressMessage.Write(buffer, NetlinkMessageType.NewAddress, NetlinkFlags.None, 0, address));
    }

    public void RemoveAddress(Address address)
    {
        if (!Addresses.Remove(address.Key))
        {
            return;
        }

        Routes.RemoveAll(route => route.Family == address.Local.Family && route.PreferredSource == address.Local);
        Notify(AddressMessage.Write(buffer, NetlinkMessageType.DeleteAddress, NetlinkFlags.None, 0, address));
    }

    public void AddRoute(Route route)
    {
        if (!Routes.Exists(there => there.HasSameBase(route)))
        {
            Routes.Add(route);
            Notify(RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.Create, 0, route));
        }
    }

    public void AppendRoute(Route route)
    {
        if (!Routes.Exists(there => there.HasSameIdentity(route)))
        {
            Routes.Add(route);
            Notify(RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.Append, 0, route));
        }
    }

    public void ReplaceRoute(Route route)
    {
        int first = Routes.FindIndex(there => there.HasSameBase(route));
        if (first < 0)
        {
            Routes.Add(route);
        }
        else if (Routes.FindIndex(there => there.HasSameIdentity(route)) is int same && same >= 0 && same != first)
        {
            return;
        }
        else
        {
            Routes[first] = route;
        }

        Notify(RouteMessage.Write(buffer, NetlinkMessageType.NewRoute, NetlinkFlags.Replace, 0, route));
    }

    /// <summary>Tells of the removal at once and does it a little later, as the IPv4 routing table does.</summary>
    public void RemoveRoute(Route route)
    {
        int index = Routes.FindIndex(there => there.HasSameIdentity(route));
        if (index >= 0)
        {
            Notify(RouteMessage.Write(buffer, NetlinkMessageType.DeleteRoute, NetlinkFlags.None, 0, Routes[index]));
            pending.Add(() => Routes.RemoveAll(there => there.HasSameIdentity(route)));
        }
    }

    /// <summary>Finishes what was told too early. Nothing else changes meanwhile: that is under one lock.</summary>
    public void Settle()
    {
        pending.ForEach(action => action());
        pending.Clear();
    }

    public void Receive(ReadOnlySpan<byte> octets)
    {
        NetlinkMessage message = Captured.Message(octets);
        if ((message.Header.Flags & NetlinkFlags.Dump) != NetlinkFlags.Dump)
        {
            Acknowledge(message.Header.Sequence, 0);
            return;
        }

        Assert.Null(dump);
        DumpsBegun++;
        dump = [];
        dumpType = message.Header.Type;
        dumpSequence = message.Header.Sequence;
        dumpFamily = message.Payload[0];
        dumpPosition = 0;
    }

    public void Acknowledge(uint sequence, int error)
    {
        NetlinkWriter writer = new(buffer, NetlinkMessageType.Error, NetlinkFlags.Capped, sequence);
        BitConverter.TryWriteBytes(writer.Reserve(4), -error);
        writer.Reserve(NetlinkHeader.Size);
        replies.Enqueue(writer.Finish().ToArray());
    }

    /// <summary>Makes the next part of the dump that runs, from what is there now at the place reached.</summary>
    public void MakePart()
    {
        if (dump is null)
        {
            return;
        }

        List<byte[]> all = [.. Table()];
        NetlinkFlags flags = NetlinkFlags.Multipart;
        for (int i = 0; i < PartSize && dumpPosition < all.Count; i++)
        {
            byte[] octets = all[dumpPosition++];
            BitConverter.TryWriteBytes(octets.AsSpan(6), (ushort)flags);
            replies.Enqueue(octets);
        }

        if (dumpPosition >= all.Count)
        {
            bool isInterrupted = InterruptionsLeft > 0;
            InterruptionsLeft -= isInterrupted ? 1 : 0;
            flags |= isInterrupted ? NetlinkFlags.DumpInterrupted : NetlinkFlags.None;
            NetlinkWriter writer = new(buffer, NetlinkMessageType.Done, flags, dumpSequence);
            writer.Reserve(4);
            replies.Enqueue(writer.Finish().ToArray());
            dump = null;
        }
    }

    /// <summary>One read of the notification socket: a loss, a message, or nothing.</summary>
    public RtnetlinkInputKind ReadNotification(out byte[] octets)
    {
        octets = [];
        if (hasOverrun)
        {
            hasOverrun = false;
            return RtnetlinkInputKind.NotificationsLost;
        }

        if (!notifications.TryDequeue(out byte[]? message))
        {
            return RtnetlinkInputKind.Drained;
        }

        isCongested &= notifications.Count > 0;
        octets = message;
        return RtnetlinkInputKind.NotificationReceived;
    }

    public bool TryReadReply(out byte[] octets)
    {
        bool any = replies.TryDequeue(out byte[]? message);
        octets = message ?? [];
        return any;
    }

    private void Notify(int size)
    {
        if (isCongested || notifications.Count >= queueMax)
        {
            hasOverrun |= !isCongested;
            isCongested = true;
            return;
        }

        notifications.Enqueue(buffer.AsSpan(0, size).ToArray());
    }

    private IEnumerable<byte[]> Table() => dumpType switch
    {
        NetlinkMessageType.GetLink => Links.Values.Select(link => Octets(LinkMessage.Write(
            buffer, NetlinkMessageType.NewLink, NetlinkFlags.None, dumpSequence, link))),
        NetlinkMessageType.GetAddress => Addresses.Values.Select(address => Octets(AddressMessage.Write(
            buffer, NetlinkMessageType.NewAddress, NetlinkFlags.None, dumpSequence, address))),
        NetlinkMessageType.GetRoute => Routes.Where(route => route.Family == (dumpFamily == 2 ? IpFamily.V4 : IpFamily.V6))
            .Select(route => Octets(RouteMessage.Write(
                buffer, NetlinkMessageType.NewRoute, NetlinkFlags.None, dumpSequence, route))),
        _ => [],
    };

    private byte[] Octets(int size) => buffer.AsSpan(0, size).ToArray();
}
