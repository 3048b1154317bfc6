using System;

namespace Spindle.Kernels.Linux;

/// <summary>A <c>sigset_t</c> as the kernel has it: one bit a signal, 64 of them, signal 1 lowest.</summary>
internal readonly record struct SignalSet(ulong Bits)
{
    /// <summary>Octets of the kernel's set; the C library's is 128.</summary>
    public const int Size = 8;

    /// <summary>
    /// What a thread of ours blocks: every signal sent to the process, so that the loop's thread or the runtime's takes
    /// it. Not: the ones a fault raises in the thread itself (SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS),
    /// the C library's own two (32, 33), and the runtime's (34), by which it stops threads for a collection.
    /// </summary>
    public static SignalSet Asynchronous => All.Without([4, 5, 6, 7, 8, 11, 31, 32, 33, 34]);

    /// <summary>Every signal.</summary>
    public static SignalSet All => new(ulong.MaxValue);

    public static SignalSet Of(ReadOnlySpan<int> signals)
    {
        ulong bits = 0;
        foreach (int signal in signals)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(signal, 1, nameof(signals));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(signal, 64, nameof(signals));
            bits |= 1UL << (signal - 1);
        }

        return new SignalSet(bits);
    }

    public SignalSet Without(ReadOnlySpan<int> signals) => new(Bits & ~Of(signals).Bits);

    public bool Contains(int signal) => (Bits >> (signal - 1) & 1) != 0;
}
