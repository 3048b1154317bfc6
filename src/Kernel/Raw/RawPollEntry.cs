namespace Spindle.Kernels.Raw;

/// <summary><c>struct pollfd</c> (<c>man 2 poll</c>).</summary>
public struct RawPollEntry
{
    /// <summary>The descriptor.</summary>
    public int Fd;

    /// <summary>What is asked for.</summary>
    public ushort Events;

    /// <summary>What was found.</summary>
    public ushort Found;
}
