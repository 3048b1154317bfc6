using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A network that is asked over two netlink sockets, one for requests and one in all groups: the model's or the running
/// kernel's.</summary>
internal abstract class NetlinkSide
{
    private const int LinkSize = 16;

    private uint sequence;

    private delegate void MessageAction(MessageReader message);

    /// <summary>Sends a request and gathers what comes of it.</summary>
    /// <param name="step">The request.</param>
    /// <param name="expected">How many notifications the other side gave: this many are waited for.</param>
    public NetlinkOutcome Play(NetlinkStep step, int expected)
    {
        byte[] message = [.. step.Octets];
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), ++sequence);
        SendRequest(message);
        (int error, string words) = ReadAcknowledgement(sequence);
        List<string> notifications = ReadNotifications(expected);
        if (step.IsOfLinks)
        {
            LookAtLinks();
            notifications.AddRange(ReadNotifications(0));
        }

        return new NetlinkOutcome(error, words, notifications);
    }

    /// <summary>The objects of a kind, as text, in no order.</summary>
    public List<string> Dump(MessageType type)
    {
        List<string> found = [];
        Dump(type, message =>
        {
            if (MessageText.Of(message) is { } text)
            {
                found.Add(text);
            }
        });
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    protected abstract void SendRequest(byte[] message);

    /// <summary>The next datagram on the socket for requests; empty if there is none.</summary>
    protected abstract ReadOnlySpan<byte> ReadReply();

    /// <summary>The next datagram on the socket in the groups; empty if there is none.</summary>
    /// <param name="isExpected">One more is expected: it is worth waiting for.</param>
    protected abstract ReadOnlySpan<byte> ReadNotification(bool isExpected);

    /// <summary>Lets happen what a change of links leaves for later: the kernel looks at carriers that went, or that were never
    /// there, up to a second afterwards, and on a link that somebody asks for by its number at once. Until then the link's state is
    /// the old one, which whatever it is told next would show.</summary>
    protected virtual void LookAtLinks()
    {
        List<int> links = [];
        Dump(MessageType.GetLink, message => links.Add(BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..])));
        foreach (int link in links)
        {
            SendRequest(new MessageBuilder(MessageType.GetLink, MessageFlags.Request, ++sequence)
                .UInt32(0).UInt32((uint)link).Octets(new byte[8]).ToArray());
            ReadReply();
        }
    }

    private void Dump(MessageType type, MessageAction take)
    {
        MessageBuilder request = new(type, MessageFlags.Request | MessageFlags.Dump, ++sequence);
        request.Octets(new byte[type == MessageType.GetLink ? LinkSize : type == MessageType.GetAddress ? 8 : 12]);
        SendRequest(request.ToArray());
        bool isDone = false;
        while (!isDone)
        {
            ReadOnlySpan<byte> rest = ReadReply();
            isDone = rest.IsEmpty;
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                isDone |= message.Type is MessageType.Done or MessageType.Error;
                if (message.Type >= MessageType.FirstOfFamily)
                {
                    take(message);
                }
            }
        }
    }

    private (int Error, string Words) ReadAcknowledgement(uint wanted)
    {
        const int WordsAttribute = 1;
        const int Missing = -1;
        ReadOnlySpan<byte> rest = ReadReply();
        while (MessageReader.TryNext(ref rest, out MessageReader message))
        {
            if (message.Type != MessageType.Error || message.Sequence != wanted)
            {
                continue;
            }

            int error = -BinaryPrimitives.ReadInt32LittleEndian(message.Payload);
            int size = message.Has(MessageFlags.Capped)
                ? MessageReader.HeaderSize : BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);
            string words = message.Has(MessageFlags.HasAttributes)
                && message.TryFind(4 + size, WordsAttribute, out ReadOnlySpan<byte> text) ? MessageReader.Text(text) : "";
            return (error, words);
        }

        return (Missing, "no acknowledgement");
    }

    protected List<string> ReadNotifications(int expected)
    {
        List<string> found = [];
        while (true)
        {
            ReadOnlySpan<byte> rest = ReadNotification(found.Count < expected);
            if (rest.IsEmpty)
            {
                return found;
            }

            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                if (MessageText.Of(message) is { } text)
                {
                    found.Add(text);
                }
            }
        }
    }
}
