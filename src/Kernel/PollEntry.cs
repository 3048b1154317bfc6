using System.Runtime.InteropServices;

namespace Spindle.Kernels;

/// <summary>One descriptor of a poll, in the kernel's layout (<c>struct pollfd</c>).</summary>
/// <param name="fd">The descriptor.</param>
/// <param name="events">What for.</param>
[StructLayout(LayoutKind.Sequential)]
public struct PollEntry(int fd, ushort events)
{
    /// <summary>The bit in <see cref="Found"/> of a descriptor that is not open (<c>POLLNVAL</c>).</summary>
    public const ushort NotOpen = 0x20;

    /// <summary>The descriptor; a negative one is passed over.</summary>
    public int Fd = fd;

    /// <summary>The <c>POLL*</c> bits that are asked for; the low bits of epoll's are the same.</summary>
    public ushort Events = events;

    /// <summary>What it is, of what was asked for; error, hang-up and <see cref="NotOpen"/> come unasked.</summary>
    public ushort Found;
}
