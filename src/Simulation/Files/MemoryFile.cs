using System;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>An open regular file of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile(SimulatedMachine machine, MemoryNode node, FileFlags flags) : OpenFile(machine)
{
    private int position;

    public MemoryNode Node { get; } = node;

    public override bool CanPoll => false;

    public override bool IsReadable => (flags & FileFlags.Read) != 0;

    public override bool IsWritable => (flags & FileFlags.Write) != 0;

    public override PollMask Poll(WaitRegistrar? registrar) => PollMask.AlwaysReady;

    public override Result Read(Span<byte> destination)
    {
        if (Node.IsDirectory)
        {
            return Result.Fail(Errno.EISDIR);
        }

        int count = Math.Clamp(Node.Length - position, 0, destination.Length);
        Node.Content.AsSpan(position, count).CopyTo(destination);
        position += count;
        return Result.Ok(count);
    }

    public override Result Write(ReadOnlySpan<byte> source)
    {
        position = (flags & FileFlags.Append) != 0 ? Node.Length : position;
        Node.Write(position, source);
        position += source.Length;
        Node.ModifiedAt = Machine.Monotonic.Now.Nanoseconds + Machine.RealtimeOffset;
        return Result.Ok(source.Length);
    }
}
