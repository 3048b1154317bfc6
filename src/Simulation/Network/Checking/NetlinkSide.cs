using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Spindle.Simulation.Network.Routing;

namespace Spindle.Simulation.Network.Checking;

/// <summary>A network that is asked over two netlink sockets, one for requests and one in all groups: the model's or the running
/// kernel's.</summary>
internal abstract class NetlinkSide
{
    private uint sequence;

    /// <summary>Sends a request and gathers what comes of it.</summary>
    /// <param name="step">The request.</param>
    /// <param name="expected">How many notifications the other side gave: this many are waited for.</param>
    public NetlinkOutcome Play(NetlinkStep step, int expected)
    {
        byte[] message = [.. step.Octets];
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), ++sequence);
        SendRequest(message);
        (int error, string words) = ReadAcknowledgement(sequence);
        Settle(step);
        return new NetlinkOutcome(error, words, ReadNotifications(expected));
    }

    /// <summary>The objects of a kind, as text, in no order.</summary>
    public List<string> Dump(MessageType type)
    {
        MessageBuilder request = new(type, MessageFlags.Request | MessageFlags.Dump, ++sequence);
        request.Octets(new byte[type == MessageType.GetLink ? 16 : type == MessageType.GetAddress ? 8 : 12]);
        SendRequest(request.ToArray());
        List<string> found = [];
        bool isDone = false;
        while (!isDone)
        {
            ReadOnlySpan<byte> rest = ReadReply();
            isDone = rest.IsEmpty;
            while (MessageReader.TryNext(ref rest, out MessageReader message))
            {
                isDone |= message.Type is MessageType.Done or MessageType.Error;
                if (message.Type >= MessageType.FirstOfFamily && MessageText.Of(message) is { } text)
                {
                    found.Add(text);
                }
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    protected abstract void SendRequest(byte[] message);

    /// <summary>The next datagram on the socket for requests; empty if there is none.</summary>
    protected abstract ReadOnlySpan<byte> ReadReply();

    /// <summary>The next datagram on the socket in the groups; empty if there is none.</summary>
    /// <param name="isExpected">One more is expected: it is worth waiting for.</param>
    protected abstract ReadOnlySpan<byte> ReadNotification(bool isExpected);

    /// <summary>Lets happen what happens after the answer.</summary>
    protected abstract void Settle(NetlinkStep step);

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
