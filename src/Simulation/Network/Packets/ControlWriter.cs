using System;
using System.Runtime.InteropServices;

namespace Spindle.Simulation.Network.Packets;

/// <summary>Writes control data as recvmsg(2) does (<c>struct cmsghdr</c> of a 64-bit kernel).</summary>
internal ref struct ControlWriter(Span<byte> control)
{
    private const int HeaderSize = 16;
    private const int Alignment = 8;

    private readonly Span<byte> all = control;
    private int position;

    /// <summary>Octets written, what aligns the last one among them.</summary>
    public readonly int Length => Math.Min(position, all.Length);

    /// <summary>True if a message was cut, or left out.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Writes a message; where there is too little room as much of it as fits.</summary>
    public void Write(int level, int type, scoped ReadOnlySpan<byte> data)
    {
        Span<byte> rest = all[Math.Min(position, all.Length)..];
        if (rest.Length < HeaderSize)
        {
            IsTruncated = true;
            return;
        }

        int fits = Math.Min(data.Length, rest.Length - HeaderSize);
        IsTruncated |= fits < data.Length;
        MemoryMarshal.Write(rest, (long)(HeaderSize + fits));
        MemoryMarshal.Write(rest[8..], level);
        MemoryMarshal.Write(rest[12..], type);
        data[..fits].CopyTo(rest[HeaderSize..]);
        position += (HeaderSize + data.Length + Alignment - 1) & ~(Alignment - 1);
    }
}
