using System;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Walks the messages of one datagram. A length that lies ends the walk and shows in <see cref="IsBroken"/>.</summary>
public ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> rest = datagram;

    /// <summary>True if the walk ended before the datagram did.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next message; false at the end, or where the rest is no message.</summary>
    public bool TryNext(out NetlinkMessage message)
    {
        if (rest.IsEmpty || IsBroken)
        {
            message = default;
            return false;
        }

        if (!NetlinkMessage.TryParse(rest, out message))
        {
            IsBroken = true;
            return false;
        }

        // The last message may come without its padding.
        int taken = NetlinkAlignment.Align((int)message.Header.Length);
        rest = taken >= rest.Length ? default : rest[taken..];
        return true;
    }
}
