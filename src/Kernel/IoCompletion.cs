using System.Runtime.InteropServices;

namespace Spindle.Kernels;

/// <summary>What an <see cref="IoUring"/> answers to a request (<c>struct io_uring_cqe</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct IoCompletion
{
    /// <summary>What the request carried.</summary>
    public readonly ulong Data;

    /// <summary>The <c>POLL*</c> bits that were found, or an error number below zero.</summary>
    public readonly int Value;

    private readonly uint flags;

    /// <summary>True if the request goes on and will answer again.</summary>
    public bool HasMore => (flags & 2) != 0;

    /// <summary>The error; none if it succeeded.</summary>
    public Errno Error => Value < 0 ? (Errno)(-Value) : Errno.None;
}
