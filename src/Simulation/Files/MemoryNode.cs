using System;

namespace Spindle.Simulation.Files;

/// <summary>A regular file or a folder, whatever it is called.</summary>
internal sealed class MemoryNode(ulong number, bool isDirectory, uint mode)
{
    public ulong Number { get; } = number;

    public bool IsDirectory { get; } = isDirectory;

    /// <summary>Permission bits.</summary>
    public uint Mode { get; set; } = mode;

    public byte[] Content { get; private set; } = [];

    public int Length { get; private set; }

    /// <summary>Last change of content, nanoseconds since 1970.</summary>
    public long ModifiedAt { get; set; }

    public void Truncate() => Length = 0;

    public void Write(int position, ReadOnlySpan<byte> source)
    {
        int end = position + source.Length;
        if (end > Content.Length)
        {
            byte[] larger = new byte[Math.Max(end, Content.Length * 2)];
            Content.AsSpan(0, Length).CopyTo(larger);
            Content = larger;
        }

        source.CopyTo(Content.AsSpan(position));
        Length = Math.Max(Length, end);
    }
}
