using System.Runtime.InteropServices;

namespace Spindle.Loop;

/// <summary>Where the taker of a <see cref="Mailbox{T}"/> is; shares its cache line with nothing.</summary>
[StructLayout(LayoutKind.Explicit, Size = 152)]
internal struct MailboxRow
{
    /// <summary>The number of its row, at the height that it has in the mailbox's word.</summary>
    [FieldOffset(64)]
    public long Number;

    [FieldOffset(72)]
    public int Count;

    [FieldOffset(76)]
    public int Index;

    [FieldOffset(80)]
    public bool IsClosed;
}
