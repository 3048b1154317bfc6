using System;
using System.Collections.Generic;
using System.Linq;
using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink.Tests;

/// <summary>A conversation, the pretended kernel behind it, and somebody who follows the differences.</summary>
internal sealed class ConversationHarness(int queueMax)
{
    private readonly List<ReadOnlyMemory<byte>> toSend = [];

    public RtnetlinkConversation Conversation { get; } = new();

    public PretendedKernel Kernel { get; } = new(queueMax);

    public Instant Now { get; set; } = Instant.FromSeconds(100);

    public Dictionary<int, Link> Links { get; } = [];

    public Dictionary<AddressKey, Address> Addresses { get; } = [];

    public List<Route> Routes { get; } = [];

    public List<RtnetlinkOutputKind> Told { get; } = [];

    public List<(object? Completion, NetlinkError Error)> Done { get; } = [];

    public void Step(in RtnetlinkInput input)
    {
        Conversation.Step(input, Now);
        while (Conversation.TryTake(out RtnetlinkOutput output))
        {
            Told.Add(output.Kind);
            Follow(output);
        }

        foreach (ReadOnlyMemory<byte> octets in toSend)
        {
            Kernel.Receive(octets.Span);
        }

        toSend.Clear();
    }

    public void ReadNotification()
    {
        switch (Kernel.ReadNotification(out byte[] octets))
        {
            case RtnetlinkInputKind.NotificationReceived:
                Step(RtnetlinkInput.NotificationReceived(Captured.Message(octets)));
                break;
            case RtnetlinkInputKind.NotificationsLost:
                Step(RtnetlinkInput.NotificationsLost);
                break;
            default:
                Step(RtnetlinkInput.Drained);
                break;
        }
    }

    public void ReadReply()
    {
        if (Kernel.TryReadReply(out byte[] octets))
        {
            Step(RtnetlinkInput.ReplyReceived(Captured.Message(octets)));
        }
    }

    /// <summary>Lets everything happen that is due until nothing is; the answer is how long that took.</summary>
    public TimeSpan Quiesce()
    {
        Instant begun = Now;
        for (int i = 0; i < 1_000_000; i++)
        {
            Kernel.Settle();
            if (!Kernel.IsQuiet || Conversation.State == RtnetlinkState.Draining)
            {
                ReadNotification();
                Kernel.MakePart();
                ReadReply();
            }
            else if (!Conversation.Deadline.IsNever && !Conversation.IsInStep)
            {
                Now = Instant.Max(Now, Conversation.Deadline);
                Step(RtnetlinkInput.TimePassed);
            }
            else
            {
                return Now - begun;
            }
        }

        throw new InvalidOperationException("It does not end.");
    }

    /// <summary>The mirror, what was followed, and the kernel are the same.</summary>
    public void AssertInStep()
    {
        Assert.True(Conversation.IsInStep);
        AssertSame(Kernel.Links.Values, Conversation.Mirror.Links, Links.Values);
        AssertSame(Kernel.Addresses.Values, Conversation.Mirror.Addresses.Select(timed => timed.Address), Addresses.Values);
        AssertSame(Kernel.Routes, Conversation.Mirror.Routes, Routes);
        Assert.Equal(Kernel.Routes.Count, Conversation.Mirror.RouteCount);
        Assert.Equal(Kernel.Links.Count, Conversation.Mirror.LinkCount);
        Assert.Equal(Kernel.Addresses.Count, Conversation.Mirror.AddressCount);
    }

    private static void AssertSame<T>(IEnumerable<T> kernel, IEnumerable<T> mirror, IEnumerable<T> followed)
        where T : notnull
    {
        string[] expected = Sorted(kernel);
        Assert.Equal(expected, Sorted(mirror));
        Assert.Equal(expected, Sorted(followed));
    }

    private static string[] Sorted<T>(IEnumerable<T> values)
        where T : notnull =>
        [.. values.Select(value => value.ToString()!).Order(StringComparer.Ordinal)];

    private void Follow(in RtnetlinkOutput output)
    {
        switch (output.Kind)
        {
            case RtnetlinkOutputKind.Send: toSend.Add(output.Octets.ToArray()); break;
            case RtnetlinkOutputKind.RequestDone: Done.Add((output.Completion, output.Error)); break;
            case RtnetlinkOutputKind.LinkAppeared: Links.Add(output.Link.Index, output.Link); break;
            case RtnetlinkOutputKind.LinkChanged:
                Assert.False(Links[output.Link.Index].IsSameBut(output.Link));
                Links[output.Link.Index] = output.Link;
                break;
            case RtnetlinkOutputKind.LinkVanished: Assert.True(Links.Remove(output.Link.Index)); break;
            case RtnetlinkOutputKind.AddressAppeared: Addresses.Add(output.Address.Key, output.Address); break;
            case RtnetlinkOutputKind.AddressChanged:
                Assert.True(Addresses.ContainsKey(output.Address.Key));
                Addresses[output.Address.Key] = output.Address;
                break;
            case RtnetlinkOutputKind.AddressVanished: Assert.True(Addresses.Remove(output.Address.Key)); break;
            case RtnetlinkOutputKind.RouteAppeared:
                Assert.Equal(-1, Find(output.Route));
                Routes.Add(output.Route);
                break;
            case RtnetlinkOutputKind.RouteChanged:
                Assert.False(Routes[Find(output.Route)].IsSameButState(output.Route));
                Routes[Find(output.Route)] = output.Route;
                break;
            case RtnetlinkOutputKind.RouteVanished: Routes.RemoveAt(Find(output.Route)); break;
            default: break;
        }
    }

    private int Find(Route route) => Routes.FindIndex(there => there.HasSameIdentity(route));
}
