using System;

namespace Spindle.Simulation.Objects;

/// <summary>What one send has put into a unix socket's queue. Its memory is charged to the sender until it is consumed.</summary>
internal sealed class UnixMessage(UnixSocket sender, byte[] octets, int memory)
{
    private int start;

    public UnixSocket Sender { get; } = sender;

    /// <summary>Octets of the kernel's memory.</summary>
    public int Memory { get; } = memory;

    public int Length => octets.Length - start;

    public int TakeTo(Span<byte> destination)
    {
        int count = CopyTo(destination);
        start += count;
        return count;
    }

    public int CopyTo(Span<byte> destination)
    {
        int count = Math.Min(Length, destination.Length);
        octets.AsSpan(start, count).CopyTo(destination);
        return count;
    }
}
