using System.Runtime.InteropServices;

namespace Spindle.Loop;

/// <summary>Which part of a <see cref="Mailbox{T}"/> its taker is at; shares its cache line with nothing.</summary>
[StructLayout(LayoutKind.Explicit, Size = 140)]
internal struct MailboxRow
{
    [FieldOffset(64)]
    public int Side;

    [FieldOffset(68)]
    public int Count;

    [FieldOffset(72)]
    public int Index;
}
