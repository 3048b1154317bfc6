using System;
using System.Runtime.InteropServices;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>Walks attributes. A length that lies ends the walk and shows in <see cref="IsBroken"/>.</summary>
public ref struct NetlinkAttributes(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> rest = octets;

    /// <summary>True if the walk ended at an attribute that does not fit.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The next attribute; false at the end, or where the rest is no attribute.</summary>
    public bool TryNext(out NetlinkAttribute attribute)
    {
        attribute = default;
        if (rest.IsEmpty || IsBroken)
        {
            return false;
        }

        int length = rest.Length < NetlinkAttribute.HeaderSize ? 0 : MemoryMarshal.Read<ushort>(rest);
        if (length < NetlinkAttribute.HeaderSize || length > rest.Length)
        {
            IsBroken = true;
            return false;
        }

        attribute = new(MemoryMarshal.Read<ushort>(rest[2..]), rest[NetlinkAttribute.HeaderSize..length]);
        int taken = NetlinkAlignment.Align(length);
        rest = taken >= rest.Length ? default : rest[taken..];
        return true;
    }
}
