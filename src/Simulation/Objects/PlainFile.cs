using System;
using Spindle.Kernels;
using Spindle.Simulation.Files;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Objects;

/// <summary>What has no poll function: an empty regular file, a directory, /dev/null, /dev/zero, a mere path.</summary>
internal sealed class PlainFile(SimulatedMachine machine, PlainFileKind kind) : OpenFile(machine)
{
    private long size;
    private long position;

    public override bool CanPoll => false;

    public override bool IsPathOnly => kind == PlainFileKind.PathOnly;

    public override bool IsWritable => kind != PlainFileKind.Directory;

    public override PollMask Poll(WaitRegistrar? registrar) => PollMask.AlwaysReady;

    public override Result Read(Span<byte> destination)
    {
        if (kind == PlainFileKind.Directory)
        {
            return Result.Fail(Errno.EISDIR);
        }

        long count = kind == PlainFileKind.Zero ? destination.Length : Math.Clamp(size - position, 0, destination.Length);
        destination[..(int)count].Clear();
        position += count;
        return Result.Ok(count);
    }

    public override Result Write(ReadOnlySpan<byte> source)
    {
        if (kind == PlainFileKind.Regular)
        {
            position += source.Length;
            size = Math.Max(size, position);
        }

        return Result.Ok(source.Length);
    }
}

/// <summary>Kinds of <see cref="PlainFile"/>.</summary>
internal enum PlainFileKind
{
    Regular,
    Directory,
    Null,
    Zero,

    /// <summary>O_PATH: where a file is, not what is in it.</summary>
    PathOnly,
}
