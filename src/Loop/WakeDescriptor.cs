using System;
using System.Threading;
using Spindle.Kernels;

namespace Spindle.Loop;

/// <summary>The eventfd that wakes a loop. Any thread may write it at any time, also while the loop goes: it is closed once
/// nobody is about to, and by one alone, so that nobody meets another file under its number.</summary>
internal sealed class WakeDescriptor
{
    private const int Closed = int.MinValue;

    private readonly Kernel kernel;

    // How many are about to write; with Closed, nobody joins them any more, and the last one closes.
    private int writers;

    /// <exception cref="InvalidOperationException">It cannot be had.</exception>
    public WakeDescriptor(Kernel kernel)
    {
        this.kernel = kernel;
        Result result = kernel.EventFd(0);
        Fd = result.IsOk ? result.Int : throw new InvalidOperationException($"eventfd failed: {result.Error}.");
    }

    public int Fd { get; }

    /// <summary>Any thread: whoever waits for it wakes. Nothing after <see cref="Close"/>.</summary>
    public void Write()
    {
        if (!Join())
        {
            return;
        }

        ReadOnlySpan<byte> one = BitConverter.IsLittleEndian ? [1, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 1];
        kernel.Write(Fd, one);
        if (Interlocked.Decrement(ref writers) == Closed)
        {
            kernel.Close(Fd);
        }
    }

    /// <summary>The loop's: what was written so far is forgotten.</summary>
    public void Read()
    {
        Span<byte> counter = stackalloc byte[8];
        kernel.Read(Fd, counter);
    }

    /// <summary>Closes it, or has the last writer do so.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref writers, Closed) == 0)
        {
            kernel.Close(Fd);
        }
    }

    // Never up and down again after Closed: it would reach zero twice.
    private bool Join()
    {
        int known = Volatile.Read(ref writers);
        while (known >= 0)
        {
            int found = Interlocked.CompareExchange(ref writers, known + 1, known);
            if (found == known)
            {
                return true;
            }

            known = found;
        }

        return false;
    }
}
