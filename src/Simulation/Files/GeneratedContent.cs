using System;
using Spindle.Kernels;

namespace Spindle.Simulation.Files;

/// <summary>A file that the kernel makes up: of /proc, of /sys, or a device.</summary>
internal sealed class GeneratedContent
{
    /// <summary>The whole content, made anew for each opening, with its first read. Null: reading fails with EACCES.</summary>
    public Func<string>? Read { get; init; }

    /// <summary>A number of /proc/sys: it is read at once or not at all; from behind its beginning there is nothing.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Takes what is written. Null: opening for writing fails with EACCES.</summary>
    public GeneratedWriter? Write { get; init; }

    /// <summary>What opening a device gives.</summary>
    public Func<OpenFile>? Device { get; init; }
}

/// <summary>Takes what is written to a generated file; the value is how many octets of it.</summary>
internal delegate Result GeneratedWriter(ReadOnlySpan<byte> text);
