using System;
using Spindle.Kernels;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor;

/// <summary>What a client has said and is not worked off: reads it, cuts it into messages, and hands them on as fast as the
/// client may call.</summary>
internal sealed class RpcInbox(RpcClient client)
{
    // Below this what has come of a message is copied in front of the rest of it; above, the rest is read behind it.
    private const int SmallRemainder = 16 * 1024;

    // More of one client are not worked off in a turn: 64 KB hold more than two thousand calls, and others wait.
    private const int MessagesPerTurn = 32;

    private readonly RpcDoor door = client.Server.Door;
    private OctetQueue input;
    private int scanned;

    /// <summary>Octets that wait.</summary>
    public int Count => input.Count;

    /// <summary>True: messages are being handed on.</summary>
    public bool IsProcessing { get; private set; }

    /// <summary>True: there is a call that the client may not make yet.</summary>
    public bool IsThrottled { get; private set; }

    /// <summary>True: the client has said its last word.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>True: there is room for more.</summary>
    public bool WantsMore => !IsEnded && !client.IsInterrupted && !(IsThrottled && input.Count >= RpcLimits.ReadAheadMaximum);

    private bool IsHeard => !client.IsClosed && !client.IsEnding;

    private int MessageMaximum => client.IsAuthenticated ? RpcFrame.MaximumLength : RpcLimits.AnonymousMessageMaximum;

    /// <summary>Takes what has come, and works it off.</summary>
    public void Read(RpcChannel channel)
    {
        if (IsEnded || client.IsInterrupted)
        {
            return;
        }

        if (input.Count > SmallRemainder)
        {
            ReadBehind(channel);
        }
        else
        {
            ReadAfresh(channel);
        }
    }

    /// <summary>Throws away what waits. While messages are handed on, the last one is still being looked at.</summary>
    public void End()
    {
        if (!IsProcessing)
        {
            Clear();
        }
    }

    /// <summary>Reads into the buffer of all, what was left in front.</summary>
    private void ReadAfresh(RpcChannel channel)
    {
        byte[] buffer = door.ReceiveBuffer;
        int kept = input.Count;
        input.Octets.CopyTo(buffer);
        Result received = channel.Receive(buffer.AsSpan(kept));
        if (!Accept(received))
        {
            return;
        }

        Clear();
        int length = kept + received.Int;
        int consumed = Process(buffer, 0, length);
        if (IsHeard)
        {
            input.Append(buffer.AsSpan(consumed, length - consumed));
        }
    }

    /// <summary>Reads behind what there is of a long message, or of many.</summary>
    private void ReadBehind(RpcChannel channel)
    {
        int wanted = IsThrottled ? RpcLimits.ReadAheadMaximum - input.Count : MissingOctets();
        if (wanted <= 0)
        {
            return;
        }

        int growth = input.LargeSizeAfter(1, wanted) - input.LargeSize;
        if (growth > 0 && !door.Large.TryTake(client, growth))
        {
            client.Close();
            return;
        }

        Span<byte> room = input.Reserve(1, wanted);
        Result received = channel.Receive(room[..Math.Min(room.Length, wanted)]);
        if (Accept(received))
        {
            input.Fill(received.Int);
            Process();
        }
    }

    private int MissingOctets()
    {
        // Never as many as the length promises: twice what has come at most.
        return RpcFrame.TryReadLength(input.Octets, out int length)
            ? Math.Max(length - input.Count, RpcFrame.MinimumLength)
            : RpcLimits.ReadAheadMaximum;
    }

    /// <summary>False: nothing has come.</summary>
    private bool Accept(Result received)
    {
        if (received.IsOk && received.Int > 0)
        {
            client.HeardAt = door.Loop.Now;
            return true;
        }

        if (received.IsOk)
        {
            IsEnded = true;
        }
        else if (!received.Is(Errno.EAGAIN))
        {
            client.Close();
        }

        return false;
    }

    /// <summary>Works off what has come and waits.</summary>
    public void Process()
    {
        int start = input.Start;
        int large = input.LargeSize;
        int consumed = Process(input.Array, start, start + input.Count) - start;
        if (client.IsClosed)
        {
            Clear();
            return;
        }

        input.Consume(consumed);
        door.Large.Give(client, large - input.LargeSize);
    }

    /// <summary>Works off the messages in these octets, as far as they are whole and the client may call.</summary>
    /// <returns>Where the first one begins that is left.</returns>
    private int Process(byte[] octets, int start, int end)
    {
        IsProcessing = true;
        IsThrottled = false;
        for (int count = 0; IsHeard && TryTakeMessage(octets, start, end, out RpcHeader header, out int total); count++)
        {
            if (count == MessagesPerTurn)
            {
                door.GoOnLater(client);
                break;
            }

            KeepAliveMessage ping = KeepAlive.Classify(header);
            if (ping == KeepAliveMessage.None && !client.MayCall)
            {
                client.Flush();
                if (client.IsClosed || !client.MayCall)
                {
                    IsThrottled = !client.IsClosed;
                    ScanAhead(octets, start, end);
                    break;
                }
            }

            bool isScanned = scanned >= total;
            scanned = Math.Max(0, scanned - total);
            if (ping != KeepAliveMessage.None)
            {
                Answer(isScanned ? KeepAliveMessage.Other : ping);
            }
            else
            {
                int payload = start + RpcFrame.MinimumLength + (header.Type == RpcMessageType.CallWithDescriptors ? sizeof(uint) : 0);
                client.Server.Dispatch(client, header, octets, payload, start + LengthAt(octets, start) - payload);
            }

            start += total;
        }

        IsProcessing = false;
        return start;
    }

    /// <summary>The client may not call at present: pings among what it has sent are answered all the same.</summary>
    private void ScanAhead(byte[] octets, int start, int end)
    {
        while (!client.IsClosed && TryTakeMessage(octets, start + scanned, end, out RpcHeader header, out int total))
        {
            Answer(KeepAlive.Classify(header));
            scanned += total;
        }
    }

    /// <summary>Looks at the next message.</summary>
    /// <returns>False: it has not come whole; or it can be none, and the client is disconnected.</returns>
    private bool TryTakeMessage(byte[] octets, int start, int end, out RpcHeader header, out int total)
    {
        header = default;
        total = 0;
        if (end - start < RpcFrame.LengthSize)
        {
            return false;
        }

        if (!RpcFrame.TryReadLength(octets.AsSpan(start), out int length) || length > MessageMaximum)
        {
            client.Close();
            return false;
        }

        total = length;
        if (end - start < length)
        {
            return false;
        }

        RpcHeader.TryParse(octets.AsSpan(start + RpcFrame.LengthSize), out header);
        if (header.Type != RpcMessageType.CallWithDescriptors)
        {
            return true;
        }

        // Descriptors come with an octet each behind the message. We take none: the kernel closes them.
        XdrReader payload = new(octets.AsSpan(start + RpcFrame.MinimumLength, length - RpcFrame.MinimumLength));
        if (!payload.TryReadUInt32(out uint descriptors) || descriptors > RpcFrame.DescriptorsMaximum)
        {
            client.Close();
            return false;
        }

        total += (int)descriptors;
        return end - start >= total;
    }

    private static int LengthAt(byte[] octets, int start)
    {
        RpcFrame.TryReadLength(octets.AsSpan(start), out int length);
        return length;
    }

    private void Answer(KeepAliveMessage message)
    {
        if (message == KeepAliveMessage.Ping)
        {
            client.Queue(KeepAlive.Pong);
        }
    }

    private void Clear()
    {
        door.Large.Give(client, input.LargeSize);
        input.Clear();
    }
}
