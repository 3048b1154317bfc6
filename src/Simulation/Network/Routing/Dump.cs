using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Network.Routing;

/// <summary>Messages about the objects of a table, made in parts as they are read. What changes meanwhile may be missing or
/// twice, and then the parts that follow say so.</summary>
internal sealed class Dump(Func<IEnumerable<Func<int, byte[]>>> list, RouteNetlink netlink, uint sequence, uint portId, bool isFiltered)
{
    private readonly uint generation = netlink.Generation;
    private int position;

    /// <summary>The next part: messages, and with the last of them the end.</summary>
    /// <param name="sizeMax">It gets no larger, unless a single message is.</param>
    /// <param name="isLast">True if the end is in it.</param>
    public byte[] Next(int sizeMax, out bool isLast)
    {
        int flags = MessageFlags.Multi | (isFiltered ? MessageFlags.DumpFiltered : 0)
            | (generation == netlink.Generation ? 0 : MessageFlags.DumpInterrupted);
        List<byte> part = [];
        int index = 0;
        isLast = true;
        foreach (Func<int, byte[]> make in list())
        {
            if (index++ < position)
            {
                continue;
            }

            byte[] message = make(flags);
            if (part.Count > 0 && part.Count + message.Length > sizeMax)
            {
                isLast = false;
                break;
            }

            position++;
            part.AddRange(message);
            while (part.Count % 4 != 0)
            {
                part.Add(0);
            }
        }

        if (isLast)
        {
            part.AddRange(new MessageBuilder(MessageType.Done, flags & ~MessageFlags.DumpFiltered, sequence, portId).UInt32(0).ToArray());
        }

        return [.. part];
    }
}
