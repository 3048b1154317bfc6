using System;
using System.Collections.Generic;

namespace Spindle.Simulation.Network.Internet;

/// <summary>What has come of a stream out of its order, by its distance from the next octet expected.</summary>
internal sealed class TcpReassembly
{
    private readonly SortedList<uint, byte[]> pieces = [];
    private uint taken;
    private uint? end;

    /// <summary>Puts a piece to its place; what is there already, or beyond the window, is cut off.</summary>
    /// <param name="offset">Of its first octet from the next one expected; what is old has wrapped around.</param>
    /// <param name="octets">The piece.</param>
    /// <param name="isLast">The stream ends behind it.</param>
    /// <param name="window">How far pieces may reach.</param>
    public void Add(uint offset, ReadOnlySpan<byte> octets, bool isLast, uint window)
    {
        if ((int)offset < 0)
        {
            uint old = (uint)-(int)offset;
            if (old > octets.Length || (old == octets.Length && !isLast))
            {
                return;
            }

            octets = octets[(int)old..];
            offset = 0;
        }

        bool isCut = (long)offset + octets.Length > window;
        octets = isCut ? octets[..(int)Math.Max(Math.Min(window - (long)offset, octets.Length), 0)] : octets;
        if (isLast && !isCut)
        {
            end = taken + offset + (uint)octets.Length;
        }

        uint at = taken + offset;
        if (!octets.IsEmpty && (!pieces.TryGetValue(at, out byte[]? there) || there.Length < octets.Length))
        {
            pieces[at] = octets.ToArray();
        }
    }

    /// <summary>Takes what comes next.</summary>
    /// <param name="octets">The octets; none at the end.</param>
    /// <param name="isEnd">Told once: the stream ends here.</param>
    public bool TryTake(out byte[] octets, out bool isEnd)
    {
        octets = [];
        isEnd = false;
        foreach ((uint at, byte[] piece) in pieces)
        {
            int skip = (int)(taken - at);
            if (skip < 0)
            {
                break;
            }

            pieces.Remove(at);
            if (skip < piece.Length)
            {
                octets = piece[skip..];
                taken += (uint)octets.Length;
                return true;
            }

            return true; // all of it is here already
        }

        isEnd = end == taken;
        end = isEnd ? null : end;
        return false;
    }
}
