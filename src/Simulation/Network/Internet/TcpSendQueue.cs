using System;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Octets from the first unacknowledged one on.</summary>
internal sealed class TcpSendQueue
{
    private byte[] octets = [];
    private int start;

    public int Length { get; private set; }

    public void Add(ReadOnlySpan<byte> added)
    {
        if (start + Length + added.Length > octets.Length)
        {
            byte[] larger = new byte[Math.Max(Length + added.Length, 2 * Length)];
            octets.AsSpan(start, Length).CopyTo(larger);
            octets = larger;
            start = 0;
        }

        added.CopyTo(octets.AsSpan(start + Length));
        Length += added.Length;
    }

    public void Drop(int count)
    {
        start += count;
        Length -= count;
        start = Length == 0 ? 0 : start;
    }

    public ReadOnlySpan<byte> Slice(int offset, int count) => octets.AsSpan(start + offset, count);
}
