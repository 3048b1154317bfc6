using System;
using System.Runtime.InteropServices;

namespace Spindle.Drivers.NeighborDiscovery;

/// <summary>Walks control data (<c>struct cmsghdr</c> of a 64-bit kernel).</summary>
internal ref struct ControlMessages(ReadOnlySpan<byte> control)
{
    private const int HeaderSize = 16;
    private const int Alignment = 8;

    private ReadOnlySpan<byte> rest = control;

    /// <summary>The next message; false at the end, or where the rest is no message.</summary>
    public bool TryNext(out int level, out int type, out ReadOnlySpan<byte> data)
    {
        level = 0;
        type = 0;
        data = default;
        ulong length = rest.Length < HeaderSize ? 0 : MemoryMarshal.Read<ulong>(rest);
        if (length < HeaderSize || length > (ulong)rest.Length)
        {
            return false;
        }

        level = MemoryMarshal.Read<int>(rest[8..]);
        type = MemoryMarshal.Read<int>(rest[12..]);
        data = rest[HeaderSize..(int)length];
        int taken = ((int)length + Alignment - 1) & ~(Alignment - 1);
        rest = taken >= rest.Length ? default : rest[taken..];
        return true;
    }
}
