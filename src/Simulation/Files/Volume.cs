namespace Spindle.Simulation.Files;

/// <summary>A file system that is mounted somewhere: a disk, or one in memory.</summary>
internal sealed class Volume(ulong device, Disk? disk = null, long capacity = long.MaxValue)
{
    /// <summary><c>st_dev</c>.</summary>
    public ulong Device { get; } = device;

    /// <summary>What survives a power cut; null for a file system in memory.</summary>
    public Disk? Disk { get; } = disk;

    /// <summary>True for /proc and /sys: nobody makes or removes anything there but the kernel.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Octets of file content that it has room for.</summary>
    public long Capacity { get; set; } = capacity;

    /// <summary>Octets of file content that are in use.</summary>
    public long Used { get; set; }
}
