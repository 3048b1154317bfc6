using System;
using Spindle.Kernels.Linux;
using static Spindle.Kernels.Linux.SystemCall;

namespace Spindle.Kernels.Raw;

/// <summary>A piece of memory that ends where the next octet cannot be written: a copy of the kernel's fails there.</summary>
public sealed class GuardedMemory : IDisposable
{
    private const int Size = 65536;
    private const int ReadWrite = 3;      // PROT_READ | PROT_WRITE
    private const int None = 0;           // PROT_NONE
    private const int PrivateAnonymous = 0x22;

    private readonly nint start;

    /// <summary>Maps it.</summary>
    /// <exception cref="OutOfMemoryException">There is none.</exception>
    public GuardedMemory()
    {
        Result mapped = Invoke(SystemCallNumber.IsArm64 ? 222 : 9, 0, Size * 2, ReadWrite, PrivateAnonymous, -1, 0);
        if (!mapped.IsOk || !Invoke(SystemCallNumber.IsArm64 ? 226 : 10, (nint)mapped.Value + Size, Size, None).IsOk)
        {
            throw new OutOfMemoryException();
        }

        start = (nint)mapped.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => Invoke(SystemCallNumber.IsArm64 ? 215 : 11, start, Size * 2);

    /// <summary>An address behind which so many octets can be written and no more.</summary>
    internal nint EndOfWritable(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(octets, Size);
        return start + Size - octets;
    }
}
