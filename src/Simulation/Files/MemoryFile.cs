using System;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>An open regular file or folder of a <see cref="MemoryFileSystem"/>.</summary>
internal sealed class MemoryFile : OpenFile
{
    private readonly FileFlags flags;
    private int position;

    public MemoryFile(SimulatedMachine machine, MemoryNode node, FileFlags flags)
        : base(machine)
    {
        Node = node;
        this.flags = flags;
        node.Openers++;
    }

    public MemoryNode Node { get; }

    public override bool CanPoll => false;

    public override bool IsReadable => (flags & FileFlags.Read) != 0 || !IsWritable;

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
        if (count > 0)
        {
            FileNotices.Tell(Node, Happening.Accessed);
        }

        return Result.Ok(count);
    }

    /// <summary>As much as there is room for; ENOSPC for nothing at all.</summary>
    public override Result Write(ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return Result.Ok(0);
        }

        position = (flags & FileFlags.Append) != 0 ? Node.Length : position;
        Volume volume = Node.Volume;
        int inPlace = Math.Clamp(Node.Length - position, 0, source.Length);
        long room = Math.Max(volume.Capacity - volume.Used, 0);
        int count = (int)Math.Min(source.Length, inPlace + room);
        if (count == 0)
        {
            return Result.Fail(Errno.ENOSPC);
        }

        int before = Node.Length;
        Node.Write(position, source[..count]);
        volume.Used += Node.Length - before;
        volume.Disk?.NoteWrite(Node, position, count);
        Node.ModifiedAt = Machine.RealtimeNow;
        position += count;
        FileNotices.Tell(Node, Happening.Modified);
        return Result.Ok(count);
    }

    protected override void Release()
    {
        FileNotices.Tell(Node, IsWritable ? Happening.ClosedWritable : Happening.ClosedReadOnly);
        MemoryFileSystem.LostOpener(Node);
    }
}
