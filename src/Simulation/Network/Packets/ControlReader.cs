using System;
using System.Runtime.InteropServices;

namespace Spindle.Simulation.Network.Packets;

/// <summary>Walks the control data of sendmsg(2) (<c>struct cmsghdr</c> of a 64-bit kernel).</summary>
internal ref struct ControlReader(ReadOnlySpan<byte> control)
{
    private const int HeaderSize = 16;
    private const int Alignment = 8;

    private ReadOnlySpan<byte> rest = control;

    /// <summary>True once something was no message: the call then fails with EINVAL.</summary>
    public bool IsBroken { get; private set; }

    public bool TryNext(out int level, out int type, out ReadOnlySpan<byte> data)
    {
        level = type = 0;
        data = default;
        if (rest.Length < HeaderSize)
        {
            return false; // Too little for a header is no message at all.
        }

        long length = MemoryMarshal.Read<long>(rest);
        if (length < HeaderSize || length > rest.Length)
        {
            IsBroken = true;
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
