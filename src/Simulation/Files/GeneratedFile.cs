using System;
using System.Text;
using Spindle.Kernels;
using Spindle.Simulation.Waiting;

namespace Spindle.Simulation.Files;

/// <summary>An opened file of /proc or /sys.</summary>
internal sealed class GeneratedFile(SimulatedMachine machine, GeneratedContent content, FileFlags flags) : OpenFile(machine)
{
    private byte[]? text;
    private int position;

    public override bool CanPoll => false;

    public override bool IsReadable => (flags & FileFlags.Read) != 0 || (flags & FileFlags.Write) == 0;

    public override bool IsWritable => (flags & FileFlags.Write) != 0;

    public override PollMask Poll(WaitRegistrar? registrar) => PollMask.AlwaysReady;

    public override Result Read(Span<byte> destination)
    {
        if (content.Read is null)
        {
            return Result.Fail(Errno.EACCES);
        }

        text ??= Encoding.UTF8.GetBytes(content.Read());
        int left = content.IsNumber && position > 0 ? 0 : text.Length - position;
        int count = Math.Min(left, destination.Length);
        text.AsSpan(position, count).CopyTo(destination);
        position += count;
        return Result.Ok(count);
    }

    public override Result Write(ReadOnlySpan<byte> source) =>
        content.Write is { } write ? write(source) : Result.Fail(Errno.EACCES);
}
