using System;
using Spindle.Kernels;

namespace Spindle.LibvirtDoor;

/// <summary>What is said to a client and has not left yet: messages whole and in order, and how many of them are answers.</summary>
internal struct RpcOutbox
{
    private OctetQueue waiting;
    private int answers;

    /// <summary>Octets that wait.</summary>
    public readonly int Count => waiting.Count;

    /// <summary>Puts a message behind those that wait.</summary>
    /// <returns>False: too much waits already.</returns>
    public bool TryAppend(ReadOnlySpan<byte> message)
    {
        bool hasRoom = message.Length <= RpcLimits.UnsentMaximum - waiting.Count;
        if (hasRoom)
        {
            waiting.Append(message);
        }

        return hasRoom;
    }

    /// <summary>The last message answers a call that is in flight until it has left.</summary>
    public void CountAnswer() => answers++;

    /// <summary>Calls that were answered since it was asked last; meant for when nothing waits.</summary>
    public int TakeAnswers()
    {
        int taken = answers;
        answers = 0;
        return taken;
    }

    /// <summary>Sends as much as the channel takes.</summary>
    /// <returns>False: the channel is broken.</returns>
    public bool TryFlush(RpcChannel channel)
    {
        while (waiting.Count > 0)
        {
            Result sent = channel.Send(waiting.Octets);
            if (!sent.IsOk)
            {
                return sent.Is(Errno.EAGAIN);
            }

            waiting.Consume(sent.Int);
        }

        return true;
    }

    /// <summary>Throws away what waits.</summary>
    public void Clear() => waiting.Clear();
}
