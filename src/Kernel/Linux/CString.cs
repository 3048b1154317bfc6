using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Spindle.Kernels.Linux;

/// <summary>A NUL-terminated UTF-8 copy of a string, outside the managed heap; freed by <see cref="Dispose"/>.</summary>
internal readonly unsafe ref struct CString
{
    private readonly byte* octets;

    public CString(string text)
    {
        // A NUL would silently cut the name: such a string becomes the empty one, which the kernel refuses (ENOENT).
        int size = text.Contains('\0', StringComparison.Ordinal) ? 0 : Encoding.UTF8.GetByteCount(text);
        octets = (byte*)NativeMemory.Alloc((nuint)size + 1);
        if (size > 0)
        {
            Encoding.UTF8.GetBytes(text, new Span<byte>(octets, size));
        }

        octets[size] = 0;
        Length = size;
    }

    /// <summary>Octets before the NUL.</summary>
    public int Length { get; }

    public nint Address => (nint)octets;

    public byte* Pointer => octets;

    public void Dispose() => NativeMemory.Free(octets);
}
