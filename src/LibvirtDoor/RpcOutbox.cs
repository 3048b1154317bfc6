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

    /// <summary>Octets of the array in which they wait, if it is a large one.</summary>
    public readonly int LargeSize => waiting.LargeSize;

    /// <summary>False: too much waits already.</summary>
    public readonly bool HasRoomFor(int length) => length <= RpcLimits.UnsentMaximum - waiting.Count;

    /// <summary>How many more octets of large arrays there would be after <see cref="Append"/>.</summary>
    public readonly int LargeGrowthOf(int length) => waiting.LargeGrowthOf(length);

    /// <summary>Puts a message behind those that wait.</summary>
    public void Append(ReadOnlySpan<byte> message) => waiting.Append(message);

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
