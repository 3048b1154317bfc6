namespace Spindle.Kernels;

/// <summary>What is known of a file (<c>man 2 stat</c>).</summary>
/// <param name="Mode">Type and permission bits (<c>st_mode</c>).</param>
/// <param name="Size">Octets.</param>
/// <param name="Device">Device number.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="ModifiedNanoseconds">Last change of content, nanoseconds since 1970.</param>
public readonly record struct FileStatus(uint Mode, long Size, ulong Device, ulong Inode, long ModifiedNanoseconds)
{
    /// <summary>True for a regular file.</summary>
    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    /// <summary>True for a directory.</summary>
    public bool IsDirectory => (Mode & 0xF000) == 0x4000;

    /// <summary>True for a symbolic link.</summary>
    public bool IsSymbolicLink => (Mode & 0xF000) == 0xA000;
}
