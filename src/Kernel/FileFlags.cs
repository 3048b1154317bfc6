using System;

namespace Spindle.Kernels;

/// <summary>How a file is opened, as meaning; the kernel maps it to the numbers, which differ
/// between architectures. Close-on-exec always.</summary>
[Flags]
public enum FileFlags
{
    /// <summary>For reading.</summary>
    Read = 1,

    /// <summary>For writing.</summary>
    Write = 2,

    /// <summary>Made if it is not there.</summary>
    Create = 4,

    /// <summary>Must not be there yet.</summary>
    Exclusive = 8,

    /// <summary>Emptied.</summary>
    Truncate = 16,

    /// <summary>Written at its end.</summary>
    Append = 32,

    /// <summary>Never waits.</summary>
    NonBlocking = 64,

    /// <summary>Must be a directory.</summary>
    Directory = 128,

    /// <summary>A symbolic link is refused.</summary>
    NoFollow = 256,
}
