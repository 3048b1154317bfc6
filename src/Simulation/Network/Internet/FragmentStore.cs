using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Simulation.Time;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Packets of which not all fragments have come. One waits half a minute (<c>net.ipv4.ipfrag_time</c>,
/// <c>net.ipv6.ip6frag_time</c> is a minute); what overlaps spoils the packet.</summary>
internal sealed class FragmentStore(VirtualClock clock, InternetCounters counters, TimeSpan patience)
{
    private const int PacketsMax = 1024;
    private const int LengthMax = 65_535;

    private readonly Dictionary<(IpAddress Source, IpAddress Destination, uint Id, byte Protocol), Parts> waiting = [];

    /// <summary>Puts a fragment to its packet; true once all of that is here.</summary>
    public bool TryComplete(
        IpAddress source, IpAddress destination, uint id, byte protocol, int offset, bool hasMore, ReadOnlySpan<byte> octets, out byte[] whole)
    {
        whole = [];
        counters.FragmentsReceived++;
        if (offset + octets.Length > LengthMax || (hasMore && octets.Length % 8 != 0))
        {
            counters.FragmentsDropped++;
            return false;
        }

        var key = (source, destination, id, protocol);
        if (!waiting.TryGetValue(key, out Parts? parts))
        {
            if (waiting.Count >= PacketsMax)
            {
                counters.FragmentsDropped++;
                return false;
            }

            parts = new Parts();
            waiting.Add(key, parts);
            parts.Timeout = clock.Set(clock.Now + patience, () => Forget(key));
        }

        parts.Add(offset, hasMore, octets);
        if (parts.IsSpoilt)
        {
            Forget(key);
            return false;
        }

        if (!parts.TryAssemble(out whole))
        {
            return false;
        }

        counters.PacketsReassembled++;
        parts.Timeout?.Cancel();
        waiting.Remove(key);
        return true;
    }

    private void Forget((IpAddress Source, IpAddress Destination, uint Id, byte Protocol) key)
    {
        if (waiting.Remove(key, out Parts? parts))
        {
            parts.Timeout?.Cancel();
            counters.FragmentsDropped++;
        }
    }

    private sealed class Parts
    {
        private readonly SortedList<int, byte[]> pieces = [];
        private int total = -1;

        public bool IsSpoilt { get; private set; }

        public Alarm? Timeout { get; set; }

        public void Add(int offset, bool hasMore, ReadOnlySpan<byte> octets)
        {
            if (pieces.TryGetValue(offset, out byte[]? same) && same.Length == octets.Length)
            {
                return; // the same once more
            }

            int end = offset + octets.Length;
            foreach ((int at, byte[] piece) in pieces)
            {
                IsSpoilt |= offset < at + piece.Length && at < end;
            }

            IsSpoilt |= !hasMore && total >= 0 && total != end;
            total = hasMore ? total : end;
            IsSpoilt |= pieces.ContainsKey(offset);
            if (!IsSpoilt)
            {
                pieces.Add(offset, octets.ToArray());
            }
        }

        public bool TryAssemble(out byte[] whole)
        {
            whole = [];
            int at = 0;
            foreach ((int offset, byte[] piece) in pieces)
            {
                if (offset != at)
                {
                    return false;
                }

                at += piece.Length;
            }

            if (at != total)
            {
                return false;
            }

            whole = new byte[total];
            foreach ((int offset, byte[] piece) in pieces)
            {
                piece.CopyTo(whole, offset);
            }

            return true;
        }
    }
}
